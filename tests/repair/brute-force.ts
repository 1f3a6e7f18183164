// What a change opens and closes, found the slow way: the plain evaluator asked about every pair of ends, before and after.
import { expect } from 'vitest';
import { type Cluster, isLive } from '../../src/model/cluster.ts';
import { cidrHas, parseCidr } from '../../src/net/cidr.ts';
import { type Family, type Ip, parseIp } from '../../src/net/ip.ts';
import { type IpSet, ipSetHas } from '../../src/net/ip-set.ts';
import { hasPort, PROTOCOLS } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import type { Doubt, Verdict } from '../../src/policy/verdict.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { type Changes, changedCluster } from '../../src/repair/apply.ts';
import type { Asked, Effect, ImaginedPod, Row } from '../../src/repair/effect.ts';
import { possibleFamilies } from '../../src/repair/families.ts';
import { settledBy } from '../../src/repair/settled.ts';

const PORTS = [1, 2, 52, 53, 54, 79, 80, 81, 82, 65534, 65535];
const OUTSIDE = ['203.0.113.7', '203.0.113.200', '0.0.0.1', '10.0.0.9', '2001:db8::1', 'fd00::9'].map((text) => parseIp(text) as Ip);

type Told = 'opened sure' | 'opened perhaps' | 'closed sure' | 'closed perhaps' | 'same';

function expected(before: string, after: string): Told {
  if (before === after) return 'same';
  if (after === 'allowed') return before === 'denied' ? 'opened sure' : 'opened perhaps';
  if (after === 'denied') return before === 'allowed' ? 'closed sure' : 'closed perhaps';
  return before === 'denied' ? 'opened perhaps' : 'closed perhaps';
}

/** Where the families differ before or after: sure for both, or perhaps; what one of them loses comes first. */
function ofBoth(v4: Told, v6: Told): Told {
  if (v4 === v6) return v4;
  return [v4, v6].some((told) => told.startsWith('closed')) ? 'closed perhaps' : 'opened perhaps';
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
  // IPv6 counts unless the input shows that there is none.
  const families = possibleFamilies({ ...cluster, policies: [...cluster.policies, ...changes.policies.values(), ...changes.added] });
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

/**
 * Holds an effect against the answers for every pair of ends, on ports at every edge. `asked` is what the effect leaves out. What was
 * seen is counted in `seen`, so that a test can tell that it saw something.
 */
export function expectExact(
  cluster: Cluster,
  semantics: Semantics,
  changes: Changes,
  effect: Effect,
  options: { readonly imagined: readonly ImaginedPod[]; readonly asked: readonly Asked[]; readonly seen: Map<string, number> },
): void {
  const { imagined, asked, seen } = options;
  const after = changedCluster(cluster, changes);
  const all = ends(cluster, changes, imagined);
  const isSettled = settledBy(cluster, asked);
  for (const from of all) {
    for (const to of all) {
      // A pod in the network of its node has an address that is known: which of them is what is open.
      const settles = from.end.kind === 'node' || to.end.kind === 'node' ? () => false : isSettled;
      if (from === to || isUntold(from.end, to.end) || isCoarse(cluster, from.end, to.end)) continue;
      for (const protocol of PROTOCOLS) {
        for (const port of PORTS) {
          if (
            asked.some(
              (one) =>
                one.port === port &&
                one.protocol === protocol &&
                isOf(one.sources, one.sourceRange, from) &&
                isOf(one.destinations, one.destinationRange, to),
            )
          )
            continue;
          const before = { source: from.end, destination: to.end, protocol, port };
          const later = { source: from.after, destination: to.after, protocol, port };
          const verdicts = [decide(cluster, semantics, before), decide(after, semantics, later)] as const;
          const [was, is] = verdicts.map((verdict) => outcomeOf(verdict, settles)) as [string, string];
          const inFamily = (family: 4 | 6) =>
            expected(
              outcomeOf(decide(cluster, semantics, { ...before, family }), settles),
              outcomeOf(decide(after, semantics, { ...later, family }), settles),
            );
          // Two families in doubt are told as one doubt, that of IPv4: what settles it may leave that of IPv6.
          const isByFamily = verdicts.some(({ outcome }) => outcome === 'partial' || outcome === 'undecided');
          const wanted =
            isByFamily && (is === 'partial' || was === 'partial' || haveBothFamilies(from.end, to.end))
              ? ofBoth(inFamily(4), inFamily(6))
              : expected(was, is);
          seen.set(wanted, (seen.get(wanted) ?? 0) + 1);
          const found = told(effect, from, to, protocol, port);
          if (found !== wanted)
            expect({ from, to, protocol, port, was, is, found }).toEqual({ from, to, protocol, port, was, is, found: wanted });
        }
      }
    }
  }
}

/** Is a connection between the two known to be possible in either family? An end without a known address may have those of the other. */
function haveBothFamilies(a: End, b: End): boolean {
  const [own, other] = [a, b].map((end) => new Set(addressesOf(end).map(({ family }) => family))) as [Set<Family>, Set<Family>];
  return ([4, 6] as const).every(
    (family) => [own, other].every((known) => known.size === 0 || known.has(family)) && own.size + other.size > 0,
  );
}

function addressesOf(end: End): readonly Ip[] {
  return end.kind === 'outside' ? [end.address] : end.kind === 'node' ? end.addresses : end.pod.addresses;
}

/** A doubt that the question or the input answers is none: the block that it is about does not mean this pod. */
function outcomeOf({ outcome, egress, ingress }: Verdict, isSettled: (doubt: Doubt) => boolean): string {
  if (outcome !== 'undecided') return outcome;
  const doubts = [egress, ingress].flatMap((each) => (each.outcome === 'undecided' ? [...each.because] : []));
  return doubts.length > 0 && doubts.every(isSettled) ? 'denied' : outcome;
}

function isOf(refs: ReadonlySet<string>, range: IpSet | undefined, { end }: Named): boolean {
  if (end.kind === 'outside') return range !== undefined && ipSetHas(range, end.address);
  return end.pod !== undefined && refs.has(end.pod.ref);
}

/** Pods of one workload on several nodes are told together where the other end is a node, and then only as perhaps. */
function isCoarse(cluster: Cluster, a: End, b: End): boolean {
  const spread = (end: End) =>
    end.kind === 'pod' && new Set(cluster.workloads.get(end.pod.workload)?.pods.map(({ node }) => node)).size > 1;
  return (a.kind === 'node' && (spread(b) || spreadNode(cluster, a))) || (b.kind === 'node' && (spread(a) || spreadNode(cluster, b)));
}

function spreadNode(cluster: Cluster, end: End): boolean {
  return end.kind === 'node' && end.pod !== undefined && (cluster.workloads.get(end.pod.workload)?.pods.length ?? 0) > 1;
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
