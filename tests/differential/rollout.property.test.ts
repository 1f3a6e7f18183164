// Orders of a rollout against the plain evaluator: for few steps, every state that an interleaving of the waves can pass is decided connection
// by connection, and where no order is said to exist, all orders are tried.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cluster, isLive, type Pod } from '../../src/model/cluster.ts';
import { DIRECTIONS } from '../../src/model/policy.ts';
import { atomsOf, firstOf } from '../../src/net/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../../src/net/port-set.ts';
import { decide } from '../../src/policy/decide.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { addressSetsOf } from '../../src/program/terms.ts';
import { rolloutOf } from '../../src/question/rollout.ts';
import { type Step, stepsBetween } from '../../src/question/rollout-steps.ts';
import { familiesIn } from '../../src/reach/outside-ranges.ts';
import { clusterOfPlan, type Plan, type PodPlan, semanticsOfPlan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';
import { runs } from '../arbitraries/runs.ts';

interface Case {
  readonly before: Plan;
  readonly after: Plan;
}

/** Each pod is a workload by itself, so that a pod of before and one of after are the same end. */
const cases: fc.Arbitrary<Case> = fc
  .record({
    before: plans,
    other: plans,
    policies: fc.array(fc.constantFrom('keep', 'take', 'take', 'drop', 'drop'), { minLength: 6, maxLength: 6 }),
    pods: fc.array(fc.constantFrom('keep', 'keep', 'keep', 'keep', 'relabel', 'drop'), { minLength: 8, maxLength: 8 }),
    namespaces: fc.boolean(),
    adds: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ before, other, policies, pods, namespaces, adds }) => {
    const alone = before.pods.map(({ owner: _, ...pod }): PodPlan => pod).slice(0, 4);
    return {
      before: { ...before, pods: alone },
      after: {
        ...before,
        namespaces: namespaces ? other.namespaces : before.namespaces,
        policies: [
          ...before.policies.flatMap((policy, i) => {
            const [wish, taken] = [policies[i % policies.length], other.policies[i]];
            if (wish === 'drop') return [];
            return [wish === 'take' && taken !== undefined ? { ...taken, name: policy.name, namespace: policy.namespace } : policy];
          }),
          ...other.policies.slice(0, adds).map((policy, i) => ({ ...policy, name: `added-${i}` })),
        ],
        pods: alone.flatMap((pod, i): PodPlan[] => {
          const wish = pods[i % pods.length];
          if (wish === 'drop') return [];
          return [wish === 'relabel' ? { ...pod, labels: other.pods[i % other.pods.length]?.labels ?? {} } : pod];
        }),
        tiers: adds > 0 ? other.tiers : before.tiers,
      },
    };
  });

/** An ordinary cluster in which these steps have been taken and the others have not. */
function stateOf(before: Cluster, after: Cluster, steps: readonly Step[], applied: ReadonlySet<Step>): Cluster {
  const [policies, pods, namespaces] = [[...before.policies], [...before.pods], new Map([...after.namespaces, ...before.namespaces])];
  for (const step of steps) {
    if (!applied.has(step)) continue;
    if (step.of === 'policy') {
      for (const policy of step.before) policies.splice(policies.indexOf(policy), 1);
      policies.push(...step.after);
    } else if (step.of === 'temporary') {
      if (step.action === 'apply') policies.push(...step.policies);
      else for (const policy of step.policies) policies.splice(policies.indexOf(policy), 1);
    } else if (step.of === 'workload') {
      for (const pod of step.before) pods.splice(pods.indexOf(pod), 1);
      pods.push(...step.after);
    } else if (step.of === 'namespace' && step.after !== undefined) namespaces.set(step.name, step.after);
  }
  return { ...before, policies, pods, podByRef: new Map(pods.map((pod) => [pod.ref, pod])), namespaces };
}

type Answer = 'allowed' | 'denied' | 'open' | 'absent';

interface Question {
  readonly from: string | End;
  readonly to: string | End;
  readonly protocol: Protocol;
  readonly port: number;
}

