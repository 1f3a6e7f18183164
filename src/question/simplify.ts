// `simplify`: a smaller set of policies with the same verdicts. Parts are taken out one by one, the largest first, each only when every pod
// there is, every kind of pod to come and every address gets the same answer; then the result is weighed against the original as a whole.
import { podsToCome, withPods } from '../classes/pods-to-come.ts';
import { covers, coversPeer } from '../lint/implied.ts';
import type { Cluster, ContainerPort } from '../model/cluster.ts';
import type { Edit } from '../model/edit.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type Direction, type Peer, type Policy, type PortRule, printRuleRef, type Rule } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { policyIdentity, sameMeaning, samePolicy } from '../reach/diff-states.ts';
import { rulesIn, WEIGHED_KINDS, type Weighed, type Weighing, weighing } from '../reach/weighing.ts';
import {
  type Counts,
  countsOf,
  leavesGap,
  NOTHING_TAKEN,
  type Part,
  type PartKind,
  partsOf,
  policyWithout,
  rulesTaken,
  type Taken,
  withTaken,
} from './simplify-parts.ts';

export type { Part };

/** Kinds of pods to come that are looked at beside the pods of one namespace. More: its policies are left alone. */
const MOST_KINDS = 4000;
/** Taking one part out can free another where rules deny; it nearly never does twice. */
const MOST_ROUNDS = 8;

export type LeftBecause = Exclude<Weighed, 'same' | 'differs'> | 'unreadable' | 'several-readings' | 'too-many-kinds';

/** A policy of which something, or all, was left alone. */
export interface LeftAlone {
  readonly policy: Policy;
  readonly because: LeftBecause;
  /** Of `too-many-kinds`: the label keys that multiply. */
  readonly keys: readonly string[];
}

export interface Removal {
  readonly part: Part;
  /** Rules that stay, each of which alone allows (or denies) what this one did; []: several do together, or nothing reaches it. */
  readonly by: readonly { readonly name: string; readonly at: Origin }[];
}

export interface Simplification {
  /** Of the kinds that are weighed. */
  readonly before: Counts;
  readonly after: Counts;
  readonly removals: readonly Removal[];
  readonly left: readonly LeftAlone[];
  /** Policies of other kinds, which stay as they are: `Map { 'CiliumNetworkPolicy' => 3 }`. */
  readonly otherKinds: ReadonlyMap<string, number>;
  readonly pods: number;
  /** How many kinds of pods that do not exist yet were looked at. */
  readonly podsToCome: number;
  /** The result against the original; nothing is offered where it is not `same`. */
  readonly proof: Weighed;
  readonly cluster: Cluster;
  readonly edits: readonly Edit[];
}

/** Never throws. `removals` is empty where nothing can go. */
export function simplify(cluster: Cluster, semantics: Semantics): Simplification {
  const { candidates, left } = candidatesIn(cluster);
  const homes = [...new Set(candidates.map(({ namespace }) => namespace))].sort((a, b) => ((a ?? '~') < (b ?? '~') ? -1 : 1));
  let taken: Taken = NOTHING_TAKEN;
  const parts: Part[] = [];
  const doubts = new Map<Policy, LeftAlone>(left.map((each) => [each.policy, each]));
  let podsSeen = 0;
  for (const home of homes) {
    const own = candidates.filter(({ namespace }) => namespace === home);
    const scene = sceneOf(cluster, home, cluster.policies, semantics);
    if ('because' in scene) {
      for (const policy of own) doubts.set(policy, { policy, ...scene });
      continue;
    }
    podsSeen += scene.podsToCome;
    const found = reduced(scene.weighing, own, taken, (policy, because) => {
      if (!doubts.has(policy)) doubts.set(policy, { policy, because, keys: [] });
    });
    taken = found.taken;
    parts.push(...found.parts);
  }
  const after: Cluster = { ...cluster, policies: cluster.policies.flatMap((policy) => policyWithout(policy, taken) ?? []) };
  const weighed = cluster.policies.filter(({ kind }) => WEIGHED_KINDS.has(kind));
  const whole = parts.filter((part) => !isInside(part, parts));
  return {
    before: countsOf(weighed),
    after: countsOf(after.policies.filter(({ kind }) => WEIGHED_KINDS.has(kind))),
    removals: whole.map((part) => ({ part, by: impliedBy(part, after.policies, NOTHING_TAKEN) })),
    left: [...doubts.values()].filter(({ policy }) => !taken.policies.has(policy)),
    otherKinds: otherKindsIn(cluster),
    pods: cluster.pods.length,
    podsToCome: podsSeen,
    proof: whole.length === 0 ? 'same' : sameVerdicts(cluster, after, semantics),
    cluster: after,
    edits: editsOf(whole, taken),
  };
}

