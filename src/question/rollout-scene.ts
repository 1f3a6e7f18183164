// All that the states between two clusters are made of, under one fast evaluator: every version of a pod and of a policy stands there once,
// and a state is a choice of versions. Begin with `sceneOf`.
import { isToCome } from '../classes/pods-to-come.ts';
import { type DiffField, diffField, type StackOn } from '../compare/field.ts';
import { type Cluster, isLive, type Namespace, type Pod, type Workload } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type NamespaceMatch, type Peer, type Policy, type Rules } from '../model/policy.ts';
import { atomsOf, firstOf, type IpRange } from '../net/ip-set.ts';
import type { Semantics } from '../profile/profile.ts';
import { addressSetsOf } from '../program/terms.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { familiesIn } from '../reach/outside-ranges.ts';
import type { Stack } from '../reach/stacks.ts';
import type { Applied } from './rollout-search.ts';
import type { Step } from './rollout-steps.ts';

/** Pods that are one end of connections in every state. */
export interface Track {
  /** `shop/cart[Deployment]`, or a pod where the pods of a workload differ. */
  readonly name: string;
  readonly workload: string;
  readonly namespace: string;
  /** The steps that make another end of it: of its workload, of its namespace's labels. */
  readonly steps: readonly number[];
  /** undefined: it is not there in that state. */
  readonly at: (applied: Applied) => MapEnd | undefined;
  /** Of all states. */
  readonly versions: readonly MapEnd[];
  /** Tracks with one key have the same answers in every state. */
  readonly key: string;
  readonly isToCome: boolean;
  /** Do its own pods connect to each other? */
  readonly hasSiblings: boolean;
}

export interface Scene {
  readonly field: DiffField;
  readonly tracks: readonly Track[];
  /** One range for every zone of outside addresses that policies tell apart. */
  readonly ranges: readonly IpRange[];
  readonly stackOn: (applied: Applied) => StackOn;
  /** The steps that may change what a direction of these pods answers to these classes; `peers` undefined: to anything. */
  readonly stepsOn: (direction: Direction, subject: MapEnd, peers: readonly number[] | undefined) => readonly number[];
}

/** `steps`: temporary policies come in pairs, the deleting step behind the applying one. */
export function sceneOf(before: Cluster, after: Cluster, steps: readonly Step[], semantics: Semantics): Scene {
  const relabelled = new Map(
    steps.flatMap((step, i) =>
      step.of === 'namespace' && step.before !== undefined && step.after !== undefined ? [[step.name, i] as const] : [],
    ),
  );
  const cast = castOf(before, after, steps, relabelled);
  const asBoth = meaningBoth(relabelled);
  const temporary = [...new Set(steps.flatMap((step) => (step.of === 'temporary' ? step.policies : [])))];
  const policies = {
    before: before.policies.map(asBoth),
    after: [...after.policies, ...temporary].map(asBoth),
  };
  const joint: Cluster = { ...after, ...cast.cluster, ingresses: [], nodes: new Map([...before.nodes, ...after.nodes]) };
  const field = diffField({ ...joint, policies: policies.before }, { ...joint, policies: policies.after }, semantics);
  const owners = ownersOf(field, steps, asBoth);
  return {
    field,
    tracks: cast.tracksIn(field),
    ranges: zonesOf(field),
    ...stacksIn(field, owners),
  };
}

/** When a place of the joint list is in force: always (no entry), or by these steps. */
interface Owner {
  readonly from?: number;
  readonly until?: number;
}

