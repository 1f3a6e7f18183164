// What `simplify` prints: each part that can go with its place and what implies it, what was left alone, and whether the rest is proved equal.
import type { SimplificationDocument } from '../answer/documents/simplification.ts';
import { moreLeftWords, noPatchWords, nothingWords, notProvedWords, provedWords, summaryWords, TITLES } from '../words/en/simplify.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { withShortPlaces } from './places.ts';

/** Ends with a line break. */
export function simplifyText(document: SimplificationDocument, paint: Paint, mostLeft: number): string {
  const { removals, left, before, after, checked, provedEqual, noPatch, written = [] } = document;
  const facts = { removals: removals.length, before, after, ...checked };
  const folded = (text: string, indent: number) => fold(text, paint.width, indent);
  const { text: body } = withShortPlaces((place) => [
    ...removals.flatMap(({ text, at, by }) => [
      ...folded(`${paint.yellow('-')} ${paint.plain(text)}`, 2),
      `  ${paint.dim(place(at))}${paint.plain(by.map((each) => `, ${place(each.at)}`).join(''))}`,
    ]),
    ...(removals.length > 0 && left.length > 0 ? [''] : []),
    ...(left.length > 0 ? [paint.bold(TITLES.left)] : []),
    ...left
      .slice(0, mostLeft)
      .flatMap(({ text, at }) => folded(`  ${paint.plain(text)}${at === undefined ? '' : paint.dim(` (${place(at)})`)}`, 4)),
    ...(left.length > mostLeft ? [`  ${paint.dim(moreLeftWords(left.length - mostLeft))}`] : []),
  ]);
  const end =
    removals.length === 0
      ? folded(`${paint.green('✓')} ${paint.plain(nothingWords(facts))}`, 2)
      : [
          ...folded(paint.bold(summaryWords(facts)), 2),
          ...folded(
            provedEqual ? `${paint.green('✓')} ${paint.plain(provedWords(facts))}` : `${paint.red('✗')} ${paint.plain(notProvedWords())}`,
            2,
          ),
          ...(noPatch === undefined ? [] : folded(paint.plain(noPatchWords(noPatch.text)), 2)),
          ...written.map((file) => `${paint.green('✓')} ${TITLES.wrote} ${paint.plain(file)}`),
          ...(provedEqual && noPatch === undefined && written.length === 0 ? [paint.dim(TITLES.next)] : []),
        ];
  return `${[...body, ...(body.length > 0 ? [''] : []), ...end].join('\n')}\n`;
}