/** Read without a doubt, once, and of a kind that is weighed. */
function candidatesIn({ policies }: Cluster): { readonly candidates: readonly Policy[]; readonly left: readonly LeftAlone[] } {
  const readings = new Map<string, number>();
  for (const policy of policies) readings.set(policyIdentity(policy), (readings.get(policyIdentity(policy)) ?? 0) + 1);
  const candidates: Policy[] = [];
  const left: LeftAlone[] = [];
  for (const policy of policies) {
    if (!WEIGHED_KINDS.has(policy.kind)) continue;
    if (policy.faults.length > 0) left.push({ policy, because: 'unreadable', keys: [] });
    else if (readings.get(policyIdentity(policy)) !== 1 || policy.part !== undefined)
      left.push({ policy, because: 'several-readings', keys: [] });
    else candidates.push(policy);
  }
  return { candidates, left };
}

function otherKindsIn({ policies }: Cluster): ReadonlyMap<string, number> {
  const found = new Map<string, Set<string>>();
  for (const { kind, ref } of policies) {
    if (WEIGHED_KINDS.has(kind) || kind === '*') continue;
    found.set(kind, (found.get(kind) ?? new Set()).add(ref));
  }
  return new Map([...found].map(([kind, refs]) => [kind, refs.size]));
}

interface Scene {
  readonly weighing: Weighing;
  readonly podsToCome: number;
}

/**
 * The pods there are and the kinds to come, as the policies that can stand on a pod of this namespace tell them apart. undefined: those of
 * every namespace. Policies of another namespace select nobody here, and so do not multiply the kinds.
 */
function sceneOf(
  cluster: Cluster,
  home: string | undefined,
  policies: readonly Policy[],
  semantics: Semantics,
): Scene | Pick<LeftAlone, 'because' | 'keys'> {
  const here = policies.filter(({ namespace }) => home === undefined || namespace === undefined || namespace === home);
  const ports = freshPorts(here);
  if (ports === undefined) return { because: 'port-names', keys: [] };
  const concerned = { ...cluster, policies: here };
  const found = podsToCome(concerned, { ports, most: MOST_KINDS });
  if (found.kind === 'too-many') return { because: 'too-many-kinds', keys: found.keys };
  const whole = withPods(concerned, found.pods, found.namespaces);
  return { weighing: weighing(whole, policies, semantics), podsToCome: found.pods.length };
}

/**
 * A port for every port name, on a number that no rule names: what a rule by name adds shows there and nowhere else, whatever number a pod
 * gives to the name. undefined: rules by number leave no number free.
 */
function freshPorts(policies: readonly Policy[]): readonly ContainerPort[] | undefined {
  const ports = policies.flatMap(rulesIn).flatMap((rule) => (rule.ports === 'every-port' ? [] : rule.ports));
  const named = new Map(ports.flatMap((port) => (port.kind === 'named' ? [[`${port.protocol} ${port.name}`, port] as const] : [])));
  const ranges = ports.flatMap((port) => (port.kind === 'range' ? [port] : [])).sort((a, b) => a.from - b.from);
  const free: number[] = [];
  let next = 1;
  for (const { from, to } of [...ranges, { from: 65536, to: 65536 }]) {
    for (; next < from && free.length < named.size; next++) free.push(next);
    next = Math.max(next, to + 1);
  }
  if (free.length < named.size) return undefined;
  return [...named.values()].map(({ name, protocol, origin }, i) => ({
    name,
    protocol,
    port: free[i] as number,
    container: 'main',
    role: 'main',
    path: origin.path,
  }));
}

