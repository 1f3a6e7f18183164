// What the enforcer behind the profile does otherwise than the policies say, for a terminal: rows of one shape told together.
import { type DepartureGroup, departureGroups } from '../answer/departures.ts';
import type { DiffDepartures } from '../answer/documents/connectivity-diff.ts';
import type { ConnectivityMap, MapDeparture } from '../answer/documents/connectivity-map.ts';
import { changedDepartureHead, departureHead, departureReason, departuresIncomplete, moreInJson, toDo } from '../words/en/departures.ts';
import { shortName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
import { portsWords } from '../words/en/ports.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';

const MOST_SHOWN = 8;

/** `[]` without departures. Begins with an empty line. */
export function departingLines(
  { departures = [], departuresIncomplete: isIncomplete }: Pick<ConnectivityMap, 'departures' | 'departuresIncomplete'>,
  paint: Paint,
): string[] {
  const lines = departureGroups(departures).flatMap(({ enforced, shapes, rules, rows }) => {
    const { why, repair } = departureReason(shapes);
    return [
      '',
      ...fold(paint.red(`${departureHead(enforced)}:`), paint.width, 2),
      ...rows.slice(0, MOST_SHOWN).map((row) => `    ${paint.plain(rowWords(row))}`),
      ...(rows.length > MOST_SHOWN ? [`    ${paint.dim(moreInJson(rows.length - MOST_SHOWN))}`] : []),
      ...fold(`  ${paint.plain(`${why} (${andMore(rules, 3)})`)}`, paint.width, 4),
      ...fold(`  ${paint.dim(toDo(repair))}`, paint.width, 4),
    ];
  });
  return isIncomplete ? [...lines, '', ...fold(paint.yellow(departuresIncomplete('map')), paint.width, 2)] : lines;
}

/** `shop/web → shop/cart  TCP 7070`. */
function rowWords({ from, to, ports }: MapDeparture): string {
  return `${shortName(from)} → ${shortName(to)}  ${portsWords(ports)}`;
}

export interface DepartureChange {
  readonly text: string;
  /** undefined where nothing is left to do. */
  readonly repair: string | undefined;
  /** `shop/web → shop/cart  TCP 7070`. */
  readonly rows: readonly string[];
}

/** A sentence and its rows for each shape; `[]` where the change touches none. */
export function changedDepartureWords(changed: DiffDepartures | undefined): readonly DepartureChange[] {
  if (changed === undefined) return [];
  const { appear, go, incomplete } = changed;
  const told = ({ enforced, shapes, rules, rows }: DepartureGroup, state: 'appears' | 'goes'): DepartureChange => {
    const { why, repair } = departureReason(shapes);
    const text = `${changedDepartureHead(enforced, state)}: ${why} (${andMore(rules, 3)})`;
    return { text, repair: state === 'appears' ? repair : undefined, rows: rows.map(rowWords) };
  };
  return [
    ...departureGroups(appear).map((group) => told(group, 'appears')),
    ...departureGroups(go).map((group) => told(group, 'goes')),
    ...(incomplete ? [{ text: departuresIncomplete('diff'), repair: undefined, rows: [] }] : []),
  ];
}
