// What `prove` says.
import { DEPARTING_VERSIONS } from './departure.ts';
import { andMore } from './lists.ts';

type Outcome = 'agree' | 'differ' | 'incomplete';

export const PROOF_MARKS: Readonly<Record<Outcome, string>> = { agree: '✓ agree', differ: '✗ differ', incomplete: '? incomplete' };

export const PROOF_LABELS = {
  made: 'made',
  kernel: 'kernel',
  tier: 'tier',
  covered: 'covered',
  controls: 'controls',
  assumed: 'assumed',
  notAsked: 'not asked',
  took: 'took',
  engine: 'engine',
  rules: 'rules',
  counters: 'counters',
} as const;

interface Made {
  readonly made: number;
  readonly differ: number;
  readonly lost: number;
}

/** `kernel and engine agree on all 1,416 connections`. */
export function proofHeadline(outcome: Outcome, { made, differ, lost }: Made): string {
  switch (outcome) {
    case 'agree':
      return `kernel and engine agree on all ${number(made)} connections`;
    case 'differ':
      return `kernel and engine differ on ${number(differ)} of ${number(made)} connections`;
    case 'incomplete':
      return `the outcome of ${number(lost)} of ${number(made)} connections is not known`;
  }
}

interface Connections {
  readonly by: Readonly<Record<'TCP' | 'UDP' | 'SCTP', { readonly ipv4: number; readonly ipv6: number }>>;
  readonly allowed: number;
  readonly deniedByEgress: number;
  readonly deniedByIngress: number;
  readonly made: number;
  readonly planned: number;
}

export function madeWords({ by, allowed, deniedByEgress, deniedByIngress, made, planned }: Connections): string {
  const protocols = Object.entries(by).map(([protocol, { ipv4, ipv6 }]) => `${protocol} ${number(ipv4)} IPv4 and ${number(ipv6)} IPv6`);
  const sample = made < planned ? ` (of ${number(planned)} planned)` : '';
  return `${protocols.join(', ')}${sample}: ${number(allowed)} allowed, ${number(deniedByEgress)} denied by egress, ${number(deniedByIngress)} by ingress`;
}

export function kernelWords(lab: { readonly kernel: string; readonly nftables: string; readonly rootless: boolean }): string {
  return `Linux ${lab.kernel}, nftables ${lab.nftables}, ${lab.rootless ? 'no rights outside its own namespace' : 'as root'}`;
}

export function namespacesWords(built: { readonly pods: number; readonly routers: number; readonly servicePorts: number }): string {
  const through = built.servicePorts === 0 ? '' : `, ${number(built.servicePorts)} Service ports dialled by the Service's address`;
  return `netns: ${number(built.pods)} pods in namespaces of their own, ${number(built.routers)} node router${built.routers === 1 ? '' : 's'}${through}`;
}

interface Coverage {
  readonly pods: number;
  readonly podsMet: number;
  readonly podClasses: number;
  readonly nodesMet: number;
  readonly outsideMet: number;
}

export function coverageWords({ pods, podsMet, podClasses, nodesMet, outsideMet }: Coverage): string {
  const classes = podClasses === pods ? '' : ` in ${number(podClasses)} classes`;
  const nodes = nodesMet > 0 ? [`${number(nodesMet)} nodes`] : [];
  const outside = outsideMet > 0 ? [`${number(outsideMet)} addresses outside`] : [];
  return [`${number(podsMet)} of ${number(pods)} pods${classes}`, ...nodes, ...outside].join(', ');
}

export function controlsWords(count: number): string {
  return `${count} before all others, and each was let through or stopped as it had to be`;
}

/** A question that the profile leaves open, answered as a plain packet filter does. */
export function assumedCellWords(
  { cell, answer, connections }: { readonly cell: string; readonly answer: string; readonly connections: number },
  profile: string,
): string {
  return `${cell}: ${answer}, as in a plain packet filter, for ${number(connections)} connections that profile \`${profile}\` leaves undecided (--cni chooses one)`;
}

const ASSUMPTIONS: Readonly<Record<string, string>> = {
  'address-assigned': 'the input has no address for them, so they got one:',
  'address-shared': 'another end has the same address, so they got a new one:',
  'address-unusable': 'their address is loopback, multicast or the like, so they got another:',
  'node-unknown': 'the input does not say which node they run on, so no node counts as theirs:',
  'completed-left-out': 'have completed, and were left out:',
};

