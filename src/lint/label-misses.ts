// A selector that matches nothing: the one label by which it nearly matched, whom it was probably meant for, and the edit that says so.
import { labelsOrigin, type Pod } from '../model/cluster.ts';
import type { Edit } from '../model/edit.ts';
import { at, type Origin } from '../model/origin.ts';
import { type Labels, printRequirement, type Requirement, type Selector, satisfies } from '../model/selector.ts';
import { editDistance } from '../profile/nearest.ts';

/** Something with labels that a selector could have meant: a workload's pods, a namespace. */
export interface Labelled {
  /** `shop/cart[Deployment]`, `namespace shop`. */
  readonly name: string;
  readonly labels: Labels;
  readonly labelsOrigin: Origin | undefined;
}

export interface LabelMiss {
  readonly requirement: Requirement;
  /** As kubectl prints it: `app=crat`. */
  readonly wanted: string;
  /** The label that is there: `app=cart`. */
  readonly nearest: string;
  readonly key: string;
  readonly value: string;
  readonly owner: Labelled;
  /** Where the label stands that is there. */
  readonly at: Origin | undefined;
  /** A typing slip: one or two letters, or the same value under another key. Else it is only the best guess there is. */
  readonly isSlip: boolean;
}

/** One for each workload: pods of a workload carry the same labels but for those that a rollout adds. */
export function labelledPods(pods: readonly Pod[]): readonly Labelled[] {
  const found = new Map<string, Labelled>();
  for (const pod of pods)
    if (!found.has(pod.workload)) found.set(pod.workload, { name: pod.workload, labels: pod.labels, labelsOrigin: labelsOrigin(pod) });
  return [...found.values()];
}

/**
 * Of those that all requirements but one mean, the one whose label is nearest: `{ wanted: 'app=crat', nearest: 'app=cart', … }`.
 * undefined when nothing is near. Equally near ones: the first; `isSlip` then only if they agree on the label.
 */
export function nearestLabel(selector: Selector, candidates: readonly Labelled[]): LabelMiss | undefined {
  let best: LabelMiss | undefined;
  let bestAway = Number.POSITIVE_INFINITY;
  let isAmbiguous = false;
  for (const owner of candidates) {
    const failing = selector.requirements.filter((requirement) => !satisfies(requirement, owner.labels));
    const [requirement] = failing;
    if (requirement === undefined || failing.length > 1 || requirement.operator !== 'In') continue;
    const found = nearestTo(requirement, owner, selector.requirements.length);
    if (found === undefined || found.away > bestAway) continue;
    if (found.away === bestAway) {
      isAmbiguous ||= best?.nearest !== found.miss.nearest;
      continue;
    }
    [best, bestAway, isAmbiguous] = [found.miss, found.away, false];
  }
  return best === undefined ? undefined : { ...best, isSlip: best.isSlip && !isAmbiguous };
}

function nearestTo(requirement: Requirement, owner: Labelled, requirements: number): { miss: LabelMiss; away: number } | undefined {
  const { key, values } = requirement;
  const make = (foundKey: string, value: string, away: number, isSlip: boolean) => ({
    away,
    miss: {
      requirement,
      wanted: printRequirement(requirement),
      nearest: `${foundKey}=${value}`,
      key: foundKey,
      value,
      owner,
      at: entryAt(owner.labelsOrigin, foundKey),
      isSlip,
    },
  });
  const has = owner.labels.get(key);
  if (has !== undefined) {
    const slips = Math.min(...values.map((value) => slipsBetween(value, has)));
    if (slips <= 2) return make(key, has, slips, true);
    // Two words for one thing (front, frontend) are near, but no slip of the finger.
    const isPart = values.some((value) => value.length > 2 && (has.includes(value) || value.includes(has)));
    if (isPart) return make(key, has, 3, false);
    return requirements > 1 ? make(key, has, 5, false) : undefined;
  }
  for (const [otherKey, value] of owner.labels) {
    // `app: cart` where the pods say `app.kubernetes.io/name: cart`: same value, other key.
    if (values.length === 1 && values[0] === value) return make(otherKey, value, 1.5, true);
  }
  return undefined;
}

/** Letters to change; what is too short to tell a slip from another word counts as far. */
function slipsBetween(a: string, b: string): number {
  if (a === b) return 0;
  const slips = a.toLowerCase() === b.toLowerCase() ? 1 : editDistance(a, b);
  // `web` and `db`, `v1` and `v2` are one or two letters apart and mean different things.
  const shorter = Math.min(a.length, b.length);
  const digitsDiffer = a.replace(/\d+/g, '') === b.replace(/\d+/g, '');
  return digitsDiffer || slips > Math.floor(shorter / 3) ? Number.POSITIVE_INFINITY : slips;
}

function entryAt(labels: Origin | undefined, key: string): Origin | undefined {
  return labels === undefined ? undefined : at(labels, key);
}

/** Maps of labels: that of a policy's selector, and a Service's. */
const PLAIN_MAPS: ReadonlySet<string | number> = new Set(['matchLabels', 'selector']);

/** The edit that puts the label that is there into the selector; [] where the selector says it in a way that is not plain to edit. */
export function editsFor({ requirement, key, value }: LabelMiss): readonly Edit[] {
  const { origin } = requirement;
  if (requirement.values.length !== 1 || !PLAIN_MAPS.has(origin.path.at(-2) ?? '')) return [];
  const edits: Edit[] = [];
  if (requirement.values[0] !== value) edits.push({ kind: 'set-value', at: origin, value });
  if (requirement.key !== key) edits.push({ kind: 'rename-key', at: origin, key });
  return edits;
}
