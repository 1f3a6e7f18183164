// The objects by which two states differ, as steps that can be taken one after another. Only what policies, or clients of a Service, can
// tell: an image or a comment is no step.

import { policyIdentity, sameLabels, sameMeaning, samePolicy } from '../compare/states.ts';
import { type Cluster, isLive, type Namespace, type Pod, type Service, type Workload } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';

/** `apply`: it comes or changes. */
export type StepAction = 'apply' | 'delete';

interface StepFacts {
  readonly action: StepAction;
  /** `NetworkPolicy`, `Deployment`. */
  readonly kind: string;
  /** `shop/cart-ingress`; `cart-ingress` for a cluster-scoped kind. */
  readonly ref: string;
  readonly name: string;
  /** undefined: cluster-scoped. */
  readonly namespace: string | undefined;
  /** The object in the state that has it, the new one first. */
  readonly at: Origin | undefined;
  /** As parsed: what to apply, or what there was. */
  readonly value: unknown;
}

export type Step = StepFacts &
  (
    | { readonly of: 'policy'; readonly before: readonly Policy[]; readonly after: readonly Policy[] }
    | { readonly of: 'workload'; readonly workload: string; readonly before: readonly Pod[]; readonly after: readonly Pod[] }
    | { readonly of: 'namespace'; readonly before: Namespace | undefined; readonly after: Namespace | undefined }
    | { readonly of: 'service'; readonly before: Service | undefined; readonly after: Service | undefined }
    /** A policy that is there for a time: applied by one step, deleted by the other. */
    | { readonly of: 'temporary'; readonly policies: readonly Policy[] }
  );

export interface Steps {
  readonly steps: readonly Step[];
  /** Policies that mean something else because of another object (a Tier, a NetworkSet): in which order is not known. `[shop/cart]`. */
  readonly derived: readonly Policy[];
}

/** Namespaces, policies, Services, workloads; each kind by name. No steps for two equal states. */
export function stepsBetween(before: Cluster, after: Cluster): Steps {
  const policies = policySteps(before, after);
  return {
    steps: [...namespaceSteps(before, after), ...policies.steps, ...serviceSteps(before, after), ...workloadSteps(before, after)],
    derived: policies.derived,
  };
}

function policySteps(before: Cluster, after: Cluster): Steps {
  const [old, now] = [byIdentity(before.policies), byIdentity(after.policies)];
  const steps: Step[] = [];
  const derived: Policy[] = [];
  for (const key of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const [was, is] = [old.get(key) ?? [], now.get(key) ?? []];
    if (was.length === is.length && was.every((policy, i) => samePolicy(policy, is[i] as Policy))) continue;
    const one = (is[0] ?? was[0]) as Policy;
    const isUntouched = was[0]?.value !== undefined && is[0]?.value !== undefined && sameMeaning(specOf(was[0]), specOf(is[0]));
    if (isUntouched) derived.push(one);
    else steps.push({ ...named(one, one.kind, is.length === 0), of: 'policy', before: was, after: is });
  }
  return { steps, derived };
}

function byIdentity(policies: readonly Policy[]): ReadonlyMap<string, readonly Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const policy of policies) {
    const list = found.get(policyIdentity(policy));
    if (list === undefined) found.set(policyIdentity(policy), [policy]);
    else list.push(policy);
  }
  return found;
}

/** All that the API server stores of it beside metadata and status. */
function specOf({ value }: Policy): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'metadata' && key !== 'status'));
}

function namespaceSteps(before: Cluster, after: Cluster): Step[] {
  return [...new Set([...before.namespaces.keys(), ...after.namespaces.keys()])].sort().flatMap((name): Step[] => {
    const [was, is] = [before.namespaces.get(name), after.namespaces.get(name)];
    const [old, now] = [was?.origin && was, is?.origin && is];
    const isSame = was !== undefined && is !== undefined && sameLabels(was.labels, is.labels);
    if (isSame || (old === undefined && now === undefined && (was === undefined || is === undefined))) return [];
    const shown = (now ?? old ?? is) as Namespace;
    const facts = { name, ref: name, namespace: undefined, origin: shown.origin, value: shown.value };
    return [{ ...named(facts, 'Namespace', is === undefined), of: 'namespace', before: was, after: is }];
  });
}

function serviceSteps(before: Cluster, after: Cluster): Step[] {
  return [...new Set([...before.services.keys(), ...after.services.keys()])].sort().flatMap((ref): Step[] => {
    const [was, is] = [before.services.get(ref), after.services.get(ref)];
    if (was !== undefined && is !== undefined && sameService(was, is)) return [];
    return [{ ...named((is ?? was) as Service, 'Service', is === undefined), of: 'service', before: was, after: is }];
  });
}

function sameService(a: Service, b: Service): boolean {
  const isSelected = a.selector !== undefined && b.selector !== undefined;
  return (
    (isSelected ? sameLabels(a.selector, b.selector) : a.selector === b.selector) && sameMeaning(a.ports, b.ports) && a.type === b.type
  );
}

function workloadSteps(before: Cluster, after: Cluster): Step[] {
  return [...new Set([...before.workloads.keys(), ...after.workloads.keys()])].sort().flatMap((workload): Step[] => {
    const [was, is] = [before.workloads.get(workload), after.workloads.get(workload)];
    const [old, now] = [was?.pods.filter(isLive) ?? [], is?.pods.filter(isLive) ?? []];
    if (was !== undefined && is !== undefined && samePods(old, now)) return [];
    const { kind, name, namespace, origin, value } = (is ?? was) as Workload;
    const shown = { name, namespace, ref: `${namespace}/${name}`, origin, value };
    return [{ ...named(shown, kind, is === undefined), of: 'workload', workload, before: old, after: now }];
  });
}

/** The same kinds of pods: a rollout makes them anew under other names, on other nodes and with other addresses. */
function samePods(old: readonly Pod[], now: readonly Pod[]): boolean {
  if (old === now) return true;
  const [a, b] = [new Set(old.map(podKey)), new Set(now.map(podKey))];
  return a.size === b.size && [...a].every((key) => b.has(key));
}

const keys = new WeakMap<Pod, string>();

function podKey(pod: Pod): string {
  const known = keys.get(pod);
  if (known !== undefined) return known;
  const labels = [...pod.labels].sort(([a], [b]) => (a < b ? -1 : 1));
  const ports = pod.ports.map(({ name, port, protocol, role }) => [name, port, protocol, role]);
  const made = JSON.stringify([labels, ports, pod.hostNetwork, pod.hostNetwork ? pod.node : undefined]);
  keys.set(pod, made);
  return made;
}

interface Shown {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly ref: string;
  readonly origin: Origin | undefined;
  readonly value?: unknown;
}

function named({ name, namespace, ref, origin, value }: Shown, kind: string, isGone: boolean): StepFacts {
  return { action: isGone ? 'delete' : 'apply', kind, name, namespace, ref, at: origin, value };
}

/** `[a, b]`: by number, a has to be there, or gone, before b: what is in a namespace needs it, and is deleted with it. */
export function precedenceOf(steps: readonly Step[]): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (const [i, step] of steps.entries()) {
    if (step.of !== 'namespace') continue;
    const isNew = step.before === undefined;
    if (!isNew && step.action === 'apply') continue;
    for (const [j, other] of steps.entries()) if (other.namespace === step.name) found.push(isNew ? [i, j] : [j, i]);
  }
  return found;
}