function ownersOf({ joint }: DiffField, steps: readonly Step[], asBoth: (policy: Policy) => Policy): ReadonlyMap<number, Owner> {
  const byPolicy = new Map<Policy, Owner>();
  for (const [i, step] of steps.entries()) {
    if (step.of === 'policy') {
      for (const policy of step.before) byPolicy.set(asBoth(policy), { until: i });
      for (const policy of step.after) byPolicy.set(asBoth(policy), { from: i });
    } else if (step.of === 'temporary') {
      for (const policy of step.policies) {
        const known = byPolicy.get(asBoth(policy));
        byPolicy.set(asBoth(policy), { ...known, ...(step.action === 'apply' ? { from: i } : { until: i }) });
      }
    }
  }
  const found = new Map<number, Owner>();
  for (const [place, { policy, before, after }] of joint.policies.entries()) {
    const owner = byPolicy.get(policy);
    if (before && after) continue;
    if (owner === undefined) throw new Error(`no step changes ${policy.kind} ${policy.ref}`);
    found.set(place, owner);
  }
  return found;
}

function stacksIn(field: DiffField, owners: ReadonlyMap<number, Owner>): Pick<Scene, 'stackOn' | 'stepsOn'> {
  const { stacks, classes } = field;
  interface On {
    readonly places: readonly number[];
    readonly steps: readonly number[];
    /** Isolated by NetworkPolicies that no step touches: then rules matter to those alone that they mean. */
    readonly isHeld: boolean;
    /** By which of `steps` are applied. */
    readonly numbers: Map<string, number>;
  }
  const known: Record<Direction, Map<number, On>> = { ingress: new Map(), egress: new Map() };
  const onClass = (direction: Direction, podClass: number): On => {
    let found = known[direction].get(podClass);
    if (found === undefined) {
      const [old, now] = [stacks.on.before[direction][podClass] as number, stacks.on.after[direction][podClass] as number];
      const places = [...new Set([...stacks.placesOf(old), ...stacks.placesOf(now)])].sort((a, b) => a - b);
      const steps = [...new Set(places.flatMap((place) => stepsOfOwner(owners.get(place))))].sort((a, b) => a - b);
      const isPlain = (stacks.all[old] as Stack).isPlain && (stacks.all[now] as Stack).isPlain;
      found = { places, steps, isHeld: isPlain && places.some((place) => !owners.has(place)), numbers: new Map() };
      known[direction].set(podClass, found);
    }
    return found;
  };
  return {
    stackOn: (applied) => (direction, podClass) => {
      const { places, steps, numbers } = onClass(direction, podClass);
      if (steps.length === 0) return stacks.on.after[direction][podClass] as number;
      let key = '';
      for (const step of steps) key += applied(step) ? '1' : '0';
      let number = numbers.get(key);
      if (number === undefined) {
        number = stacks.of(
          direction,
          places.filter((place) => isInForce(owners.get(place), applied)),
        );
        numbers.set(key, number);
      }
      return number;
    },
    stepsOn(direction, { class: one, isNode }, peers) {
      if (isNode || one >= classes.podClasses) return [];
      const { places, steps, isHeld } = onClass(direction, one);
      if (steps.length < 2 || peers === undefined || !isHeld) return steps;
      const found = places.flatMap((place) => {
        const meant = owners.has(place) ? stacks.peersOf(place, direction) : undefined;
        const isAsked = meant !== undefined && (meant === 'all' || peers.some((peer) => meant.has(peer)));
        return isAsked ? stepsOfOwner(owners.get(place)) : [];
      });
      return [...new Set(found)].sort((a, b) => a - b);
    },
  };
}

function stepsOfOwner({ from, until }: Owner = {}): number[] {
  return [from, until].filter((step) => step !== undefined);
}

function isInForce({ from, until }: Owner = {}, applied: Applied): boolean {
  return (from === undefined || applied(from)) && (until === undefined || !applied(until));
}

/** The address space cut at every border of a block; the first range of each zone. */
function zonesOf({ joint, classes }: DiffField): readonly IpRange[] {
  const families = familiesIn(joint.cluster);
  const sets = joint.policies.flatMap(({ policy }) =>
    DIRECTIONS.flatMap((direction) => {
      const rules = policy[direction];
      return rules === 'not-governed' ? [] : rules.flatMap(({ peers }) => addressSetsOf(peers));
    }),
  );
  const found = new Map<number, IpRange>();
  for (const range of atomsOf([...new Set(sets)])) {
    const zone = classes.classOfOutside(firstOf(range));
    if (families.includes(range.family) && !found.has(zone)) found.set(zone, range);
  }
  return [...found.values()];
}

