// Fixes as the rows that `why` and `fix` share: what to do and where, and what comes of it.
import type { RankedFix } from '../question/fix.ts';
import type { Fix } from '../repair/suggest.ts';
import { effectWords, leverWords, restartWords, sharedWords } from './fix-words.ts';
import { fold, visibleWidth } from './fold.ts';
import type { Paint } from './paint.ts';
import type { PrintPlace } from './places.ts';
import { HANG, inBrackets, row } from './why-rows.ts';

/** `label the pod template app=frontend (frontend.yaml:12) and …`. */
export function fixTitle({ levers }: Pick<Fix, 'levers'>, place: PrintPlace): string {
  return levers.map((lever) => `${leverWords(lever)}${inBrackets(place(lever.at))}`).join(', and ');
}

/** Titles up to this width stand in a column of their own, with what comes of them beside. */
const TITLE_COLUMN = 60;

/**
 * For each fix what to do and what comes of it, and the command that writes the first, which is never broken: `fix 1      add app=web to
 * the rule (api.yaml:17)   opens this, nothing else; closes nothing`. [] for no fix.
 */
export function fixRows(fixes: readonly RankedFix[], paint: Paint, place: PrintPlace, command: string): readonly string[] {
  if (fixes.length === 0) return [];
  const titles = fixes.map((fix) => paint.plain(fixTitle(fix, place)));
  const width = Math.max(...titles.map(visibleWidth));
  const rows = fixes.flatMap((fix, i) => {
    const title = titles[i] ?? '';
    const restart = restartWords(fix.steps);
    const effect = paint.plain(
      [effectWords(fix.effect, 2), ...fix.shared.map(sharedWords), ...(restart === undefined ? [] : [restart])].join('; '),
    );
    if (width > TITLE_COLUMN) return [row(`fix ${fix.number}`, title), row('', paint.dim(effect))];
    return [row(`fix ${fix.number}`, `${title}${' '.repeat(width - visibleWidth(title))}   ${paint.dim(effect)}`)];
  });
  return [...rows.flatMap((line) => fold(line, paint.width, HANG)), row('', paint.cyan(command))];
}