const KINDS_OF_PARTS: readonly PartKind[] = ['policy', 'rule', 'peer', 'port'];

function reduced(
  { weigh }: Weighing,
  policies: readonly Policy[],
  start: Taken,
  doubted: (policy: Policy, because: LeftBecause) => void,
): { readonly taken: Taken; readonly parts: readonly Part[] } {
  let taken = start;
  const parts: Part[] = [];
  const original = (policy: Policy) => policy;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const known = parts.length;
    for (const kind of KINDS_OF_PARTS) {
      // Of two halves and their whole the halves go: what one other part implies goes before what takes several.
      const isImplied = new Map(
        partsOf(kind, policies, taken).map((part) => {
          const next = withTaken(taken, part);
          const others = policies.flatMap((policy) => policyWithout(policy, next) ?? []);
          return [part, impliedBy(part, others, taken).length > 0];
        }),
      );
      const ordered = [...isImplied.keys()].sort((a, b) => b.size - a.size || Number(isImplied.get(b)) - Number(isImplied.get(a)));
      for (const part of ordered) {
        const next = withTaken(taken, part);
        if (leavesGap(part, next)) continue;
        const after = (policy: Policy) => policyWithout(policy, next);
        const rules = rulesTaken(part, taken);
        const weighed = (part.direction === undefined ? DIRECTIONS : [part.direction]).map((direction) =>
          weigh({ direction, subjectOf: part.policy, before: original, after, rules }),
        );
        if (weighed.includes('differs')) continue;
        const doubt = weighed.find((one): one is Exclude<Weighed, 'same' | 'differs'> => one !== 'same' && one !== 'differs');
        if (doubt === undefined) {
          taken = next;
          parts.push(part);
        } else doubted(part.policy, doubt);
      }
    }
    if (parts.length === known) break;
  }
  return { taken, parts };
}

/** Was more than this taken later: the rule around it, or the policy? */
function isInside({ of, policy, rule }: Part, all: readonly Part[]): boolean {
  return all.some(
    (other) =>
      (other.of === 'policy' && of !== 'policy' && other.policy === policy) ||
      (other.of === 'rule' && (of === 'peer' || of === 'port') && other.rule === rule),
  );
}

/** Two states of a cluster: `same` when every direction of every pod answers the same in both, pods to come and isolation included. */
export function sameVerdicts(before: Cluster, after: Cluster, semantics: Semantics): Weighed {
  const later = new Map<string, Policy[]>();
  for (const policy of after.policies) later.set(policyIdentity(policy), [...(later.get(policyIdentity(policy)) ?? []), policy]);
  const [old, now] = [new Set<Policy>(), new Set(after.policies)];
  /** By namespace: the rules by which the states differ. */
  const changed = new Map<string | undefined, Rule[]>();
  for (const policy of before.policies) {
    const alike = later.get(policyIdentity(policy)) ?? [];
    const same = alike.find((other) => samePolicy(policy, other));
    old.add(policy);
    if (same !== undefined) continue;
    const [only, ...others] = alike;
    const isPart = only !== undefined && others.length === 0 && sameMeaning(policy.subject, only.subject) && policy.order === only.order;
    const rules = changed.get(policy.namespace) ?? [];
    changed.set(policy.namespace, rules);
    if (only !== undefined && isPart)
      rules.push(...DIRECTIONS.flatMap((direction) => differing(listOf(policy, direction), listOf(only, direction))));
    else rules.push(...rulesIn(policy), ...alike.flatMap(rulesIn));
  }
  const identities = new Set(before.policies.map(policyIdentity));
  if (after.policies.some((policy) => !identities.has(policyIdentity(policy)))) return 'differs';
  const both = [...old, ...after.policies.filter((policy) => !old.has(policy))];
  let found: Weighed = 'same';
  const everywhere = changed.get(undefined) ?? [];
  for (const [home, own] of changed) {
    const scene = sceneOf(before, home, both, semantics);
    if ('because' in scene) return scene.because === 'port-names' ? 'port-names' : 'undecided';
    for (const direction of DIRECTIONS) {
      const weighed = scene.weighing.weigh({
        direction,
        before: (policy) => (old.has(policy) ? policy : undefined),
        after: (policy) => (now.has(policy) ? policy : undefined),
        rules: home === undefined ? [...changed.values()].flat() : [...own, ...everywhere],
      });
      if (weighed === 'differs') return weighed;
      if (found === 'same') found = weighed;
    }
  }
  return found;
}

