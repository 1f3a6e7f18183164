// The map against brute force: every pair of pods, every port at which anything can change, and addresses on both sides of every
// border of a block, each asked of the plain evaluator.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cluster, isLive, type Pod } from '../../src/model/cluster.ts';
import { type Ip, parseIp, printIp } from '../../src/net/ip.ts';
import { atomsOf, firstOf, lastOf } from '../../src/net/ip-set.ts';
import { hasPort, type PortSet, PROTOCOLS, type Protocol, printPortSet } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import { type DirectionVerdict, doubtKey, type Verdict } from '../../src/policy/verdict.ts';
import { type ConnectionOptions, type Connections, connectionsOf } from '../../src/reach/connections.ts';
import { type MapEnd, mapEnds } from '../../src/reach/map-ends.ts';
import { familiesIn } from '../../src/reach/outside-ranges.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { clusterOfPlan, type Plan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';

/** Every port that a plan can name, and its neighbours. */
const PORTS = [1, 2, 52, 53, 54, 79, 80, 81, 82, 65534, 65535];
/** For the many addresses: one in every gap is enough, the pairs of pods have the borders. */
const FEW_PORTS = [1, 53, 80, 81, 444, 65535];

interface Case {
  readonly plan: Plan;
  readonly options: ConnectionOptions;
}

/** `allowed`, `denied`, or what keeps it open, general doubts about the profile left out. */
type Answer = 'allowed' | 'denied' | readonly string[];

function answerOf(verdict: Verdict): Answer {
  if (verdict.outcome === 'broken') return 'denied'; // no address family in common: no row
  const { egress, ingress } = verdict;
  if (egress.outcome !== 'partial' || ingress.outcome !== 'partial') return joined(egress, ingress);
  // Family by family: one that either end denies is denied.
  const [IPv4, IPv6] = FAMILIES.map((family) => joined(egress.families[family], ingress.families[family])) as [Answer, Answer];
  const effect = (answer: Answer) => (typeof answer === 'string' ? answer : 'undecided');
  return effect(IPv4) === effect(IPv6) ? IPv4 : ['families-differ'];
}

const FAMILIES = ['IPv4', 'IPv6'] as const;

function joined(egress: DirectionVerdict, ingress: DirectionVerdict): Answer {
  const open = [egress, ingress].map(doubtsOf);
  if (open.includes('denied')) return 'denied';
  const doubts = open.flatMap((list) => (list === 'denied' ? [] : list));
  return doubts.length === 0 ? 'allowed' : [...new Set(doubts)].sort();
}

function doubtsOf(direction: DirectionVerdict): readonly string[] | 'denied' {
  if (direction.outcome === 'denied') return 'denied';
  // A row speaks of both families at once, and says where they differ: two that are both open to doubt do not.
  if (direction.outcome === 'partial') {
    const { IPv4, IPv6 } = direction.families;
    const [one, other] = [doubtsOf(IPv4), doubtsOf(IPv6)];
    const effect = (doubts: typeof one) => (doubts === 'denied' ? 'denied' : doubts.length === 0 ? 'open' : 'undecided');
    return effect(one) === effect(other) ? one : ['families-differ'];
  }
  if (direction.outcome !== 'undecided') return [];
  const own = direction.because.filter((doubt) => doubt.code !== 'profile-differs' || (doubt.cell !== 'enforces' && doubt.cell !== 'sctp'));
  return own.length === 0 ? 'denied' : own.map(doubtKey);
}

