// What the enforcer behind the profile does otherwise than the policies say, for people and for programs: rows of one shape told together.
import { DEPARTING_VERSIONS, shapeWords } from '../explain/departure-words.ts';
import { printRuleRef } from '../model/policy.ts';
import type { ChangedDepartures } from '../question/diff-departures.ts';
import type { Departing, DepartingRow } from '../reach/departing.ts';
import { fold } from './fold.ts';
import { andMore, shortName } from './map-groups.ts';
import type { Paint } from './paint.ts';
import { portsDocument, portsWords } from './ports.ts';

/** `[]` without rows. Begins with an empty line. */
export function departingLines({ rows, isComplete }: Departing, paint: Paint): string[] {
  if (rows.length === 0 && isComplete) return [];
  const lines = [...byShape(rows).values()].flatMap((group) => {
    const [{ enforced, shapes }] = group;
    const does = enforced === 'open' ? 'lets this through although the policies deny it' : 'blocks this although the policies allow it';
    const { why, repair } = shapeWords(shapes);
    return [
      '',
      ...fold(paint.red(`${DEPARTING_VERSIONS} ${does}:`), paint.width, 2),
      ...group.slice(0, MOST_SHOWN).map((row) => `    ${paint.plain(rowWords(row))}`),
      ...(group.length > MOST_SHOWN ? [`    ${paint.dim(`and ${group.length - MOST_SHOWN} more (-o json has all)`)}`] : []),
      ...fold(`  ${paint.plain(`${why} (${andMore(rulesIn(group), 3)})`)}`, paint.width, 4),
      ...fold(`  ${paint.dim(`to do: ${repair}`)}`, paint.width, 4),
    ];
  });
  return isComplete ? lines : [...lines, '', ...fold(paint.yellow(INCOMPLETE), paint.width, 2)];
}

const MOST_SHOWN = 8;

const INCOMPLETE =
  'there was too much to ask of the enforcer, so it may do otherwise in more places than these; narrow the map with --focus';

function byShape(rows: readonly DepartingRow[]): ReadonlyMap<string, [DepartingRow, ...DepartingRow[]]> {
  const found = new Map<string, [DepartingRow, ...DepartingRow[]]>();
  for (const row of rows) {
    const key = `${row.enforced} ${row.shapes}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, [row]);
    else group.push(row);
  }
  return found;
}

/** `shop/web → shop/cart  TCP 7070`. */
function rowWords({ from, to, ports }: DepartingRow): string {
  return `${shortName(from)} → ${shortName(to)}  ${portsWords(ports)}`;
}

function rulesIn(rows: readonly DepartingRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ rules }) => rules.map(printRuleRef)))];
}

/**
 * What a change does to departures: `['since this change, kube-router … lets this through although the policies deny it: leak: … (shop/both ingress[0])',
 * …]`, a sentence and its rows for each shape. `[]`: the change touches none.
 */
export function changedDepartureWords({ appear, go, isComplete }: ChangedDepartures): readonly DepartureChange[] {
  const told = (rows: readonly DepartingRow[], does: (isOpen: boolean) => string) =>
    [...byShape(rows).values()].map((group): DepartureChange => {
      const [{ enforced, shapes }] = group;
      const { why, repair } = shapeWords(shapes);
      const text = `${DEPARTING_VERSIONS} ${does(enforced === 'open')}: ${why} (${andMore(rulesIn(group), 3)})`;
      return { text, repair, rows: group.map(rowWords) };
    });
  return [
    ...told(appear, (isOpen) =>
      isOpen
        ? 'lets this through after the change although the policies deny it'
        : 'blocks this after the change although the policies allow it',
    ),
    ...told(go, (isOpen) =>
      isOpen
        ? 'let this through before the change although the policies denied it'
        : 'blocked this before the change although the policies allowed it',
    ).map((each) => ({ ...each, repair: undefined })),
    ...(isComplete ? [] : [{ text: INCOMPLETE_DIFF, repair: undefined, rows: [] }]),
  ];
}

export interface DepartureChange {
  readonly text: string;
  /** undefined where nothing is left to do. */
  readonly repair: string | undefined;
  /** `shop/web → shop/cart  TCP 7070`. */
  readonly rows: readonly string[];
}

const INCOMPLETE_DIFF = 'there was too much to ask of the enforcer, so it may do otherwise in more places than these';

/** An item of `departures` in a document: `{ from, to, ports, enforced: 'open', shapes: 'leak', rules: ['shop/both ingress[0]'] }`. */
export function departingDocument({ from, to, ports, enforced, shapes, rules }: DepartingRow): unknown {
  return { from, to, ports: portsDocument(ports), enforced, shapes, rules: rules.map(printRuleRef) };
}
