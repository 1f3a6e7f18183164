// Fixes as the rows that `why` and `fix` share: what to do and where, and what comes of it.
import type { BriefFix } from '../answer/documents/fixes.ts';
import { LABELS } from '../words/en/fix-text.ts';
import { effectWords, serviceWords, sharedWords } from '../words/en/fixes.ts';
import { fold, visibleWidth } from './fold.ts';
import type { Paint } from './paint.ts';
import type { PrintPlace } from './places.ts';
import { HANG, inBrackets, row } from './why-rows.ts';

/** `label the pod template app=frontend (frontend.yaml:12), and …`. */
export function fixTitle({ edits }: BriefFix, place: PrintPlace): string {
  return edits.map(({ text, at }) => `${text}${inBrackets(place(at))}`).join(', and ');
}

/** What a fix opens and what it closes besides, Services among them. */
export function effectLists({ opens, closes, services = [] }: BriefFix): {
  readonly opens: readonly string[];
  readonly closes: readonly string[];
} {
  const said = (rows: BriefFix['opens']) => rows.map(({ text, from, to }) => text ?? `${from} → ${to}`);
  return {
    opens: [...said(opens), ...services.filter(({ change }) => change === 'gains').map(serviceWords)],
    closes: [...said(closes), ...services.filter(({ change }) => change === 'loses').map(serviceWords)],
  };
}

/** Titles up to this width stand in a column of their own, with what comes of them beside. */
const TITLE_COLUMN = 60;

/**
 * For each fix what to do and what comes of it, and the command that writes the first, which is never broken: `fix 1      add app=web to
 * the rule (api.yaml:17)   opens this, nothing else; closes nothing`. [] for no fix.
 */
export function fixRows(fixes: readonly BriefFix[], paint: Paint, place: PrintPlace, command: string): readonly string[] {
  if (fixes.length === 0) return [];
  const titles = fixes.map((fix) => paint.plain(fixTitle(fix, place)));
  const width = Math.max(...titles.map(visibleWidth));
  const rows = fixes.flatMap((fix, i) => {
    const title = titles[i] ?? '';
    const { opens, closes } = effectLists(fix);
    const { shared = [], restarts } = fix;
    const words = [effectWords(opens, closes, 2), ...shared.map(sharedWords), ...(restarts === undefined ? [] : [restarts])];
    const effect = paint.plain(words.join('; '));
    const label = `${LABELS.fix} ${fix.number}`;
    if (width > TITLE_COLUMN) return [row(label, title), row('', paint.dim(effect))];
    return [row(label, `${title}${' '.repeat(width - visibleWidth(title))}   ${paint.dim(effect)}`)];
  });
  return [...rows.flatMap((line) => fold(line, paint.width, HANG)), row('', paint.cyan(command))];
}
