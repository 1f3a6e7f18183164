// `prove` for a terminal: did they agree, how many connections that rests on, what was assumed, and each difference with its packet.
import type { ProofDeparture, ProofDifference, ProofDocument, ProofPacket } from '../answer/documents/proof.ts';
import { departureReason, toDo } from '../words/en/departures.ts';
import { andMore } from '../words/en/lists.ts';
import {
  assumedCellWords,
  assumptionWords,
  byWayOf,
  controlsWords,
  counterWords,
  coverageWords,
  EVALUATORS_DIFFER_HEAD,
  engineWords,
  kernelOutcome,
  kernelWords,
  LOST_HEAD,
  madeWords,
  moreDiffer,
  morePackets,
  namespacesWords,
  notAskedWords,
  PROOF_LABELS,
  PROOF_MARKS,
  proofHeadline,
  provenDepartureWords,
  tookWords,
  whoIsWrong,
} from '../words/en/proof.ts';
import { columns } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';

const COLORS = { agree: 'green', differ: 'red', incomplete: 'yellow' } as const;

/** Ends with a line break. `most`: names shown of a long list. */
export function proofText(proof: ProofDocument, paint: Paint, most = 4): string {
  const { outcome, profile, laboratory, connections, coverage, differences, lost, evaluatorsDiffer, milliseconds } = proof;
  const { namespaces } = laboratory;
  const assumed = [
    ...profile.assumed.map((cell) => assumedCellWords(cell, profile.name)),
    ...proof.assumptions.map((assumption) => assumptionWords(assumption, most)),
  ];
  const notAsked = coverage.undecided === 0 ? [] : [notAskedWords(coverage.undecided, coverage.because, most)];
  const left = connections.differ - differences.length;
  return `${[
    `${paint[COLORS[outcome]](PROOF_MARKS[outcome])}   ${proofHeadline(outcome, connections)}   ${paint.dim(`cni: ${profile.name}`)}`,
    '',
    ...rows(
      [
        [PROOF_LABELS.made, madeWords(connections)],
        [PROOF_LABELS.kernel, kernelWords(laboratory)],
        ...(namespaces === undefined ? [] : [[PROOF_LABELS.tier, namespacesWords(namespaces)] as const]),
        [PROOF_LABELS.covered, coverageWords(coverage)],
        [PROOF_LABELS.controls, controlsWords(connections.controls)],
        ...labelled(PROOF_LABELS.assumed, assumed),
        ...labelled(PROOF_LABELS.notAsked, notAsked),
        [PROOF_LABELS.took, tookWords(milliseconds, connections.made)],
      ],
      paint,
    ),
    ...(proof.departures ?? []).flatMap((departure) => departureLines(departure, paint, most)),
    ...differences.flatMap((difference) => differenceLines(difference, paint)),
    ...(left > 0 ? ['', paint.dim(`  ${moreDiffer(left)}`)] : []),
    ...packetList(LOST_HEAD, lost, paint, most),
    ...packetList(EVALUATORS_DIFFER_HEAD, evaluatorsDiffer, paint, most),
  ].join('\n')}\n`;
}

function labelled(label: string, lines: readonly string[]): readonly (readonly [string, string])[] {
  return lines.map((words, i) => [i === 0 ? label : '', words]);
}

function rows(list: readonly (readonly [string, string])[], paint: Paint): string[] {
  return columns(list.map(([name, words]) => [`  ${name}`, words])).map(
    (line) => paint.dim(line.slice(0, 12)) + paint.plain(line.slice(12)),
  );
}

function departureLines({ enforced, shapes, rules, connections, example }: ProofDeparture, paint: Paint, most: number): string[] {
  const { why, repair } = departureReason(shapes);
  return [
    '',
    ...fold(`  ${paint.red(provenDepartureWords(enforced, connections, packetWords(example)))}`, paint.width, 4),
    ...fold(`    ${paint.plain(`${why} (${andMore(rules, most)})`)}`, paint.width, 6),
    ...fold(`    ${paint.dim(toDo(repair))}`, paint.width, 6),
  ];
}

function differenceLines(difference: ProofDifference, paint: Paint): string[] {
  const { engine, kernel, rules, counters } = difference;
  const line = (label: string, words: string) => `    ${label.padEnd(10)}${words}`;
  return [
    '',
    `  ${paint.bold(packetWords(difference))}`,
    line(PROOF_LABELS.engine, paint.plain(engineWords(engine))),
    line(PROOF_LABELS.kernel, paint.plain(kernelOutcome(kernel))),
    line(
      PROOF_LABELS.rules,
      `${paint.plain(byWayOf(rules.verdict, rules.chains))}; ${paint.dim(whoIsWrong((rules.verdict === 'accept') === (kernel === 'allowed')))}`,
    ),
    line(PROOF_LABELS.counters, paint.plain(counterWords(counters))),
  ];
}

function packetWords({ from, fromAddress, to, toAddress, protocol, port }: ProofPacket): string {
  const end = (name: string, address: string) => (name === address ? name : `${name} (${address})`);
  return `${end(from, fromAddress)} → ${end(to, toAddress)} ${protocol}/${port}`;
}

function packetList(words: string, packets: readonly ProofPacket[], paint: Paint, most: number): string[] {
  if (packets.length === 0) return [];
  const shown = packets.slice(0, most * 3).map((packet) => `    ${paint.plain(packetWords(packet))}`);
  const left = packets.length - shown.length;
  return ['', `  ${paint.yellow(words)}`, ...shown, ...(left > 0 ? [`    ${paint.dim(morePackets(left))}`] : [])];
}