interface Cast {
  readonly cluster: Pick<Cluster, 'pods' | 'podByRef' | 'workloads' | 'namespaces'>;
  readonly tracksIn: (field: DiffField) => readonly Track[];
}

/**
 * INVARIANT: no namespace can have this name, it has a blank in it. Pods live there before their namespace gets its other labels.
 */
function formerName(namespace: string): string {
  return `${namespace} (before)`;
}

function castOf(before: Cluster, after: Cluster, steps: readonly Step[], relabelled: ReadonlyMap<string, number>): Cast {
  const stepOfWorkload = new Map(
    steps.flatMap((step, i) => (step.of === 'workload' ? [[step.workload, [i, step] as const] as const] : [])),
  );
  const namespaces = new Map<string, Namespace>([...before.namespaces, ...after.namespaces]);
  for (const name of relabelled.keys()) namespaces.set(formerName(name), before.namespaces.get(name) as Namespace);
  const pods: Pod[] = [];
  const formers = new Map<Pod, Pod>();
  const add = (pod: Pod) => {
    pods.push(pod);
    if (!relabelled.has(pod.namespace)) return;
    const former = { ...pod, namespace: formerName(pod.namespace) };
    formers.set(pod, former);
    pods.push(former);
  };
  const actors: {
    readonly workload: Workload;
    readonly step: number | undefined;
    readonly old: readonly Pod[];
    readonly now: readonly Pod[];
  }[] = [];
  for (const ref of new Set([...before.workloads.keys(), ...after.workloads.keys()])) {
    const workload = (after.workloads.get(ref) ?? before.workloads.get(ref)) as Workload;
    const change = stepOfWorkload.get(ref);
    const [step, { before: old, after: now }] = change ?? [undefined, sameInBoth(workload)];
    for (const pod of old === now ? now : [...old, ...now]) add(pod);
    actors.push({ workload, step, old, now });
  }
  return {
    cluster: { pods, podByRef: new Map(), workloads: new Map(), namespaces },
    tracksIn(field) {
      const { classOfPod, indexOf } = field.classes;
      const classOf = (pod: Pod) => classOfPod[indexOf.get(pod) as number] as number;
      return actors.flatMap(({ workload, step, old, now }) => {
        const labelStep = relabelled.get(workload.namespace);
        const lookOf = (pod: Pod) => {
          const former = formers.get(pod);
          const node = pod.hostNetwork ? ` node ${pod.node}` : '';
          return former === undefined ? `${classOf(pod)}${node}` : `${classOf(former)}${node} ${classOf(pod)}`;
        };
        const [olds, nows] = [groupsBy(old, lookOf), old === now ? [] : groupsBy(now, lookOf)];
        const pairs = old === now ? olds.map((group) => [group, group] as const) : pairsOf(olds, nows);
        const own = [step, labelStep].filter((one) => one !== undefined).sort((a, b) => a - b);
        const endOf = (group: readonly Pod[] | undefined, isRelabelled: boolean): MapEnd | undefined => {
          const first = group?.[0];
          if (group === undefined || first === undefined) return undefined;
          const seen = isRelabelled ? group : group.map((pod) => formers.get(pod) ?? pod);
          return {
            name: first.ref,
            pods: seen,
            workload: workload.ref,
            class: classOf(seen[0] as Pod),
            isNode: first.hostNetwork,
            nodes: new Set(group.map(({ node }) => node)),
          };
        };
        return pairs.map(([then, later]): Track => {
          const table = [endOf(then, false), endOf(later, false), endOf(then, true), endOf(later, true)];
          const all = [...then, ...later];
          return {
            name: pairs.length === 1 ? workload.ref : ((later[0] ?? then[0])?.ref ?? workload.ref),
            workload: workload.ref,
            namespace: workload.namespace,
            steps: own,
            at: (applied) => table[(step !== undefined && applied(step) ? 1 : 0) + (labelStep !== undefined && applied(labelStep) ? 2 : 0)],
            versions: table.flatMap((end) => end ?? []),
            key: `${own.join()} ${table.map((end) => (end === undefined ? '-' : `${end.class} ${end.isNode ? [...end.nodes].join() : ''}`)).join('; ')}`,
            isToCome: all.some(isToCome),
            hasSiblings: all.length > 2 || (workload.replicas ?? 1) > 1 || workload.kind === 'DaemonSet' || all.some(isToCome),
          };
        });
      });
    },
  };
}

