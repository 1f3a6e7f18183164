// `simplify`: a smaller set of policies with the same verdicts. Parts are taken out one by one, the largest first, each only when every pod
// there is, every kind of pod to come and every address gets the same answer; then the result is weighed against the original as a whole.

import { policyIdentity } from '../compare/states.ts';
import { covers, coversSubject } from '../lint/implied.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Edit } from '../model/edit.ts';
import type { Origin } from '../model/origin.ts';
import { DIRECTIONS, type Policy, printRuleRef } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import { WEIGHED_KINDS, type Weighed, type Weighing } from '../reach/weighing.ts';
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
import { sameVerdicts } from './simplify-proof.ts';
import { type NoScene, sceneOf } from './simplify-scene.ts';

export type { Part };

/** Taking one part out can free another where rules deny; it nearly never does twice. */
const MOST_ROUNDS = 8;

export type LeftBecause = Exclude<Weighed, 'same' | 'differs'> | NoScene['because'] | 'unreadable' | 'several-readings';

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

/** For each rule that goes, the first that stays and says as much on at least the same pods; [] unless every rule has one. */
function impliedBy(part: Part, left: readonly Policy[], taken: Taken): Removal['by'] {
  const found = new Map<string, Origin>();
  const directions = part.direction === undefined ? DIRECTIONS : [part.direction];
  for (const direction of directions) {
    const own = part.policy[direction];
    const rules = part.of === 'policy' ? (own === 'not-governed' ? [] : own) : rulesTaken(part, taken);
    for (const rule of rules) {
      const wider = left
        .filter(
          (policy) =>
            policy.tier === part.policy.tier && policy.order === part.policy.order && coversSubject(policy.subject, part.policy.subject),
        )
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
