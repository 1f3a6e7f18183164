// Moving to another CNI: what the same manifests open and close there, which answer of the CNI does it, and at which rule. Facts only.
import { type ChangedRow, isolationOf, type RowEnd, workloadSizes } from '../compare/compare.ts';
import type { DiffEnd } from '../compare/ends.ts';
import type { Cluster } from '../model/cluster.ts';
import { DIRECTIONS, type Direction, type Policy, type Rule } from '../model/policy.ts';
import { firstOf } from '../net/ip-set.ts';
import { PROTOCOLS, type Protocol, unionOfPorts } from '../net/port-set.ts';
import { decide, policiesOn } from '../policy/decide.ts';
import { addressEnd, type End, podEnd } from '../policy/end.ts';
import { type DirectionVerdict, isSameEffect } from '../policy/verdict.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { CELL_NAMES, type CellName } from '../profile/profile.ts';
import { isolates } from '../program/stages.ts';
import { changedRows } from './move-rows.ts';
import { endsOfBoth, type Mixing, type Side, type Switch, sideOf } from './move-sides.ts';

/** One answer of the CNI that differs: `{ cell: 'ipBlockMatchesPod', before: 'yes', after: 'no' }`. `open`: it does not settle it. */
export interface ChangedCell {
  readonly cell: CellName;
  readonly before: string;
  readonly after: string;
}

/** The rule, or the policy, that decides where the two sides part. */
export interface MoveDecider {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule?: Rule;
}

export interface MoveRow extends ChangedRow {
  /** The answer that makes all of the difference, or those that have a part in it; [] where only several at once make any. */
  readonly switches: readonly Switch[];
  readonly deciders: readonly MoveDecider[];
}

export interface MoveIsolation {
  readonly workload: string;
  readonly direction: Direction;
  readonly change: 'lost' | 'gained' | 'unsure';
  readonly pods: readonly string[] | undefined;
  readonly switches: readonly Switch[];
  /** On the side that isolates. */
  readonly by: Policy | undefined;
}

export interface MoveAnswer {
  readonly from: string;
  readonly to: string;
  /** Every answer that differs, also those on which no connection of these manifests depends. */
  readonly cells: readonly ChangedCell[];
  /** Of the new CNI, for changes after the move. */
  readonly establishedCutOnDeny: 'cut' | 'kept' | 'open';
  readonly isolation: readonly MoveIsolation[];
  readonly rows: readonly MoveRow[];
}

/** The manifests with the CNI's own settings, and the CNI. */
export interface MoveState {
  readonly cluster: Cluster;
  readonly choice: ProfileChoice;
}

/** `move({ cluster, choice: calico }, { cluster, choice: cilium })`; no rows where both CNIs do the same. Never throws. */
export function move(earlier: MoveState, later: MoveState): MoveAnswer {
  const before = sideOf(earlier.cluster, semanticsOf(earlier.choice));
  const after = sideOf(later.cluster, semanticsOf(later.choice));
  // To a CNI that enforces nothing, no other question has an answer.
  const isOff = before.semantics.enforces === 'no' || after.semantics.enforces === 'no';
  const cells = CELL_NAMES.flatMap((cell): ChangedCell[] => {
    const [was, is] = [before.semantics[cell], after.semantics[cell]];
    return was === is || (isOff && cell !== 'enforces') ? [] : [{ cell, before: was, after: is }];
  });
  const switches: readonly Switch[] = [
    ...cells.map(({ cell }) => cell),
    ...(earlier.cluster === later.cluster ? [] : ['settings' as const]),
  ];
  const between = mixing(before, after, switches);
  const ends = endsOfBoth(before, after);
  return {
    from: earlier.choice.name,
    to: later.choice.name,
    cells,
    establishedCutOnDeny: after.semantics.establishedCutOnDeny,
    isolation: isolationChanges(ends, between),
    rows: changedRows(ends, between).map(({ row, switches }) => ({ ...row, switches, deciders: decidersOf(between, row) })),
  };
}