/** `3: the input has no address for them, so they got one: shop/cart, shop/frontend and 1 more`. */
export function assumptionWords({ code, ends }: { readonly code: string; readonly ends: readonly string[] }, most: number): string {
  return `${number(ends.length)}: ${ASSUMPTIONS[code] ?? code} ${andMore(ends, most)}`;
}

export function notAskedWords(
  undecided: number,
  because: readonly { readonly doubt: string; readonly count: number }[],
  most: number,
): string {
  const doubts = because.map(({ doubt, count }) => `${doubt} (${number(count)})`);
  return `${number(undecided)} connections without a verdict: ${andMore(doubts, most)}`;
}

interface Took {
  readonly prepare: number;
  readonly open: number;
  readonly load: number;
  readonly packets: number;
}

export function tookWords({ prepare, open, load, packets }: Took, made: number): string {
  const rate = packets > 0 ? `, ${number(Math.round((made / packets) * 1000))} connections a second` : '';
  return `${seconds(prepare + open + load + packets)}: plan ${seconds(prepare)}, namespace ${seconds(open)}, rules ${seconds(load)}, packets ${seconds(packets)}${rate}`;
}

/** This kernel has the rules as the API means them; the cluster has those of its own enforcer. */
export function provenDepartureWords(enforced: 'open' | 'shut', connections: number, example: string): string {
  const count = `${number(connections)} ${connections === 1 ? 'connection' : 'connections'}`;
  const does =
    enforced === 'open'
      ? `would let through ${count} that this kernel denied, as the policies say`
      : `would block ${count} that this kernel let through, as the policies say`;
  return `${DEPARTING_VERSIONS} ${does}, such as ${example}`;
}

/** Which of the three is wrong, as far as the compiled rules tell. */
export function whoIsWrong(rulesAgreeWithKernel: boolean): string {
  return rulesAgreeWithKernel
    ? 'the compiled rules agree with the kernel, so the compiler or the engine is wrong'
    : 'the compiled rules agree with the engine, so the kernel did not do what they say';
}

export function byWayOf(verdict: string, chains: readonly string[]): string {
  return `${verdict} by way of ${chains.join(' > ')}`;
}

/** `denied-ingress` → `denied by ingress`. */
export function kernelOutcome(outcome: string): string {
  return outcome.replace('-', ' by ');
}

/** `denied: egress not-isolated; ingress denied by shop/cart-ingress`. */
export function engineWords(verdict: { readonly outcome: string; readonly egress: Side; readonly ingress: Side }): string {
  return `${verdict.outcome}: egress ${sideWords(verdict.egress)}; ingress ${sideWords(verdict.ingress)}`;
}

interface Side {
  readonly outcome: string;
  readonly by: readonly string[];
}

function sideWords({ outcome, by }: Side): string {
  return by.length === 0 ? outcome : `${outcome} by ${andMore(by, 4)}`;
}

export function counterWords(counters: readonly { readonly name: string; readonly packets: number; readonly means?: string }[]): string {
  if (counters.length === 0) return 'none moved';
  return counters.map(({ name, packets, means }) => `${name} +${packets}${means === undefined ? '' : ` (${means})`}`).join(', ');
}

export const LOST_HEAD = 'neither an answer nor a kernel record, twice, for';
export const EVALUATORS_DIFFER_HEAD = 'the two evaluators differ, which is a bug in netverdict:';

export function moreDiffer(count: number): string {
  return `… and ${number(count)} more that differ`;
}

export function morePackets(count: number): string {
  return `… and ${number(count)} more`;
}

export function junitSuiteName(profile: string): string {
  return `kernel and engine agree (${profile})`;
}

export function junitCaseName(from: string, made: number): string {
  return `from ${from} (${made} connections)`;
}

export function junitDifference(wrong: {
  readonly protocol: string;
  readonly port: number;
  readonly engine: string;
  readonly kernel: string;
}): string {
  return `${wrong.protocol}/${wrong.port}: engine ${wrong.engine}, kernel ${wrong.kernel}`;
}

/** `1,416`. */
function number(value: number): string {
  return value.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

/** What a counter of refused packets counts: `['shop/cart', 'shop/deny-all']` → 'no rule of shop/cart, shop/deny-all'. */
export function noRuleOf(policies: readonly string[]): string {
  return `no rule of ${policies.join(', ')}`;
}