/** Every port at which a rule begins or ends, and one beside it. */
function portsIn(...plans: readonly Plan[]): readonly number[] {
  const found = new Set([1]);
  const look = (value: unknown, key = ''): void => {
    if (typeof value === 'number' && /port/i.test(key)) for (const port of [value, value + 1]) found.add(port);
    else if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) look(inner, name);
  };
  for (const { policies, tiers, pods } of plans) look([policies, tiers, pods]);
  const ranges = JSON.stringify(plans.map(({ tiers }) => tiers)).matchAll(/"(?:from|to|number|start|end)":(\d+)/g);
  for (const [, port] of ranges) for (const one of [Number(port), Number(port) + 1]) found.add(one);
  return [...found].filter((port) => port >= 1 && port <= 65535);
}

function questionsOf(before: Cluster, after: Cluster, ports: readonly number[]): readonly Question[] {
  const both: Cluster = { ...after, pods: [...before.pods, ...after.pods], policies: [...before.policies, ...after.policies] };
  const sets = both.policies.flatMap((policy) =>
    DIRECTIONS.flatMap((direction) => {
      const rules = policy[direction];
      return rules === 'not-governed' ? [] : rules.flatMap(({ peers }) => addressSetsOf(peers));
    }),
  );
  const families = familiesIn(both);
  const outside = atomsOf(sets)
    .filter(({ family }) => families.includes(family))
    .map((range): End => ({ kind: 'outside', address: firstOf(range) }));
  const refs = [...new Set(both.pods.filter(isLive).map(({ ref }) => ref))];
  const pairs = [
    ...refs.flatMap((from) => refs.flatMap((to) => (from === to ? [] : [{ from, to }]))),
    ...refs.flatMap((ref) => outside.flatMap((end) => [{ from: ref, to: end } as const, { from: end, to: ref } as const])),
  ];
  const all = pairs.flatMap((pair) => PROTOCOLS.flatMap((protocol) => ports.map((port) => ({ ...pair, protocol, port }))));
  const step = all.length <= 2 * MOST_QUESTIONS ? 1 : Math.ceil(all.length / MOST_QUESTIONS) | 1;
  return all.filter((_, i) => i % step === 0);
}

function answersIn(cluster: Cluster, semantics: Semantics, questions: readonly Question[]): readonly Answer[] {
  const endOf = (end: string | End): End | undefined => {
    if (typeof end !== 'string') return end;
    const pod: Pod | undefined = cluster.podByRef.get(end);
    return pod === undefined || !isLive(pod) ? undefined : podEnd(pod);
  };
  return questions.map(({ from, to, protocol, port }) => {
    const [source, destination] = [endOf(from), endOf(to)];
    if (source === undefined || destination === undefined) return 'absent';
    const { outcome } = decide(cluster, semantics, { source, destination, protocol, port });
    return outcome === 'allowed' ? 'allowed' : outcome === 'denied' || outcome === 'broken' ? 'denied' : 'open';
  });
}

/** What is cut or opened for sure between two states: `cut shop/a → shop/b TCP 80`; undefined: nothing. */
function sureHarm(before: readonly Answer[], after: readonly Answer[], now: readonly Answer[]): number | undefined {
  const isClosed = (answer: Answer | undefined) => answer === 'denied' || answer === 'absent';
  const found = now.findIndex((answer, i) => {
    const [was, is] = [before[i], after[i]];
    if (answer === 'denied' && was === 'allowed' && is === 'allowed') return true;
    return answer === 'allowed' && isClosed(was) && isClosed(is) && !(was === 'absent' && is === 'absent');
  });
  return found < 0 ? undefined : found;
}

/** The order of every subset of a list, the empty one first. */
function subsets<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: 1 << list.length }, (_, mask) => list.filter((_, i) => (mask & (1 << i)) !== 0));
}

const MOST_STEPS = 4;
/** An even choice of all questions; another one for every number of them. */
const MOST_QUESTIONS = 400;