function mixing(before: Side, after: Side, switches: readonly Switch[]): Mixing {
  const known = new Map<string, Side>();
  /** Like the one side, with this answer of the other. */
  const mixed = (like: 'before' | 'after', taking: Switch): Side => {
    const key = `${like} ${taking}`;
    const [own, other] = like === 'before' ? [before, after] : [after, before];
    const made =
      known.get(key) ??
      (taking === 'settings'
        ? sideOf(other.whole, own.semantics)
        : sideOf(own.whole, { ...own.semantics, [taking]: other.semantics[taking] }));
    known.set(key, made);
    return made;
  };
  return {
    before,
    after,
    switchesOf(ask, isSame) {
      const [was, is] = [ask(before), ask(after)];
      const forth = switches.map((each) => ({ each, answer: ask(mixed('before', each)) }));
      const [enough] = forth.filter(({ answer }) => isSame(answer, is));
      if (enough !== undefined) return [enough.each];
      const some = forth.flatMap(({ each, answer }) => (isSame(answer, was) ? [] : [each]));
      return some.length > 0 ? some : switches.filter((each) => !isSame(ask(mixed('after', each)), is));
    },
  };
}

/** By workload, ingress before egress: who is isolated on one of the sides only. */
function isolationChanges(ends: readonly DiffEnd[], { before, after }: Mixing): readonly MoveIsolation[] {
  const sizes = workloadSizes(ends);
  const found = new Map<string, { readonly change: MoveIsolation['change']; readonly direction: Direction; readonly ends: DiffEnd[] }>();
  for (const end of ends) {
    for (const direction of DIRECTIONS) {
      // Where nothing is enforced, nobody is isolated.
      const was = before.semantics.enforces === 'no' ? 'open' : isolationOf(before.field, 'after', direction, end.before);
      const is = after.semantics.enforces === 'no' ? 'open' : isolationOf(after.field, 'after', direction, end.after);
      if (was === undefined || is === undefined || was === is) continue;
      const change = was === 'isolated' && is === 'open' ? 'lost' : was === 'open' && is === 'isolated' ? 'gained' : 'unsure';
      const key = `${end.workload} ${direction} ${change}`;
      const group = found.get(key);
      if (group === undefined) found.set(key, { change, direction, ends: [end] });
      else group.ends.push(end);
    }
  }
  const isOff = before.semantics.enforces !== after.semantics.enforces;
  return [...found.values()].map(({ change, direction, ends: own }) => {
    const workload = own[0]?.workload ?? '';
    const pods = own.length === sizes.get(workload) ? undefined : own.map(({ name }) => name);
    const [pod] = own[0]?.before?.pods ?? [];
    const { cluster } = change === 'lost' ? before : after;
    const by = pod && policiesOn(cluster, direction, pod).find((policy) => isolates(policy, direction));
    return { workload, direction, change, pods, switches: isOff ? ['enforces'] : ['ownPolicies'], by };
  });
}

/** Where the sides part on a connection of the row: at the rule that admits on one side, else at what denies on the other. */
function decidersOf({ before, after }: Mixing, row: ChangedRow): readonly MoveDecider[] {
  const [source, destination] = [endOf(before, row.ends.from), endOf(before, row.ends.to)];
  const changed = unionOfPorts([row.opened, row.closed, row.perhapsOpened, row.perhapsClosed]);
  const protocol = PROTOCOLS.find((each) => changed[each].length > 0);
  const port = protocol && changed[protocol][0]?.from;
  if (source === undefined || destination === undefined || protocol === undefined || port === undefined) return [];
  const [was, is] = [before, after].map(({ cluster, semantics }) =>
    decide(cluster, semantics, { source, destination, protocol: protocol satisfies Protocol, port }),
  );
  const found = DIRECTIONS.flatMap((direction): readonly MoveDecider[] => {
    const [one, other] = [was?.[direction], is?.[direction]];
    if (one === undefined || other === undefined || hasSameEffect(one, other)) return [];
    return deciding(one, other, direction);
  });
  return found;
}

function hasSameEffect(one: DirectionVerdict, other: DirectionVerdict): boolean {
  if (one.outcome === 'partial' || other.outcome === 'partial') return false;
  return isSameEffect(one, other);
}

function deciding(one: DirectionVerdict, other: DirectionVerdict, direction: Direction): readonly MoveDecider[] {
  for (const verdict of [one, other])
    if (verdict.outcome === 'allowed') return verdict.rules.slice(0, 1).map(({ policy, rule }) => ({ policy, direction, rule }));
  for (const verdict of [one, other])
    if (verdict.outcome === 'denied')
      return verdict.policies.slice(0, 1).map((policy) => ({
        policy,
        direction,
        ...(verdict.rule?.policy === policy && { rule: verdict.rule.rule }),
      }));
  return [];
}

function endOf({ cluster }: Side, end: RowEnd): End | undefined {
  if (end.kind === 'range') return addressEnd(cluster, firstOf(end.range));
  const [pod] = end.kind === 'end' ? (end.end.before?.pods ?? []) : [];
  return pod && podEnd(pod);
}