function listOf(policy: Policy, direction: Direction): readonly Rule[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules;
}

/**
 * By which rules two lists differ: those without a partner in the other list, and of a rule that lost peers or ports, the rule with those
 * alone. Partners are found in order, so that the order of what stays is the same in both.
 */
function differing(old: readonly Rule[], now: readonly Rule[]): readonly Rule[] {
  const found: Rule[] = [];
  let next = 0;
  for (const rule of now) {
    const place = old.findIndex((wider, i) => i >= next && wider.action === rule.action && isWithin(rule, wider));
    if (place < 0) {
      found.push(rule);
      continue;
    }
    const wider = old[place] as Rule;
    found.push(...old.slice(next, place));
    next = place + 1;
    const peers = lacking(wider.peers, rule.peers);
    const ports = lacking(wider.ports, rule.ports);
    if (peers.length > 0) found.push({ ...wider, peers });
    if (ports.length > 0) found.push({ ...wider, ports });
  }
  return [...found, ...old.slice(next)];
}

function isWithin(rule: Rule, wider: Rule): boolean {
  return (['peers', 'ports'] as const).every((key) => {
    const [own, others] = [rule[key], wider[key]];
    if (typeof own === 'string' || typeof others === 'string') return own === others;
    return lacking<Peer | PortRule>(own, others).length === 0;
  });
}

/** Items of which the other list has none that says the same. */
function lacking<T>(list: string | readonly T[], others: string | readonly T[]): readonly T[] {
  if (typeof list === 'string' || typeof others === 'string') return [];
  return list.filter((item) => !others.some((other) => sameMeaning(item, other)));
}

/** For each rule that goes, the first that stays and says as much on at least the same pods; [] unless every rule has one. */
function impliedBy(part: Part, left: readonly Policy[], taken: Taken): Removal['by'] {
  const found = new Map<string, Origin>();
  const directions = part.direction === undefined ? DIRECTIONS : [part.direction];
  for (const direction of directions) {
    const own = part.policy[direction];
    const rules = part.of === 'policy' ? (own === 'not-governed' ? [] : own) : rulesTaken(part, taken);
    for (const rule of rules) {
      const wider = left
        .filter((policy) => policy.tier === part.policy.tier && policy.order === part.policy.order && isOnAtLeast(policy, part.policy))
        .flatMap((policy) =>
          policy[direction] === 'not-governed' ? [] : policy[direction].map((other) => ({ policy, direction, rule: other })),
        )
        .find((other) => covers(other.rule, rule));
      if (wider === undefined) return [];
      found.set(printRuleRef(wider), wider.rule.origin);
    }
  }
  return [...found].map(([name, place]) => ({ name, at: place }));
}

function isOnAtLeast({ subject: wider }: Policy, { subject: narrower, origin }: Policy): boolean {
  const peer = ({ namespace, pods }: Policy['subject']) => ({ kind: 'pods', namespace, pods, origin }) as const;
  return coversPeer(peer(wider), peer(narrower));
}

/** One list that loses all of its rules stays as an empty list. */
function editsOf(parts: readonly Part[], taken: Taken): readonly Edit[] {
  const emptied = new Map<string, Edit>();
  const edits: Edit[] = [];
  for (const { of, policy, direction, at } of parts) {
    const rules = direction === undefined ? 'not-governed' : policy[direction];
    if (of !== 'rule' || rules === 'not-governed' || rules.some((rule) => !taken.rules.has(rule))) edits.push({ kind: 'remove', at });
    else {
      const list = { document: at.document, path: at.path.slice(0, -1) };
      emptied.set(`${policyIdentity(policy)} ${direction}`, { kind: 'set-value', at: list, value: [] });
    }
  }
  return [...edits, ...emptied.values()];
}