/** Three pods and a few policies that often get in each other's way, with nothing that is left open. */
const conflicts: fc.Arbitrary<Case> = (() => {
  const app = fc.constantFrom('frontend', 'cart', 'checkout');
  const peers = fc.uniqueArray(app, { maxLength: 2 });
  const rules = (side: 'from' | 'to') =>
    peers.map((apps) => apps.map((name) => ({ [side]: [{ podSelector: { matchLabels: { app: name } } }], ports: [{ port: 80 }] })));
  const spec = fc.oneof(
    fc.record({
      podSelector: app.map((name) => ({ matchLabels: { app: name } })),
      policyTypes: fc.constant(['Ingress']),
      ingress: rules('from'),
    }),
    fc.record({
      podSelector: app.map((name) => ({ matchLabels: { app: name } })),
      policyTypes: fc.constant(['Egress']),
      egress: rules('to'),
    }),
    fc.constant({ podSelector: {}, policyTypes: ['Ingress'] }),
  );
  const policies = fc
    .array(fc.option(spec, { nil: undefined }), { minLength: 3, maxLength: 3 })
    .map((specs) => specs.flatMap((one, i) => (one === undefined ? [] : [{ namespace: 'shop', name: `policy-${i}`, spec: one }])));
  const pods = (label: string) =>
    ['frontend', 'cart', 'checkout'].map((name) => ({
      namespace: 'shop',
      name,
      labels: { app: name === 'cart' ? label : name },
      ports: [],
      addresses: [],
    }));
  const state = (label: string) =>
    policies.map((own): Plan => ({ semantics: {}, namespaces: { shop: {} }, nodes: [], pods: pods(label), policies: own, tiers: [] }));
  return fc.record({ before: state('cart'), after: fc.oneof(state('cart'), state('checkout')) });
})();

describe('orders of a rollout', () => {
  test.each([
    ['of all kinds of policies', cases, 60, ['ordered', 'waves']],
    ['that conflict', conflicts, 150, ['ordered', 'waves', 'temporary', 'none']],
  ] as const)(
    '%s: every state on the way is safe, and where there is no order every order passes one that is not',
    (_, drawn, usual, wanted) => {
      const seen = { ordered: 0, temporary: 0, none: 0, undecided: 0, waves: 0 };
      fc.assert(
        fc.property(drawn, ({ before: plan, after: other }) => {
          const semantics = semanticsOfPlan(plan);
          const [before, after] = [asReadBy(clusterOfPlan(plan), semantics), asReadBy(clusterOfPlan(other), semantics)];
          if (stepsBetween(before, after).steps.length > MOST_STEPS) return;
          const found = rolloutOf(before, after, semantics);
          if (found.outcome === 'unchanged') return;
          seen[found.outcome as 'ordered']++;
          const questions = questionsOf(before, after, portsIn(plan, other));
          const all = [...new Set([...found.waves.flat(), ...found.steps])];
          const asked = (applied: readonly Step[]) => answersIn(stateOf(before, after, all, new Set(applied)), semantics, questions);
          const [was, is] = [asked([]), asked(found.steps)];
          const harmOf = (applied: readonly Step[]) => {
            const harm = sureHarm(was, is, asked(applied));
            return harm === undefined
              ? undefined
              : { applied: applied.map(({ kind, ref }) => `${kind} ${ref}`), question: questions[harm] };
          };
          if (found.outcome === 'ordered' || found.outcome === 'temporary') {
            if (found.waves.length > 1) seen.waves++;
            for (const [i, wave] of found.waves.entries())
              for (const part of subsets(wave)) expect(harmOf([...found.waves.slice(0, i).flat(), ...part])).toBeUndefined();
          }
          if (found.outcome === 'none' || (found.outcome === 'temporary' && drawn === conflicts)) {
            let reached = [new Set<Step>()];
            for (let i = 0; i < found.steps.length; i++) {
              const next = new Map<string, Set<Step>>();
              for (const state of reached) {
                for (const step of found.steps) {
                  if (state.has(step)) continue;
                  const applied = new Set(state).add(step);
                  next.set(found.steps.map((one) => (applied.has(one) ? 1 : 0)).join(''), applied);
                }
              }
              reached = [...next.values()].filter((state) => harmOf([...state]) === undefined);
            }
            expect(reached).toEqual([]);
          }
        }),
        runs(usual),
      );
      for (const outcome of wanted) expect([outcome, seen[outcome]]).not.toEqual([outcome, 0]);
    },
  );
});
