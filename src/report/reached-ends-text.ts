// `map --from END --hops N` for a terminal, and as Markdown.
import type { ReachedEndsDocument } from '../answer/documents/reached-ends.ts';
import { shortName } from '../words/en/ends.ts';
import { portsWords } from '../words/en/ports.ts';
import { CUTS_HEAD, cutWords, REACHED_NOTE, reachedHead, ringLabel, undecidedHops, viaWords } from '../words/en/reached-ends.ts';
import { columns } from './columns.ts';
import { markdownText } from './map-formats.ts';
import type { Paint } from './paint.ts';

/** A ring below the other, then the connections that cut most. Ends with a line break. */
export function reachedEndsText(document: ReachedEndsDocument, paint: Paint): string {
  const { rings, cuts, undecided } = document;
  const ends = rings.flatMap(({ hop, ends: ring }) =>
    ring.map(({ end, via, allowed }) => [
      `  ${ringLabel(hop)}`,
      shortName(end),
      portsWords(allowed),
      hop === 1 ? '' : viaWords(shortName(via)),
    ]),
  );
  const closing = cuts.map(({ from, to, allowed, cuts: count }) => [
    `  ${shortName(from)} → ${shortName(to)}`,
    portsWords(allowed),
    cutWords(count),
  ]);
  return [
    paint.bold(headOf(document)),
    ...columns(ends).map(paint.plain),
    ...(closing.length === 0 ? [] : ['', paint.bold(CUTS_HEAD), ...columns(closing).map(paint.plain)]),
    '',
    ...(undecided > 0 ? [paint.yellow(undecidedHops(undecided))] : []),
    paint.dim(REACHED_NOTE),
    '',
  ].join('\n');
}

/** Two tables. Ends with a line break. */
export function reachedEndsMarkdown(document: ReachedEndsDocument): string {
  const { rings, cuts, undecided } = document;
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`;
  return [
    `**${markdownText(headOf(document))}**`,
    '',
    '| hops | end | ports | via |',
    '|---|---|---|---|',
    ...rings.flatMap(({ hop, ends }) =>
      ends.map(({ end, via, allowed }) => line([String(hop), shortName(end), portsWords(allowed), shortName(via)])),
    ),
    ...(cuts.length === 0 ? [] : ['', `**${CUTS_HEAD}**`, '', '| from | to | ports | ends |', '|---|---|---|---|']),
    ...cuts.map(({ from, to, allowed, cuts: count }) => line([shortName(from), shortName(to), portsWords(allowed), String(count)])),
    '',
    ...(undecided > 0 ? [undecidedHops(undecided), ''] : []),
    REACHED_NOTE,
    '',
  ].join('\n');
}

function headOf({ from, rings, hops }: ReachedEndsDocument): string {
  const ends = rings.reduce((sum, ring) => sum + ring.ends.length, 0);
  return reachedHead(from.map(shortName), ends, Math.min(hops, Math.max(1, rings.length)));
}
