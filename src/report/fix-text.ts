// `fix` for a terminal: each fix with what it opens and closes, what it restarts, and the lines that change.
import type { FixDocument, FixesDocument, FixesOfConnection, FixProof, NoFix } from '../answer/documents/fixes.ts';
import { EFFECT, kernelWords, LABELS, NEXT, NONE, stateWords, WARNINGS } from '../words/en/fix-text.ts';
import { proofWords, refusalWords, sharedWords } from '../words/en/fixes.ts';
import { filesWords } from '../words/en/why-text.ts';
import { effectLists, fixTitle } from './fix-lines.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';
import { HANG, inBrackets, row } from './why-rows.ts';

export interface FixTextOptions {
  readonly paint: Paint;
  /** Rows of what else opens or closes that are shown of each fix. */
  readonly mostRows: number;
  /** Only the fix of this number. */
  readonly only?: number | undefined;
  /** For each connection the command that writes a fix: `netverdict fix -f k8s web/frontend payments/svc/api-server:8080`. */
  readonly commands: readonly string[];
}

interface Pen extends FixTextOptions {
  readonly place: PrintPlace;
  readonly wanted: FixesDocument['wanted'];
}

/** Ends with a line break. */
export function fixText(document: FixesDocument, options: FixTextOptions): string {
  const { wanted } = document;
  const { text, folder } = withShortPlaces((place) =>
    document.connections.map((each, i) => connectionLines(each, options.commands[i] ?? '', { ...options, place, wanted })),
  );
  const blocks = text.map((lines) => `${lines.join('\n')}\n`).join('\n');
  return folder === '' ? blocks : `${blocks}\n${row(LABELS.files, options.paint.dim(filesWords(folder)))}\n`;
}

function connectionLines(each: FixesOfConnection, command: string, pen: Pen): readonly string[] {
  const { fixes, dnsStaysDenied, addressUnknown, advice = [], asked, protocol, outcome } = each;
  const { paint, wanted, only } = pen;
  const head = `${paint.bold(`${asked?.from ?? ''} → ${asked?.to ?? ''} (${protocol})`)}   ${paint.dim(stateWords(outcome))}`;
  const shown = fixes.filter(({ number }) => only === undefined || only === number);
  const lines = shown.flatMap((fix) => ['', ...fixLines(fix, pen)]);
  if (lines.length === 0) lines.push('', ...noneLines(each, pen));
  if (wanted === 'allowed') for (const one of advice) lines.push('', row(LABELS.advice, paint.cyan(one.text)));
  if (dnsStaysDenied && fixes.length > 0) lines.push('', row(LABELS.warning, paint.yellow(WARNINGS.dnsStaysDenied)));
  if (addressUnknown !== undefined && fixes.length > 0)
    lines.push('', row(LABELS.warning, paint.yellow(WARNINGS.addressUnknown(addressUnknown, each.addressFamily))));
  const folded = [head, ...lines].flatMap((line) => fold(line, paint.width, HANG));
  if (fixes.length === 0) return folded;
  const isWritable = shown[0] !== undefined && shown[0].notWritable === undefined;
  // Long commands stay in one piece, to be copied.
  const commandRow = row(wanted, paint.cyan(`${command} ${isWritable ? `--write ${only ?? 1}` : '-o kubectl'}`));
  return [...folded, '', commandRow, row('', paint.dim(isWritable ? NEXT.writes : NEXT.prints))];
}

