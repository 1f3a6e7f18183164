// What a change opens and closes, as the comparison of classes tells it, against asking the plain evaluator about every pair of pods.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { networkPolicyOf } from '../../src/manifest/normalise-policy.ts';
import { type Cluster, isLive, type Namespace, type Pod } from '../../src/model/cluster.ts';
import type { Origin } from '../../src/model/origin.ts';
import type { Policy } from '../../src/model/policy.ts';
import { cidrHas, parseCidr } from '../../src/net/cidr.ts';
import { type Ip, parseIp } from '../../src/net/ip.ts';
import { hasPort, PROTOCOLS } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { familiesIn } from '../../src/reach/outside-ranges.ts';
import { type Changes, changedCluster } from '../../src/repair/apply.ts';
import type { Effect, ImaginedPod, Row } from '../../src/repair/effect.ts';
import { effects } from '../../src/repair/effects.ts';
import { assumedPod } from '../../src/route/assumed.ts';
import { clusterOfPlan, type Plan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';

interface Case {
  readonly plan: Plan;
  /** Where changed policies, labels and namespaces come from. */
  readonly other: Plan;
  readonly edits: readonly { readonly what: 'policy' | 'labels' | 'namespace' | 'new'; readonly at: number; readonly from: number }[];
}

const cases = fc.record({
  plan: plans,
  other: plans,
  edits: fc.array(fc.record({ what: fc.constantFrom('policy', 'policy', 'labels', 'namespace', 'new'), at: fc.nat(5), from: fc.nat(5) }), {
    minLength: 1,
    maxLength: 2,
  }),
}) as fc.Arbitrary<Case>;

const origin: Origin = { document: { file: 'plan.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };

function changesIn(cluster: Cluster, { other, edits }: Case): Changes {
  const policies = new Map<Policy, Policy>();
  const added: Policy[] = [];
  const pods = new Map<Pod, Pod>();
  const namespaces = new Map<string, Namespace>();
  for (const { what, at, from } of edits) {
    const spec = other.policies[from % Math.max(1, other.policies.length)]?.spec;
    if (what === 'policy' && spec !== undefined) {
      const plain = cluster.policies.filter(({ tier, faults }) => tier === 'namespaced' && faults.length === 0);
      const before = plain[at % Math.max(1, plain.length)];
      if (before !== undefined) policies.set(before, networkPolicyOf(before.name, before.namespace ?? '', { spec }, origin, []));
    } else if (what === 'new' && spec !== undefined) {
      const namespace = at % 2 === 0 ? 'shop' : 'pay';
      added.push(networkPolicyOf(`new-${added.length}`, namespace, { spec }, origin, []));
    } else if (what === 'labels') {
      const pod = cluster.pods[at % cluster.pods.length] as Pod;
      const labels = new Map(Object.entries(other.pods[from % other.pods.length]?.labels ?? {}));
      for (const own of cluster.workloads.get(pod.workload)?.pods ?? []) pods.set(own, { ...own, labels });
    } else if (what === 'namespace') {
      const namespace = [...cluster.namespaces.values()][at % cluster.namespaces.size] as Namespace;
      const labels = Object.values(other.namespaces)[from % Math.max(1, Object.keys(other.namespaces).length)] ?? { team: 'blue' };
      namespaces.set(namespace.name, {
        ...namespace,
        labels: new Map([...Object.entries(labels), ['kubernetes.io/metadata.name', namespace.name]]),
      });
    }
  }
  return { policies, added, pods, workloads: new Map(), namespaces };
}

const PORTS = [1, 2, 52, 53, 54, 79, 80, 81, 82, 65534, 65535];
const OUTSIDE = ['203.0.113.7', '203.0.113.200', '0.0.0.1', '10.0.0.9', '2001:db8::1', 'fd00::9'].map((text) => parseIp(text) as Ip);

/** The questions that are decided by nothing general, so that a denial is a denial. */
function semanticsIn({ plan }: Case): Semantics {
  return { ...semanticsOfPlan(plan), enforces: 'yes', sctp: 'yes' };
}

type Told = 'opened sure' | 'opened perhaps' | 'closed sure' | 'closed perhaps' | 'same';

function expected(before: string, after: string): Told {
  if (before === after) return 'same';
  if (after === 'allowed') return before === 'denied' ? 'opened sure' : 'opened perhaps';
  if (after === 'denied') return before === 'allowed' ? 'closed sure' : 'closed perhaps';
  return before === 'denied' ? 'opened perhaps' : 'closed perhaps';
}

interface Named {
  readonly end: End;
  readonly after: End;
  readonly isIn: (name: string, pods: readonly string[] | undefined) => boolean;
}

function told({ opened, closed }: Effect, from: Named, to: Named, protocol: (typeof PROTOCOLS)[number], port: number): Told {
  const isMeant = (row: Row) => from.isIn(row.from, row.fromPods) && to.isIn(row.to, row.toPods) && hasPort(row.ports, protocol, port);
  const found = [
    ...opened.filter(isMeant).map((row) => `opened ${row.certainty}`),
    ...closed.filter(isMeant).map((row) => `closed ${row.certainty}`),
  ];
  expect(found.length).toBeLessThanOrEqual(1);
  return (found[0] ?? 'same') as Told;
}

function ends(cluster: Cluster, changes: Changes, imagined: readonly ImaginedPod[]): readonly Named[] {
  const pods = cluster.pods.filter(isLive).map(
    (pod): Named => ({
      end: podEnd(pod),
      after: podEnd(changes.pods.get(pod) ?? pod),
      isIn: (name, own) => (own === undefined ? name === pod.workload : own.includes(pod.ref)),
    }),
  );
  // IPv6 counts where the input shows it.
  const families = familiesIn({ ...cluster, policies: [...cluster.policies, ...changes.policies.values(), ...changes.added] });
  const outside = OUTSIDE.filter(({ family }) => families.includes(family)).map(
    (address): Named => ({
      end: { kind: 'outside', address },
      after: { kind: 'outside', address },
      isIn: (name) => /^[0-9a-f.:/,-]+$/.test(name) && name.split(',').some((part) => covers(part, address)),
    }),
  );
  return [
    ...pods,
    ...outside,
    ...imagined.map(({ pod, name }): Named => ({ end: podEnd(pod), after: podEnd(pod), isIn: (other) => other === name })),
  ];
}

function covers(text: string, address: Ip): boolean {
  const cidr = parseCidr(text);
  if (cidr !== undefined) return cidrHas(cidr, address);
  const [from, to] = text.split('-').map((part) => parseIp(part) as Ip) as [Ip, Ip];
  return from.family === address.family && from.value <= address.value && address.value <= to.value;
}

const IMAGINED: readonly ImaginedPod[] = [
  { namespace: 'shop', labels: new Map(), name: '{new in shop}' },
  { namespace: '{elsewhere}', labels: new Map([['app', 'cart']]), name: '{cart elsewhere}' },
].map(({ namespace, labels, name }) => ({
  name,
  pod: { ...assumedPod({ namespace, name, labels, ports: [] }), ref: name, workload: name },
}));

/** Pods of one workload on several nodes are told together where the other end is a node, and then only as perhaps. */
function isCoarse(cluster: Cluster, a: End, b: End): boolean {
  const spread = (end: End) =>
    end.kind === 'pod' && new Set(cluster.workloads.get(end.pod.workload)?.pods.map(({ node }) => node)).size > 1;
  return (a.kind === 'node' && (spread(b) || spreadNode(cluster, a))) || (b.kind === 'node' && (spread(a) || spreadNode(cluster, b)));
}

function spreadNode(cluster: Cluster, end: End): boolean {
  return end.kind === 'node' && end.pod !== undefined && (cluster.workloads.get(end.pod.workload)?.pods.length ?? 0) > 1;
}

function check(drawn: Case, seen: Map<string, number>): void {
  const cluster = clusterOfPlan(drawn.plan);
  const semantics = semanticsIn(drawn);
  const changes = changesIn(cluster, drawn);
  const effect = effects(cluster, semantics, [changes], [], IMAGINED)(changes);
  const after = changedCluster(cluster, changes);
  const all = ends(cluster, changes, IMAGINED);
  for (const from of all) {
    for (const to of all) {
      if (from === to || isUntold(from.end, to.end) || isCoarse(cluster, from.end, to.end)) continue;
      for (const protocol of PROTOCOLS) {
        for (const port of PORTS) {
          const was = decide(cluster, semantics, { source: from.end, destination: to.end, protocol, port }).outcome;
          const is = decide(after, semantics, { source: from.after, destination: to.after, protocol, port }).outcome;
          const wanted = expected(was, is);
          seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
          const found = told(effect, from, to, protocol, port);
          if (found !== wanted)
            expect({ from, to, protocol, port, was, is, found }).toEqual({ from, to, protocol, port, was, is, found: wanted });
        }
      }
    }
  }
}

/** Between two ends that are not there, or two outside, nothing is told; nor from an IPv6 stranger to IPv4 pods, since that is no connection. */
function isUntold(a: End, b: End): boolean {
  const isUnreal = (end: End) => end.kind === 'outside' || (end.kind === 'pod' && end.pod.origin.document.file === '(assumed)');
  if (isUnreal(a) && isUnreal(b)) return true;
  const outside = a.kind === 'outside' ? a.address : b.kind === 'outside' ? b.address : undefined;
  if (outside === undefined) return false;
  const pod = a.kind === 'pod' ? a.pod : b.kind === 'pod' ? b.pod : undefined;
  if (pod === undefined) return true;
  return !(pod.addresses.length === 0 || pod.addresses.some(({ family }) => family === outside.family));
}

describe('what a change opens and closes', () => {
  test('is what the plain evaluator answers before and after, for every pair of ends', { timeout: 600_000 }, () => {
    const options = runs<[Case]>(120);
    const seen = new Map<string, number>();
    const details = fc.check(
      fc.property(cases, (drawn) => check(drawn, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('effects', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${[...seen].map(([what, count]) => `${count} ${what}`).join(', ')}`);
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['closed sure', 'opened sure', 'same']));
  });

  test.for(kept<Case>('effects'))('holds on $name, which once failed', ({ value }) => {
    const seen = new Map<string, number>();
    check(value, seen);
    expect(seen.size).toBeGreaterThan(0);
  });
});
