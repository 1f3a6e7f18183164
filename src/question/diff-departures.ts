// Where a change gives the enforcer behind the profile a shape of policy that it treats otherwise, or takes one away: the connections on
// which it departs from the policies in one state and not in the other.
import type { Cluster } from '../model/cluster.ts';
import { isNoPorts, subtractPorts } from '../net/port-set.ts';
import { departs } from '../policy/departures.ts';
import type { Semantics } from '../profile/profile.ts';
import { type Departing, type DepartingRow, departingRows } from '../reach/departing.ts';
import { reachOf } from '../reach/reach.ts';

export interface ChangedDepartures {
  /** Departing in the new state only: ports by which a row departs now and did not before. */
  readonly appear: readonly DepartingRow[];
  /** In the old state only. */
  readonly go: readonly DepartingRow[];
  /** False: there was too much to ask in one of the states. */
  readonly isComplete: boolean;
}

/** undefined: the profile's enforcer is not known to depart. No rows: what the change does, this enforcer does. Never throws. */
export function changedDepartures(before: Cluster, after: Cluster, semantics: Semantics): ChangedDepartures | undefined {
  if (!departs(semantics)) return undefined;
  const [was, is] = [departingRows(reachOf(before, semantics)), departingRows(reachOf(after, semantics))];
  return { appear: without(is, was), go: without(was, is), isComplete: was.isComplete && is.isComplete };
}

function without({ rows }: Departing, other: Departing): readonly DepartingRow[] {
  const key = ({ from, to, enforced, shapes }: DepartingRow) => `${from} ${to} ${enforced} ${shapes}`;
  const known = new Map<string, DepartingRow[]>();
  for (const row of other.rows) {
    const same = known.get(key(row));
    if (same === undefined) known.set(key(row), [row]);
    else same.push(row);
  }
  return rows.flatMap((row) => {
    const ports = (known.get(key(row)) ?? []).reduce((left, { ports: had }) => subtractPorts(left, had), row.ports);
    return isNoPorts(ports) ? [] : [{ ...row, ports }];
  });
}