function noneLines({ none, outcome }: FixesOfConnection, { paint, place, wanted, only }: Pen): readonly string[] {
  if (none === undefined) return only === undefined ? [] : [row(LABELS.fix, paint.yellow(NONE.noSuchNumber(only)))];
  const { because = [] } = none;
  const head = (text: string) => row(LABELS.fix, paint.yellow(text));
  const hint = (text: string) => row('', paint.dim(text));
  switch (none.code) {
    case 'done':
      return [row(LABELS.fix, paint.green(NONE.done(outcome)))];
    case 'unreadable': {
      const names = because.map(({ text, at }) => `${text}${inBrackets(place(at, 'object'))}`).join(', ');
      return [head(NONE.unreadable(because.length, names)), hint(NONE.unreadableHint)];
    }
    case 'broken':
      return [
        head(NONE.broken(because.map(({ text }) => text).join('; '))),
        ...because.flatMap((each) => (each.hint === undefined ? [] : [hint(`→ ${each.hint}`)])),
        ...deniedToo(none, paint),
      ];
    case 'denied-above':
      return [head(NONE.deniedAbove(because[0]?.text ?? '')), hint(NONE.deniedAboveHint)];
    case 'not-found':
      return [head(NONE.notFound(wanted)), hint(NONE.notFoundHint)];
  }
}

function deniedToo({ policiesDeny }: NoFix, paint: Paint): readonly string[] {
  return policiesDeny === true ? [row('', paint.yellow(NONE.brokenAndDenied))] : [];
}

function fixLines(fix: FixDocument, pen: Pen): readonly string[] {
  const { paint, place, wanted } = pen;
  const { opens, closes } = effectLists(fix);
  const { shared = [], restarts } = fix;
  return [
    row(`${LABELS.fix} ${fix.number}`, paint.bold(fixTitle(fix, place))),
    ...listRows(EFFECT.opens, opens, wanted === 'allowed', pen),
    ...listRows(EFFECT.closes, closes, wanted === 'denied', pen),
    ...shared.map((each, i) => row('', `${(i === 0 ? EFFECT.edits : '').padEnd(8)}${paint.yellow(sharedWords(each))}`)),
    ...(restarts === undefined ? [] : [row('', paint.yellow(restarts))]),
    ...changeRows(fix, paint),
    ...proofRows(fix.proof, paint),
  ];
}

function proofRows(proof: FixProof | undefined, paint: Paint): readonly string[] {
  if (proof === undefined) return [];
  const words = kernelWords(proof.kernel, proofWords(proof), proof.agrees);
  return [row(LABELS.proof, proof.agrees ? paint.green(`✓ ${words}`) : paint.red(`✗ ${words}`))];
}

/** `isThis`: what was asked for is among it. */
function listRows(verb: string, list: readonly string[], isThis: boolean, { paint, mostRows }: Pen): readonly string[] {
  const head = verb.padEnd(8);
  if (list.length === 0) return [row('', `${head}${paint.green(isThis ? EFFECT.thisOnly : EFFECT.nothing)}`)];
  const shown = list.slice(0, mostRows);
  const indent = ' '.repeat(8);
  return [
    ...(isThis ? [row('', `${head}${EFFECT.thisAnd}`)] : []),
    ...shown.map((text, i) => row('', `${i === 0 && !isThis ? head : indent}${paint.yellow(text)}`)),
    ...(list.length > shown.length ? [row('', `${indent}${paint.dim(EFFECT.more(list.length - shown.length))}`)] : []),
  ];
}

/** Lines longer than this are a whole manifest in one line: nothing to look at. */
const LONGEST_LINE = 200;
const MOST_LINES = 16;

function changeRows({ patch, notWritable }: FixDocument, paint: Paint): readonly string[] {
  if (notWritable !== undefined) return [row('', paint.dim(refusalWords(notWritable)))];
  const lines = (patch ?? '').split('\n').filter((line) => /^[+-](?!\+\+ |-- )/.test(line));
  if (lines.some((line) => line.length > LONGEST_LINE)) return [];
  const shown = lines.length <= MOST_LINES + 3 ? lines : lines.slice(0, MOST_LINES);
  const more = lines.length > shown.length ? [row('', paint.dim(EFFECT.moreLines(lines.length - shown.length)))] : [];
  return [...shown.map((line) => row('', line.startsWith('+') ? paint.green(line) : paint.red(line))), ...more];
}
