// `map -o json` in pieces: the text of the document of map.ts, written without keeping its rows. One row a line, so that it can be read
// with line tools too. Without its line breaks it is `JSON.stringify(mapDocument(…))`, with what a terminal would obey escaped.
import type { PortSet } from '../net/port-set.ts';
import { doubtKey } from '../policy/verdict.ts';
import { jsonText } from '../question/json-text.ts';
import { connectionsBySource } from '../reach/connections.ts';
import { departureDocument } from './departures.ts';
import type { MapConnection, MapExposure, UndecidedConnection } from './documents/connectivity-map.ts';
import { exposureAsked, type MapQuestion, mapHead, PortLists, portListsPart, undecidedEverywhere } from './map.ts';

/** `isAscii`: each character is a byte, which Node need not encode. */
export interface JsonPiece {
  readonly text: string;
  readonly isAscii: boolean;
}

const PIECE = 65536;
const JOINED_ROWS = 1000;

/** Some 64 KB each; the last ends with a line break. */
export function* mapJson(question: MapQuestion): Generator<JsonPiece> {
  const { reach, options } = question;
  const lists = new PortLists();
  const texts = new RowTexts(lists);
  const undecided: string[] = [];
  let text = `${inside(mapHead(question))},"connections":[`;
  yield { text: `{${text}`, isAscii: false };
  text = '';
  let isFirst = true;
  for (const rows of connectionsBySource(reach, options)) {
    const { targets, allowed } = rows;
    const head = targets.length > 0 ? `,\n{"from":${texts.end(rows.from)},` : '';
    // Joined by the thousand: a text that grows row by row is a tree with a node for each, which costs more than what is in it.
    for (let at = 0; at < targets.length; at += JOINED_ROWS) {
      const tails = targets.slice(at, at + JOINED_ROWS).map((to, i) => texts.tail(to, allowed[at + i] as PortSet));
      text += `${isFirst ? head.slice(1) : head}${tails.join(head)}`;
      isFirst = false;
      if (text.length <= PIECE) continue;
      yield { text, isAscii: texts.isAscii };
      text = '';
    }
    for (const { from, to, ports, because } of rows.undecided) {
      const row: UndecidedConnection = { from, to, ports: lists.of(ports), because: because.map(doubtKey) };
      undecided.push(jsonText(row, true));
    }
    if (text.length > PIECE) {
      yield { text, isAscii: texts.isAscii };
      text = '';
    }
  }
  text += '\n]';
  const shared = portListsPart(lists).portLists;
  if (shared !== undefined) text += `,"portLists":[\n${shared.map((ports) => JSON.stringify(ports)).join(',\n')}\n]`;
  if (undecided.length > 0) text += `,"undecided":[\n${undecided.join(',\n')}\n]`;
  const everywhere = inside(undecidedEverywhere(question));
  if (everywhere !== '') text += `,${everywhere}`;
  yield { text, isAscii: false };
  const { rows, isComplete } = question.departing();
  if (!isComplete) yield { text: ',"departuresIncomplete":true', isAscii: true };
  if (rows.length > 0) yield* list('departures', rows, departureDocument);
  const asked = exposureAsked(question);
  if (asked !== undefined) {
    const told: Pick<MapExposure, 'workload'>[] = [];
    const documentOf = (exposure: MapExposure) => {
      told.push({ workload: exposure.workload });
      return exposure;
    };
    yield* list('exposure', asked.exposures, documentOf, '');
    const leftOut = asked.leftOut(told);
    if (leftOut.length > 0) yield { text: `,"exposureLeftOut":${jsonText(leftOut, true)}`, isAscii: false };
  }
  yield { text: '}\n', isAscii: true };
}

/** The members of an object without its braces; '' for `{}`. */
function inside(value: object): string {
  return jsonText(value, true).slice(1, -1);
}

function* list<T>(name: string, items: Iterable<T>, documentOf: (item: T) => unknown, lineBreak = '\n'): Generator<JsonPiece> {
  let text = `,"${name}":[`;
  let comma = lineBreak;
  for (const item of items) {
    text += comma + jsonText(documentOf(item), true);
    comma = `,${lineBreak}`;
    if (text.length <= PIECE) continue;
    yield { text, isAscii: false };
    text = '';
  }
  yield { text: `${text}${lineBreak}]`, isAscii: false };
}

/** What rows repeat, written once: a hundred sources may reach the same end, and most of them in the same way. */
class RowTexts {
  readonly #lists: PortLists;
  readonly #ports = new Map<PortSet, string>();
  readonly #ends = new Map<string, string>();
  readonly #tails = new Map<string, { allowed: PortSet; text: string }>();
  /** Of all names so far. */
  isAscii = true;

  constructor(lists: PortLists) {
    this.#lists = lists;
  }

  end(name: string): string {
    let text = this.#ends.get(name);
    if (text === undefined) {
      text = jsonText(name, true);
      this.isAscii &&= /^[\x20-\x7e]*$/.test(text);
      this.#ends.set(name, text);
    }
    return text;
  }

  /** All of a row but its source: `"to":"shop/cart[Deployment]","allowed":"all"}`. */
  tail(to: string, allowed: PortSet): string {
    const last = this.#tails.get(to);
    if (last?.allowed === allowed) return last.text;
    const text = `"to":${this.end(to)},"allowed":${this.#portsText(allowed)}}`;
    if (last === undefined) this.#tails.set(to, { allowed, text });
    else [last.allowed, last.text] = [allowed, text];
    return text;
  }

  #portsText(set: PortSet): string {
    let text = this.#ports.get(set);
    if (text === undefined) {
      const ports: MapConnection['allowed'] = this.#lists.of(set);
      text = JSON.stringify(ports);
      this.#ports.set(set, text);
    }
    return text;
  }
}
