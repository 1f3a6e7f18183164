// `prove` for a terminal: did they agree, how many connections that rests on, what was assumed, and each difference with its packet.
import { DEPARTING_VERSIONS, shapeWords } from '../words/en/departure.ts';
import { columns, few } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import type { ProofDeparture, ProofDifference, ProofDocument, ProofPacket, ProofSide } from './proof.ts';

/** Ends with a line break. `most`: names shown of a long list. */
export function proofText(proof: ProofDocument, paint: Paint, most = 4): string {
  const { laboratory, differences, lost, evaluatorsDiffer } = proof;
  return `${[
    `${headline(proof, paint)}   ${paint.dim(`cni: ${proof.profile.name}`)}`,
    '',
    ...rows(
      [
        ['made', madeWords(proof)],
        [
          'kernel',
          `Linux ${laboratory.kernel}, nftables ${laboratory.nftables}, ${laboratory.rootless ? 'no rights outside its own namespace' : 'as root'}`,
        ],
        ...namespacesWords(proof),
        ['covered', coverageWords(proof)],
        ['controls', `${proof.connections.controls} before all others, and each came through or was stopped as it must`],
        ...assumedWords(proof, most).map((words, i): [string, string] => [i === 0 ? 'assumed' : '', words]),
        ...undecidedWords(proof, most).map((words, i): [string, string] => [i === 0 ? 'not asked' : '', words]),
        ['took', tookWords(proof)],
      ],
      paint,
    ),
    ...(proof.departures ?? []).flatMap((departure) => departureLines(departure, paint, most)),
    ...differences.flatMap((difference) => differenceLines(difference, paint)),
    ...(proof.connections.differ > differences.length
      ? ['', paint.dim(`  … and ${proof.connections.differ - differences.length} more that differ`)]
      : []),
    ...packetList('neither an answer nor a record came, twice, for', lost, paint, most),
    ...packetList('the two evaluators differ, which is a defect of netverdict:', evaluatorsDiffer, paint, most),
  ].join('\n')}\n`;
}

function headline({ outcome, connections: { made, differ, lost } }: ProofDocument, paint: Paint): string {
  switch (outcome) {
    case 'agree':
      return `${paint.green('✓ agree')}   kernel and engine say the same of all ${number(made)} connections`;
    case 'differ':
      return `${paint.red('✗ differ')}   kernel and engine differ on ${number(differ)} of ${number(made)} connections`;
    case 'incomplete':
      return `${paint.yellow('? incomplete')}   of ${number(lost)} of ${number(made)} connections nothing is known`;
  }
}

function rows(list: readonly (readonly [string, string])[], paint: Paint): string[] {
  return columns(list.map(([name, words]) => [`  ${name}`, words])).map(
    (line) => paint.dim(line.slice(0, 12)) + paint.plain(line.slice(12)),
  );
}

function madeWords({ connections: { by, allowed, deniedByEgress, deniedByIngress, made, planned } }: ProofDocument): string {
  const protocols = Object.entries(by).map(([protocol, { ipv4, ipv6 }]) => `${protocol} ${number(ipv4)} IPv4 and ${number(ipv6)} IPv6`);
  const sample = made < planned ? ` (of ${number(planned)} planned)` : '';
  return `${protocols.join(', ')}${sample}: ${number(allowed)} allowed, ${number(deniedByEgress)} denied by egress, ${number(deniedByIngress)} by ingress`;
}

function namespacesWords({ laboratory: { namespaces } }: ProofDocument): [string, string][] {
  if (namespaces === undefined) return [];
  const { pods, routers, servicePorts } = namespaces;
  const through = servicePorts === 0 ? '' : `, ${number(servicePorts)} Service ports asked by the Service's address`;
  return [
    ['tier', `netns: ${number(pods)} pods in namespaces of their own, ${number(routers)} node router${routers === 1 ? '' : 's'}${through}`],
  ];
}

function coverageWords({ coverage: { pods, podsMet, podClasses, nodesMet, outsideMet } }: ProofDocument): string {
  const classes = podClasses === pods ? '' : ` in ${number(podClasses)} classes`;
  const others = [nodesMet > 0 ? `${number(nodesMet)} nodes` : '', outsideMet > 0 ? `${number(outsideMet)} addresses outside` : ''].filter(
    Boolean,
  );
  return [`${number(podsMet)} of ${number(pods)} pods${classes}`, ...others].join(', ');
}