function check({ plan, options }: Case): { readonly cells: number; readonly mixed: number } {
  const cluster = clusterOfPlan(plan);
  const semantics = semanticsOfPlan(plan);
  const reach = reachOf(cluster, semantics);
  const ends = mapEnds(reach, options.pods === true);
  const map = connectionsOf(reach, options);
  const table = new Table(map);
  const ask = (source: End, destination: End, protocol: Protocol, port: number) =>
    decide(cluster, semantics, { source, destination, protocol, port });
  let cells = 0;
  let mixed = 0;

  checkEnds(cluster, ends);
  for (const from of ends) {
    for (const to of ends) {
      if (from.workload === to.workload) continue;
      for (const [protocol, port] of everyPort()) {
        const verdicts = from.pods.flatMap((source) =>
          to.pods.map((destination) => ({ source, destination, verdict: ask(podEnd(source), podEnd(destination), protocol, port) })),
        );
        const isAsked = isInPort(options, protocol, port);
        for (const { verdict } of verdicts) if (isAsked) checkGeneral(map, verdict, protocol, port);
        const answers = verdicts.map(({ source, destination, verdict }) => withoutNames(answerOf(verdict), source, destination));
        const texts = new Set(answers.map(String));
        const got = table.at(from.name, to.name, protocol, port);
        const context = `${from.name} → ${to.name} ${protocol} ${port}`;
        cells++;
        const [first] = verdicts as [(typeof verdicts)[number]];
        if (!isAsked) agree(got, 'denied', context);
        else if (texts.size === 1) agree(got, answerOf(first.verdict), context);
        else {
          // Pods of one class that fare differently: only the node can be the reason.
          mixed++;
          expect(from.isNode !== to.isNode, context).toBe(true);
          expect(String(got), context).toContain('node-unknown');
        }
      }
    }
  }
  for (const end of ends) {
    for (const address of addressesAround(cluster)) {
      const outside: End = { kind: 'outside', address };
      for (const pod of end.pods) {
        for (const [protocol, port] of everyPort(FEW_PORTS)) {
          const [out, into] = [ask(podEnd(pod), outside, protocol, port), ask(outside, podEnd(pod), protocol, port)];
          const isAsked = isInPort(options, protocol, port);
          if (isAsked) checkGeneral(map, out, protocol, port);
          if (isAsked) checkGeneral(map, into, protocol, port);
          if (pod !== end.pods[0]) continue;
          cells += 2;
          const context = `${end.name} and ${printIp(address)} ${protocol} ${port}`;
          agree(table.at(end.name, address, protocol, port), isAsked ? answerOf(out) : 'denied', `${context} egress`);
          agree(table.at(address, end.name, protocol, port), isAsked ? answerOf(into) : 'denied', `${context} ingress`);
        }
      }
    }
  }
  table.checkNames(ends, options.cutEverywhere === true);
  return { cells, mixed };
}

function isInPort({ port }: ConnectionOptions, protocol: Protocol, number: number): boolean {
  return port === undefined || (port.protocol === protocol && port.port === number);
}

function* everyPort(ports = PORTS): Generator<[Protocol, number]> {
  for (const protocol of PROTOCOLS) for (const port of ports) yield [protocol, port];
}

/** As expect().toEqual(), which is too slow for hundreds of thousands of cells. */
function agree(got: Answer, wanted: Answer, context: string): void {
  if (String(got) !== String(wanted)) throw new Error(`${context}: the map says ${got}, the plain evaluator ${wanted}`);
}

/** The map's doubts name the first pod of an end; here any pod of it will do. */
function withoutNames(answer: Answer, source: Pod, destination: Pod): Answer {
  if (typeof answer === 'string') return answer;
  return answer.map((text) => text.replaceAll(`${source.ref} `, '{source} ').replaceAll(`${destination.ref} `, '{destination} ')).sort();
}

/** A denial is undecided exactly where the map says so for the whole profile. */
function checkGeneral({ everywhere }: Connections, verdict: Verdict, protocol: Protocol, port: number): void {
  if (answerOf(verdict) !== 'denied' || verdict.outcome === 'broken') return;
  const isGeneral = everywhere.some(({ ports }) => hasPort(ports, protocol, port));
  agree(verdict.outcome === 'undecided' ? 'allowed' : 'denied', isGeneral ? 'allowed' : 'denied', `general doubts on ${protocol} ${port}`);
}

/** Every pod that lives stands somewhere, unless it only waits for its address and a sibling has one. */
function checkEnds(cluster: Cluster, ends: readonly MapEnd[]): void {
  const standing = new Map(ends.flatMap(({ pods }) => pods.map((pod) => [pod, true])));
  expect([...standing].length).toBe(ends.reduce((sum, { pods }) => sum + pods.length, 0));
  for (const { pods } of cluster.workloads.values()) {
    const live = pods.filter(isLive);
    for (const pod of live.length > 0 ? live : pods) {
      if (standing.has(pod)) continue;
      expect(podEnd(pod)).toMatchObject(pod.hostNetwork ? { addresses: [] } : { pod: { addresses: [] } });
      expect(pods.some((other) => other !== pod && standing.has(other) && other.hostNetwork === pod.hostNetwork)).toBe(true);
    }
    for (const pod of pods) if (live.length > 0 && !isLive(pod)) expect(standing.has(pod)).toBe(false);
  }
}

function addressesAround(cluster: Cluster): Ip[] {
  const blocks = cluster.policies.flatMap(({ ingress, egress }) =>
    [ingress, egress].flatMap((rules) =>
      rules === 'not-governed'
        ? []
        : rules.flatMap(({ peers }) =>
            peers === 'anyone' ? [] : peers.flatMap((peer) => (peer.kind === 'block' ? [peer.addresses] : [])),
          ),
    ),
  );
  const families = familiesIn(cluster);
  return atomsOf(blocks).flatMap((range) => (families.includes(range.family) ? [firstOf(range), lastOf(range)] : []));
}

/** Rows, to be asked for one port. */
class Table {
  private readonly allowed = new Map<string, PortSet>();
  private readonly undecided = new Map<string, { ports: PortSet; doubts: readonly string[] }[]>();
  private readonly names = new Set<string>();
  private readonly ranges: { readonly name: string; readonly from: Ip; readonly to: Ip }[] = [];

