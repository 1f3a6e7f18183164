// What `rollout` prints on a terminal, and as Markdown: the waves with the places of their objects, or what stands in the way.
import type { RolloutDocument, RolloutStepDocument, RolloutTroubleDocument } from '../answer/documents/rollout.ts';
import { checkedWords, ROLLOUT_ASSUMES, ROLLOUT_TITLES, stepWords } from '../words/en/rollout.ts';
import { fold } from './fold.ts';
import { escaped } from './markdown.ts';
import { harmless, type Paint } from './paint.ts';
import { printPlace, withShortPlaces } from './places.ts';

/** Ends with a line break. */
export function rolloutText(document: RolloutDocument, paint: Paint): string {
  const { outcome, waves, troubles, doubts, checked, text } = document;
  const folded = (line: string, indent: number) => fold(line, paint.width, indent);
  const isSafe = outcome === 'ordered' || outcome === 'unchanged';
  const mark = isSafe
    ? paint.green('✓')
    : outcome === 'undecided'
      ? paint.yellow('?')
      : outcome === 'temporary'
        ? paint.yellow('!')
        : paint.red('✗');
  const { text: body } = withShortPlaces((place) => {
    const stepLines = (step: RolloutStepDocument) =>
      folded(`    ${paint.plain(stepWords(step))}${step.at === undefined ? '' : paint.dim(`  ${place(step.at)}`)}`, 6);
    return [
      ...(outcome === 'undecided' && waves.length > 0 ? ['', paint.bold(ROLLOUT_TITLES.candidate)] : []),
      ...waves.flatMap(({ wave, steps }) => ['', `  ${paint.bold(ROLLOUT_TITLES.wave(wave))}`, ...steps.flatMap(stepLines)]),
    ];
  });
  const why = outcome === 'temporary' ? ROLLOUT_TITLES.why : ROLLOUT_TITLES.whyNone;
  return `${[
    ...folded(`${mark} ${paint.bold(text)}`, 2),
    ...body,
    ...(troubles.length > 0 ? ['', paint.bold(why), ...troubles.flatMap((trouble) => troubleLines(trouble, paint))] : []),
    ...(doubts.length > 0
      ? ['', paint.bold(ROLLOUT_TITLES.doubts), ...doubts.flatMap((doubt) => folded(`  ${paint.plain(doubt.text)}`, 4))]
      : []),
    ...(waves.length > 0 && outcome !== 'undecided'
      ? ['', ...folded(paint.dim(`${checkedWords(checked.podsToCome)}. ${ROLLOUT_ASSUMES}`), 0)]
      : []),
  ].join('\n')}\n`;
}

export function troubleLines({ text, because }: RolloutTroubleDocument, paint: Paint): readonly string[] {
  return [...fold(`  ${paint.plain(text)}`, paint.width, 4), ...because.flatMap((each) => fold(`    ${paint.dim(each)}`, paint.width, 6))];
}

/** For a comment on a change. */
export function rolloutMarkdown(document: RolloutDocument): string {
  const { waves, troubles, doubts, text } = document;
  const item = (step: RolloutStepDocument) =>
    `   - ${code(stepWords(step))}${step.at === undefined ? '' : ` ${code(printPlace(step.at))}`}`;
  return `${[
    ROLLOUT_TITLES.page,
    '',
    escaped(text),
    ...(waves.length > 0 ? [''] : []),
    ...waves.flatMap(({ wave, steps }) => [`${wave}. ${ROLLOUT_TITLES.wave(wave)}`, ...steps.map(item)]),
    ...(troubles.length > 0 ? ['', ...troubles.map((trouble) => `- ${code(trouble.text)}`)] : []),
    ...(doubts.length > 0 ? ['', ...doubts.map((doubt) => `- ${escaped(doubt.text)}`)] : []),
  ].join('\n')}\n`;
}

function code(words: string): string {
  return `\`${harmless(words).replaceAll('`', '')}\``;
}
