// One pod more, or one less, without compiling anew: in the scaling form a pod of a known kind is a handful of map entries.
// A pod of a new kind (other policies, other peers' lists, other ports behind a name) is not, and the answer is then "compile".
import { type Cluster, isLive, type Pod } from '../model/cluster.ts';
import { DIRECTIONS, type Direction } from '../model/policy.ts';
import type { Family, Ip } from '../net/ip.ts';
import { ipSetHas } from '../net/ip-set.ts';
import { policiesOn } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { podPeerMatches } from '../policy/peer-matches.ts';
import type { Decided } from './decided.ts';
import type { Change } from './delta.ts';
import { exemptPairs, FAMILIES, ownNodePairs } from './frame.ts';
import type { Ids } from './ids.ts';
import type { Kept, KeptList } from './kept.ts';
import { short } from './names.ts';
import { signatureIn } from './peer-classes.ts';
import { type Element, elementKey, type MapEntry, type NftMap, type NftSet, type Ruleset } from './ruleset.ts';
import { subjectSignature } from './subject-classes.ts';

export interface Step {
  readonly ruleset: Ruleset;
  readonly changes: readonly Change[];
}

/**
 * `joined(rules, cluster, semantics, pod)`: the same ruleset as `compile` with its `ids` would give for the cluster with the pod in it, and
 * the changes: `[{ kind: 'add-entries', map: in-subject4, … }, …]`. `cluster` may hold the pod already or not.
 * undefined: compile. Always so for the explaining form, for host-network pods, and for an address that another pod has.
 */
export function joined(before: Ruleset, cluster: Cluster, semantics: Decided['semantics'], pod: Pod): Step | undefined {
  const { ids, kept } = before;
  if (ids === undefined || kept === undefined || pod.hostNetwork || cluster.policies.some((policy) => !kept.names.has(policy)))
    return undefined;
  if (kept.hasOrderedStages) return undefined;
  if (!isLive(pod) || pod.addresses.length === 0) return { ruleset: before, changes: [] };

  const entries = new Map<string, MapEntry[]>();
  const add = (map: string, { value: key }: Ip, value: number) => entries.set(map, [...(entries.get(map) ?? []), { key: [key], value }]);
  for (const direction of DIRECTIONS) {
    const subject = subjectOf(cluster, semantics, direction, pod, ids, kept);
    if (subject === 'new') return undefined;
    for (const ip of pod.addresses) {
      if (subject !== undefined) add(`${short(direction)}-subject${ip.family}`, ip, subject);
      for (const level of ['near', 'wide'] as const) {
        const lists = kept.lists[direction][level].filter((list) => means(cluster, list, pod, ip));
        if (lists.length === 0) continue;
        const id = ids.get(`${short(direction)}-${level} ${signatureIn(lists, pod)}`);
        if (id === undefined) return undefined;
        add(`${short(direction)}-${level}${ip.family}`, ip, id);
      }
    }
  }
  const maps = before.maps.map((map): NftMap => ({ ...map, entries: [...map.entries, ...(entries.get(map.name) ?? [])] }));
  if (before.maps.some(({ name, entries: old }) => (entries.get(name) ?? []).some(({ key }) => hasKey(old, elementKey(key)))))
    return undefined;

  const elements = elementsFor(before, cluster, semantics, pod);
  const sets = before.sets.map((set): NftSet => ({ ...set, elements: [...set.elements, ...(elements.get(set.name) ?? [])] }));
  return {
    ruleset: { ...before, maps, sets },
    changes: [
      ...sets.flatMap((set): Change[] =>
        elements.has(set.name) ? [{ kind: 'add-elements', set, elements: elements.get(set.name) ?? [] }] : [],
      ),
      ...maps.flatMap((map): Change[] =>
        entries.has(map.name) ? [{ kind: 'add-entries', map, entries: entries.get(map.name) ?? [] }] : [],
      ),
    ],
  };
}

/**
 * The ruleset without a pod, which the cluster may still hold or not. Classes that become empty stay known: their next pod is no news.
 * undefined for the explaining form and for host-network pods: compile.
 */
export function left(before: Ruleset, pod: Pod): Step | undefined {
  if (before.kept === undefined || before.kept.hasOrderedStages || pod.hostNetwork) return undefined;
  const mine = (family: Family) => new Set(pod.addresses.filter((ip) => ip.family === family).map(({ value }) => value));
  const own = { 4: mine(4), 6: mine(6) };
  const isMine = (fields: NftSet['fields'], element: Element) =>
    element.some(
      (part, i) => typeof part !== 'object' && own[fields[i]?.startsWith('ip6') ? 6 : 4].has(part) && fields[i]?.startsWith('ip'),
    );
  const changes: Change[] = [];
  const maps = before.maps.map((map): NftMap => {
    const entries = map.interval ? [] : map.entries.filter(({ key }) => isMine(map.fields, key));
    if (entries.length === 0) return map;
    changes.push({ kind: 'delete-entries', map, entries });
    return { ...map, entries: map.entries.filter((entry) => !entries.includes(entry)) };
  });
  const sets = before.sets.map((set): NftSet => {
    const elements = set.interval ? [] : set.elements.filter((element) => isMine(set.fields, element));
    if (elements.length === 0) return set;
    changes.push({ kind: 'delete-elements', set, elements });
    return { ...set, elements: set.elements.filter((element) => !elements.includes(element)) };
  });
  return { ruleset: { ...before, maps, sets }, changes };
}

/** The number of its class; undefined when nothing isolates it here; `new` when no pod was ever isolated like this. */
function subjectOf(
  cluster: Cluster,
  semantics: Decided['semantics'],
  direction: Direction,
  pod: Pod,
  ids: Ids,
  { names, node }: Kept,
): number | 'new' | undefined {
  if (semantics.enforces === 'no' || (node !== undefined && pod.node !== node)) return undefined;
  const policies = policiesOn(cluster, direction, pod).filter(({ faults }) => faults.length === 0);
  if (policies.length === 0) return undefined;
  return ids.get(`${short(direction)}-subject ${subjectSignature(semantics, direction, policies, names, pod)}`) ?? 'new';
}

function means(cluster: Cluster, { meaning, within }: KeptList, pod: Pod, ip: Ip): boolean {
  return (within === undefined || ipSetHas(within, ip)) && (meaning === 'every-pod' || podPeerMatches(cluster, meaning, podEnd(pod)));
}

/** What sets hold pods by address: exemptions, and pods that no block may mean. */
function elementsFor(before: Ruleset, cluster: Cluster, semantics: Decided['semantics'], pod: Pod): Map<string, Element[]> {
  const pairs = exemptPairs({ cluster, semantics });
  const ofOwnNode = ownNodePairs({ cluster });
  const found = new Map<string, Element[]>();
  for (const family of FAMILIES) {
    const own = pod.addresses.filter((ip) => ip.family === family).map(({ value }): Element => [value]);
    const wanted: readonly (readonly [string, Element[]])[] = [
      [`exempt${family}`, pairs(pod, family)],
      [`own-node${family}`, ofOwnNode(pod, family)],
      [`beyond-blocks${family}`, semantics.ipBlockMatchesPod === 'no' ? own : []],
    ];
    for (const [name, elements] of wanted)
      if (elements.length > 0 && before.sets.some((set) => set.name === name)) found.set(name, elements);
  }
  return found;
}

function hasKey(entries: readonly MapEntry[], key: string): boolean {
  return entries.some((entry) => entry.key.length === 1 && elementKey(entry.key) === key);
}
