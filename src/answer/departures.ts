// What the enforcer behind the profile does otherwise than the policies say: rows of documents, and those of one shape together.
import { printRuleRef } from '../model/policy.ts';
import type { ChangedDepartures } from '../question/diff-departures.ts';
import type { DepartingRow } from '../reach/departing.ts';
import type { DiffDepartures } from './documents/connectivity-diff.ts';
import type { MapDeparture } from './documents/connectivity-map.ts';
import type { SomePorts } from './documents/ports.ts';
import { portsDocument } from './ports.ts';

/** `{ from, to, ports, enforced: 'open', shapes: 'leak', rules: ['shop/both ingress[0]'] }`. */
export function departureDocument({ from, to, ports, enforced, shapes, rules }: DepartingRow): MapDeparture {
  return { from, to, ports: portsDocument(ports) as SomePorts, enforced, shapes, rules: rules.map(printRuleRef) };
}

/** Of a comparison; undefined where nothing of it is to be said. */
export function changedDeparturesDocument(changed: ChangedDepartures | undefined): DiffDepartures | undefined {
  if (changed === undefined) return undefined;
  const { appear, go, isComplete } = changed;
  if (isComplete && appear.length + go.length === 0) return undefined;
  return { appear: appear.map(departureDocument), go: go.map(departureDocument), ...(isComplete ? {} : { incomplete: true }) };
}

/** Rows of one shape, which have one reason and one repair. */
export interface DepartureGroup {
  readonly enforced: 'open' | 'shut';
  readonly shapes: string;
  /** Every rule of its rows once: `['shop/both ingress[0]']`. */
  readonly rules: readonly string[];
  readonly rows: readonly MapDeparture[];
}

/** In the order of the rows; [] without rows. */
export function departureGroups(rows: readonly MapDeparture[]): readonly DepartureGroup[] {
  const found = new Map<string, MapDeparture[]>();
  for (const row of rows) {
    const key = `${row.enforced} ${row.shapes}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return [...found.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { enforced, shapes } = first;
    return [{ enforced, shapes, rules: [...new Set(group.flatMap(({ rules }) => rules))], rows: group }];
  });
}