const ASSUMPTIONS: Readonly<Record<string, string>> = {
  'address-assigned': 'the input does not say their address, so they got one:',
  'address-shared': 'more than one end claims their address, so they got another:',
  'address-unusable': 'their address is loopback, multicast or the like, so they got another:',
  'node-unknown': 'the input does not say their node, so none is taken for theirs:',
  'completed-left-out': 'have run to their end, and were left out:',
};

function assumedWords({ profile, assumptions }: ProofDocument, most: number): string[] {
  return [
    ...profile.assumed.map(
      ({ cell, answer, connections }) =>
        `${cell}: ${answer}, as a plain packet filter has it, for ${number(connections)} connections that the profile \`${profile.name}\` leaves open (--cni chooses one)`,
    ),
    ...assumptions.map(({ code, ends }) => `${number(ends.length)}: ${ASSUMPTIONS[code] ?? code} ${few(ends, most)}`),
  ];
}

function undecidedWords({ coverage: { undecided, because } }: ProofDocument, most: number): string[] {
  if (undecided === 0) return [];
  return [
    `${number(undecided)} connections that have no verdict: ${few(
      because.map(({ doubt, count }) => `${doubt} (${number(count)})`),
      most,
    )}`,
  ];
}

function tookWords({ milliseconds: { prepare, open, load, packets }, connections: { made } }: ProofDocument): string {
  const all = prepare + open + load + packets;
  const rate = packets > 0 ? `, ${number(Math.round((made / packets) * 1000))} connections a second` : '';
  return `${seconds(all)}: plan ${seconds(prepare)}, namespace ${seconds(open)}, rules ${seconds(load)}, packets ${seconds(packets)}${rate}`;
}

/** This kernel has the rules as the API means them; the cluster has those of its own enforcer. */
function departureLines({ enforced, shapes, rules, connections, example }: ProofDeparture, paint: Paint, most: number): string[] {
  const count = `${number(connections)} ${connections === 1 ? 'connection' : 'connections'}`;
  const does =
    enforced === 'open'
      ? `would let ${count} through that this kernel denied as the policies say`
      : `would block ${count} that this kernel let through as the policies say`;
  const { why, repair } = shapeWords(shapes);
  return [
    '',
    ...fold(`  ${paint.red(`${DEPARTING_VERSIONS} ${does}, such as ${packetWords(example)}`)}`, paint.width, 4),
    ...fold(`    ${paint.plain(`${why} (${few(rules, most)})`)}`, paint.width, 6),
    ...fold(`    ${paint.dim(`to do: ${repair}`)}`, paint.width, 6),
  ];
}

function differenceLines(difference: ProofDifference, paint: Paint): string[] {
  const { engine, kernel, rules, counters } = difference;
  const accepts = rules.verdict === 'accept';
  const side =
    accepts === (kernel === 'allowed')
      ? 'the compiled rules say so too: they are wrong, or the engine is'
      : 'the compiled rules do not say so: the kernel did not do as written';
  return [
    '',
    `  ${paint.bold(packetWords(difference))}`,
    `    engine    ${paint.plain(`${engine.outcome}: egress ${sideWords(engine.egress)}; ingress ${sideWords(engine.ingress)}`)}`,
    `    kernel    ${paint.plain(kernel.replace('-', ' by '))}`,
    `    rules     ${paint.plain(`${rules.verdict} by way of ${rules.chains.join(' > ')}`)}; ${paint.dim(side)}`,
    `    counters  ${paint.plain(counters.length === 0 ? 'none moved' : counters.map(({ name, packets, means }) => `${name} +${packets}${means === undefined ? '' : ` (${means})`}`).join(', '))}`,
  ];
}

function sideWords({ outcome, by }: ProofSide): string {
  return by.length === 0 ? outcome : `${outcome} by ${few(by, 4)}`;
}

function packetWords({ from, fromAddress, to, toAddress, protocol, port }: ProofPacket): string {
  const end = (name: string, address: string) => (name === address ? name : `${name} (${address})`);
  return `${end(from, fromAddress)} → ${end(to, toAddress)} ${protocol}/${port}`;
}

function packetList(words: string, packets: readonly ProofPacket[], paint: Paint, most: number): string[] {
  if (packets.length === 0) return [];
  const shown = packets.slice(0, most * 3).map((packet) => `    ${paint.plain(packetWords(packet))}`);
  const left = packets.length - shown.length;
  return ['', `  ${paint.yellow(words)}`, ...shown, ...(left > 0 ? [`    ${paint.dim(`… and ${number(left)} more`)}`] : [])];
}

/** `1,416`. */
function number(value: number): string {
  return value.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
