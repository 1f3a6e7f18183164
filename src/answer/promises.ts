// Promises in documents: what breaks one, and what decides it.
import type { Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type Policy } from '../model/policy.ts';
import type { DirectionVerdict, FamilyVerdict } from '../policy/verdict.ts';
import type { CounterExample, ExamplePod, PromiseAnswer, PromiseDoubt } from '../question/promises.ts';
import { deciderSentence, exampleWords, promiseDoubtSentence } from '../words/en/promises.ts';
import type { CounterExampleDocument, ExamplePodDocument, PromiseDecider, PromiseDocument, PromiseReason } from './documents/promises.ts';
import { placeOf } from './place.ts';

/** What a promise rests on or is broken by; undefined for an end that means no pod. */
export function promiseDocument(answer: PromiseAnswer): PromiseDocument | undefined {
  if (answer.kind === 'nothing') return undefined;
  const { covered } = answer;
  return {
    covered,
    ...(answer.kind === 'broken' ? { counterExample: counterExampleDocument(answer.example) } : {}),
    ...(answer.kind === 'undecided'
      ? {
          undecidedBecause: answer.because.map(doubtDocument),
        }
      : {}),
  };
}

export function doubtDocument(doubt: PromiseDoubt): PromiseReason {
  const { text, hint } = promiseDoubtSentence(doubt);
  return { code: doubt.code === 'verdict' ? doubt.doubt.code : doubt.code, text, ...(hint === undefined ? {} : { hint }) };
}

function counterExampleDocument(example: CounterExample): CounterExampleDocument {
  const { protocol, port, verdict } = example;
  const [from, to] = [podDocument(example, example.from), podDocument(example, example.to)];
  return {
    from,
    to,
    protocol,
    port,
    outcome: verdict.outcome,
    text: exampleWords(from, to, `${port}/${protocol}`, verdict.outcome),
    decidedBy: DIRECTIONS.flatMap((direction) => deciders(direction, verdict[direction])),
  };
}

function podDocument({ cluster }: CounterExample, { pod, isToCome, newNamespace }: ExamplePod): ExamplePodDocument {
  const portNames = pod.ports.flatMap(({ name }) => name ?? []);
  return {
    pod: isToCome ? pod.ref.replace(/ \(another\)$/, '') : existingName(cluster.workloads, pod),
    namespace: newNamespace?.get('kubernetes.io/metadata.name') ?? pod.namespace,
    labels: Object.fromEntries(pod.labels),
    isToCome,
    ...(newNamespace === undefined ? {} : { newNamespace: Object.fromEntries(newNamespace) }),
    ...(isToCome && portNames.length > 0 ? { portNames } : {}),
  };
}

/** A pod that only its template describes goes by its workload. */
function existingName(workloads: CounterExample['cluster']['workloads'], pod: Pod): string {
  const workload = pod.template ? workloads.get(pod.workload) : undefined;
  return workload === undefined ? pod.ref : `${workload.namespace}/${workload.name}`;
}

function deciders(direction: Direction, verdict: DirectionVerdict): readonly PromiseDecider[] {
  if (verdict.outcome === 'partial')
    return [decider(direction, verdict.families.IPv4, 'IPv4'), decider(direction, verdict.families.IPv6, 'IPv6')];
  return [decider(direction, verdict)];
}

function decider(direction: Direction, verdict: FamilyVerdict, family?: 'IPv4' | 'IPv6'): PromiseDecider {
  return {
    direction,
    ...(family === undefined ? {} : { family }),
    outcome: verdict.outcome,
    policies: policiesOf(verdict),
    text: deciderSentence(direction, verdict),
  };
}

function policiesOf(verdict: FamilyVerdict): PromiseDecider['policies'] {
  const whole = ({ kind, ref, origin }: Policy) => ({ kind, name: ref, at: placeOf(origin) });
  if (verdict.outcome === 'allowed')
    return verdict.rules.map(({ policy, rule, direction }) => ({
      ...whole(policy),
      rule: rule.label ?? `${direction}[${rule.index}]`,
      at: placeOf(rule.origin),
    }));
  if (verdict.outcome !== 'denied') return [];
  const { rule: ref } = verdict;
  if (ref === undefined) return verdict.policies.map(whole);
  return [{ ...whole(ref.policy), rule: ref.rule.label ?? `${ref.direction}[${ref.rule.index}]`, at: placeOf(ref.rule.origin) }];
}