function sameInBoth({ pods }: Workload): { readonly before: readonly Pod[]; readonly after: readonly Pod[] } {
  const live = pods.filter(isLive);
  return { before: live, after: live };
}

function groupsBy(pods: readonly Pod[], lookOf: (pod: Pod) => string): readonly (readonly Pod[])[] {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const group = groups.get(lookOf(pod));
    if (group === undefined) groups.set(lookOf(pod), [pod]);
    else group.push(pod);
  }
  return [...groups.values()];
}

/** Pods that keep their names are the same pods; else any of the old may be replaced by any of the new. */
function pairsOf(
  olds: readonly (readonly Pod[])[],
  nows: readonly (readonly Pod[])[],
): readonly (readonly [readonly Pod[], readonly Pod[]])[] {
  if (olds.length === 0 || nows.length === 0)
    return [...olds.map((group) => [group, []] as const), ...nows.map((group) => [[], group] as const)];
  const refs = olds.map((group) => new Set(group.map(({ ref }) => ref)));
  const named = nows.flatMap((now) => olds.flatMap((old, i) => (now.some(({ ref }) => refs[i]?.has(ref)) ? [[old, now] as const] : [])));
  const paired = new Set(named.flat());
  const rest = (groups: readonly (readonly Pod[])[]) => groups.filter((group) => !paired.has(group));
  const [left, right] = [rest(olds), rest(nows)];
  if (named.length > 0) return [...named, ...left.map((group) => [group, []] as const), ...right.map((group) => [[], group] as const)];
  return olds.flatMap((old) => nows.map((now) => [old, now] as const));
}

/** Namespaces with other labels than before are two here; what a policy says of one by its name is said of both. */
function meaningBoth(relabelled: ReadonlyMap<string, number>): (policy: Policy) => Policy {
  if (relabelled.size === 0) return (policy) => policy;
  const made = new Map<Policy, Policy>();
  return (policy) => {
    let found = made.get(policy);
    if (found === undefined) {
      found = {
        ...policy,
        subject: { ...policy.subject, namespace: byLabel(policy.subject.namespace, policy) },
        ingress: rulesFor(policy.ingress, policy),
        egress: rulesFor(policy.egress, policy),
      };
      made.set(policy, found);
    }
    return found;
  };

  function byLabel(match: NamespaceMatch, { origin }: Policy): NamespaceMatch {
    if (match.by !== 'name' || !relabelled.has(match.name)) return match;
    const requirement = { key: 'kubernetes.io/metadata.name', operator: 'In', values: [match.name], origin } as const;
    return { by: 'labels', selector: { requirements: [requirement], origin } };
  }

  function rulesFor(rules: Rules, policy: Policy): Rules {
    if (rules === 'not-governed') return rules;
    return rules.map((rule) => ({
      ...rule,
      peers: rule.peers === 'anyone' ? rule.peers : rule.peers.map((peer) => peerFor(peer, policy)),
    }));
  }

  function peerFor(peer: Peer, policy: Policy): Peer {
    if (peer.kind === 'pods') return { ...peer, namespace: byLabel(peer.namespace, policy) };
    if (peer.kind === 'all-of') return { ...peer, of: peer.of.map((one) => peerFor(one, policy)) };
    return peer.kind === 'not' ? { ...peer, of: peerFor(peer.of, policy) } : peer;
  }
}