  constructor({ connections, undecided }: Connections) {
    for (const { from, to, allowed } of connections) {
      expect(this.allowed.has(`${from} ${to}`)).toBe(false);
      expect(printPortSet(allowed)).not.toBe('none');
      this.allowed.set(`${from} ${to}`, allowed);
      this.names.add(from).add(to);
    }
    for (const { from, to, ports, because } of undecided) {
      const list = this.undecided.get(`${from} ${to}`) ?? [];
      list.push({ ports, doubts: because.map(doubtKey) });
      this.undecided.set(`${from} ${to}`, list);
      this.names.add(from).add(to);
    }
    for (const name of this.names) {
      const [from, to] = name.split('-').map(parseIp);
      if (from !== undefined && to !== undefined) this.ranges.push({ name, from, to });
    }
  }

  at(from: string | Ip, to: string | Ip, protocol: Protocol, port: number): Answer {
    const found = this.namesOf(from).flatMap((source) =>
      this.namesOf(to).map((destination) => this.row(`${source} ${destination}`, protocol, port)),
    );
    const said = found.filter((answer) => answer !== 'denied');
    if (said.length > 1) throw new Error(`two rows for ${found.length} names on ${protocol} ${port}`);
    return said[0] ?? 'denied';
  }

  private row(key: string, protocol: Protocol, port: number): Answer {
    const isAllowed = hasPort(this.allowed.get(key) ?? { TCP: [], UDP: [], SCTP: [] }, protocol, port);
    const open = (this.undecided.get(key) ?? []).filter(({ ports }) => hasPort(ports, protocol, port));
    if (open.length + (isAllowed ? 1 : 0) > 1) throw new Error(`two answers in ${key} for ${protocol} ${port}`);
    return isAllowed ? 'allowed' : (open[0]?.doubts ?? 'denied');
  }

  private namesOf(end: string | Ip): readonly string[] {
    if (typeof end === 'string') return [end];
    return this.ranges
      .filter(({ from, to }) => from.family === end.family && from.value <= end.value && end.value <= to.value)
      .map(({ name }) => name);
  }

  /** Only ends and ranges, never two ranges; and a range ends only where something changes. */
  checkNames(ends: readonly MapEnd[], cutEverywhere: boolean): void {
    const known = new Set([...ends.map(({ name }) => name), ...this.ranges.map(({ name }) => name)]);
    for (const name of this.names) expect(known).toContain(name);
    const ranges = new Set(this.ranges.map(({ name }) => name));
    const keys = [...this.allowed.keys(), ...this.undecided.keys()];
    for (const key of keys) expect(key.split(' ').every((name) => ranges.has(name))).toBe(false);
    if (cutEverywhere) return;
    for (const end of ends) {
      for (const keyOf of [(range: string) => `${range} ${end.name}`, (range: string) => `${end.name} ${range}`]) {
        const own = this.ranges.filter(({ name }) => this.allowed.has(keyOf(name)) || this.undecided.has(keyOf(name)));
        for (const a of own) {
          const neighbour = own.find(({ from }) => from.family === a.to.family && BigInt(from.value) === BigInt(a.to.value) + 1n);
          if (neighbour !== undefined) expect(this.text(keyOf(a.name))).not.toBe(this.text(keyOf(neighbour.name)));
        }
      }
    }
  }

  private text(key: string): string {
    const open = (this.undecided.get(key) ?? []).map(({ ports, doubts }) => `${printPortSet(ports)} ${doubts.join()}`).sort();
    return [printPortSet(this.allowed.get(key) ?? { TCP: [], UDP: [], SCTP: [] }), ...open].join('; ');
  }
}

const options: fc.Arbitrary<ConnectionOptions> = fc.record(
  {
    pods: fc.boolean(),
    cutEverywhere: fc.boolean(),
    port: fc.record({ protocol: fc.constantFrom(...PROTOCOLS), port: fc.constantFrom(...PORTS) }),
  },
  { requiredKeys: [] },
);
const cases = fc.record({ plan: plans, options });

describe('the map says of every pair what the plain evaluator says', () => {
  test('on random clusters and profiles', { timeout: 600_000 }, () => {
    const parameters = runs<[Case]>(150);
    console.log(`seed ${parameters.seed}, ${parameters.numRuns} clusters`);
    let cells = 0;
    let mixed = 0;
    const details = fc.check(
      fc.property(cases, (drawn) => {
        const found = check(drawn);
        cells += found.cells;
        mixed += found.mixed;
      }),
      parameters,
    );
    if (details.failed && details.counterexample !== null) keep('connections', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`${cells} cells compared, ${mixed} of them between pods that only their nodes tell apart`);
    expect(cells).toBeGreaterThan(0);
  });

  test.for(kept<Case>('connections'))('on $name, which once failed', ({ value }) => {
    expect(check(value).cells).toBeGreaterThan(0);
  });
});
