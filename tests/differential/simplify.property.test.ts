// `simplify` against the plain evaluator: the smaller set gives every verdict of the original, and nothing in it can go.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { podsToCome, withPods } from '../../src/classes/pods-to-come.ts';
import type { Cluster, ContainerPort, Pod } from '../../src/model/cluster.ts';
import { DIRECTIONS, type Policy } from '../../src/model/policy.ts';
import { parseIp } from '../../src/net/ip.ts';
import { decideDirection } from '../../src/policy/decide.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import type { DirectionVerdict } from '../../src/policy/verdict.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { simplify } from '../../src/question/simplify.ts';
import { leavesGap, NOTHING_TAKEN, partsOf, policyWithout, withTaken } from '../../src/question/simplify-parts.ts';
import { runs } from '../arbitraries/runs.ts';
import { semantics as semanticsNamed } from '../kernel/agreement.ts';
import { cluster as printed } from '../kernel/random-cluster.ts';

const OUTSIDE = [
  '10.0.0.1',
  '10.0.0.5',
  '10.0.0.8',
  '10.0.0.9',
  '10.9.9.9',
  '203.0.113.7',
  '8.8.8.8',
  'fd00::5',
  'fd00::77',
  '2001:db8::1',
];
const PORTS = [1, 2, 3, 4, 5, 6, 80, 443, 8000, 8080, 8081, 8085, 8500];
const NAMES = ['http', 'grpc', 'metrics'].flatMap((name) => (['TCP', 'UDP'] as const).map((protocol) => ({ name, protocol })));

/** Pods to come of three makes: no named ports, names on numbers that nothing else names, names on numbers that rules name. */
function withNewPods(cluster: Cluster, number: (i: number) => number): Cluster {
  const ports: ContainerPort[] = NAMES.map(({ name, protocol }, i) => ({
    name,
    protocol,
    port: number(i),
    container: 'main',
    role: 'main',
    path: [],
  }));
  const found = podsToCome(cluster, { ports, most: 5000 });
  return found.kind === 'pods' ? withPods(cluster, found.pods, found.namespaces) : cluster;
}

/** How each direction answers, for some of the pods against some ends: `allowed`, `denied by rule`, `not-isolated`… */
function answers(
  cluster: Cluster,
  semantics: Semantics,
  { subjects, peers }: { subjects: readonly Pod[]; peers: readonly End[] },
): string[] {
  const found: string[] = [];
  for (const pod of subjects) {
    // A second pod of the same kind may be all that a rule lets in.
    const twin: Pod = { ...pod, name: `${pod.name}-twin`, ref: `${pod.ref}-twin`, addresses: [] };
    for (const peer of [...peers, podEnd(twin)]) {
      if (peer.kind === 'pod' && peer.pod === pod) continue;
      for (const direction of DIRECTIONS) {
        const [source, destination] = direction === 'egress' ? [podEnd(pod), peer] : [peer, podEnd(pod)];
        for (const protocol of ['TCP', 'UDP', 'SCTP'] as const) {
          for (const port of PORTS) {
            const verdict = decideDirection(cluster, semantics, direction, podEnd(pod), peer, { source, destination, protocol, port });
            found.push(
              `${direction} ${pod.ref} ${peer.kind === 'pod' ? peer.pod.ref : JSON.stringify(peer.kind)} ${protocol} ${port} ${outcomeOf(verdict)}`,
            );
          }
        }
      }
    }
  }
  return found;
}

function outcomeOf(verdict: DirectionVerdict): string {
  if (verdict.outcome === 'partial') return `${outcomeOf(verdict.families.IPv4)}/${outcomeOf(verdict.families.IPv6)}`;
  return verdict.outcome === 'denied' && verdict.rule !== undefined ? 'denied by rule' : verdict.outcome;
}

const some = <T>(list: readonly T[], most: number): readonly T[] =>
  list.filter((_, i) => i % Math.max(1, Math.ceil(list.length / most)) === 0);

function endsOf(cluster: Cluster, most: number) {
  const outside = OUTSIDE.map((text): End => ({ kind: 'outside', address: parseIp(text) as NonNullable<ReturnType<typeof parseIp>> }));
  return { subjects: some(cluster.pods, most), peers: [...some(cluster.pods, most).map(podEnd), ...outside] };
}

describe('simplify', () => {
  test('gives every verdict of the original, to pods that are there and to pods to come', { timeout: 600_000 }, () => {
    // So many that some have a part that can go, whatever the seed.
    const options = runs<[Cluster, string]>(24);
    console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
    let removals = 0;
    let proved = 0;
    fc.assert(
      fc.property(printed, fc.constantFrom('kubernetes', 'calico', 'kube-router', 'cilium'), (drawn, profile) => {
        const semantics = semanticsNamed(profile);
        const cluster = asReadBy(drawn, semantics);
        const result = simplify(cluster, semantics);
        removals += result.removals.length;
        // Where something is left open nothing is written; never may a removal be offered that changes an answer.
        expect(result.proof).not.toBe('different');
        if (result.proof === 'same') proved++;
        if (result.removals.length === 0) return;
        for (const number of [(i: number) => i + 1, (i: number) => [80, 8080, 8081, 443, 8500, 9000][i] as number]) {
          const before = withNewPods(cluster, number);
          const after: Cluster = { ...before, policies: result.cluster.policies };
          const ends = endsOf(before, 8);
          expect(answers(after, semantics, ends)).toEqual(answers(before, semantics, ends));
        }
      }),
      options,
    );
    expect(removals).toBeGreaterThan(0);
    expect(proved).toBeGreaterThan(0);
  });

  test('leaves nothing that could go: each part that stays changes an answer', { timeout: 600_000 }, () => {
    const options = runs<[Cluster]>(10);
    console.log(`seed ${options.seed}, ${options.numRuns} clusters`);
    let parts = 0;
    fc.assert(
      fc.property(printed, (drawn) => {
        const semantics = semanticsNamed('calico');
        const few = { ...drawn, policies: drawn.policies.filter(({ kind }) => kind === 'NetworkPolicy').slice(0, 2) };
        const result = simplify(few, semantics);
        if (result.left.length > 0) return;
        const whole = withNewPods(few, (i) => i + 1);
        const state = { ...whole, policies: result.cluster.policies };
        const ends = endsOf(state, Number.POSITIVE_INFINITY);
        for (const part of (['policy', 'rule', 'peer', 'port'] as const).flatMap((kind) => partsOf(kind, state.policies, NOTHING_TAKEN))) {
          const taken = withTaken(NOTHING_TAKEN, part);
          if (leavesGap(part, taken)) continue;
          const less = { ...state, policies: state.policies.flatMap((policy: Policy) => policyWithout(policy, taken) ?? []) };
          parts++;
          const changes = ends.subjects.some((pod) => {
            const one = { subjects: [pod], peers: ends.peers };
            return answers(state, semantics, one).join() !== answers(less, semantics, one).join();
          });
          expect(changes, `${part.of} ${part.policy.ref} ${part.at.path.join('.')}`).toBe(true);
        }
      }),
      options,
    );
    expect(parts).toBeGreaterThan(0);
  });
});
