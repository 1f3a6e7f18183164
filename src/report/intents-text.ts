// `test` for a terminal: one line for each intent, and under those that fail what `why` says of the connection.
import type { CheckDocument, IntentDocument, IntentsReportDocument } from '../answer/documents/intents-report.ts';
import { checksAlike } from '../answer/intents.ts';
import { askedWords, checkEnds, heldWords, moreFailing, notByNameWords, sameForWords } from '../words/en/intents.ts';
import { hostNetworkWords } from '../words/en/promises.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { whyText } from './why-text.ts';

export interface IntentsTextOptions {
  readonly paint: Paint;
  /** `the model`, `the kernel (Linux 6.1)`, `the cluster kind-shop`. */
  readonly asked: string;
  /** Every check, and what it rests on. */
  readonly verbose: boolean;
  /** Only what fails. */
  readonly quiet: boolean;
}

/** Groups of failing checks of one intent that are explained; the others are counted. */
export const MOST_TOLD = 3;

/** Ends with a line break. */
export function intentsText(report: IntentsReportDocument, options: IntentsTextOptions): string {
  const { paint } = options;
  const { intents, held, failed, profile } = report;
  const shown = intents.filter(({ holds }) => !holds || !options.quiet);
  const word = failed === 0 ? paint.green('✓') : paint.red('✗');
  const checks = intents.reduce((sum, intent) => sum + intent.checks.length, 0);
  return [
    ...shown.flatMap((intent) => lines(intent, options)),
    ...(shown.length > 0 ? [''] : []),
    `${word} ${paint.bold(heldWords(held, failed))}   ${paint.dim(askedWords(checks, options.asked, profile))}`,
    '',
  ].join('\n');
}

function lines({ name, holds, at, checks }: IntentDocument, options: IntentsTextOptions): string[] {
  const { paint, verbose } = options;
  const sign = holds ? paint.green('✓') : paint.red('✗');
  const place = at.line === 0 ? at.file : `${at.file}:${at.line}:${at.column}`;
  const groups = verbose ? checks.map((check) => [check]) : checksAlike(checks.filter((check) => !check.holds));
  const told = verbose ? groups : groups.slice(0, MOST_TOLD);
  const more = groups.slice(told.length).reduce((sum, group) => sum + group.length, 0);
  const [first, ...others] = verbose ? [] : checks.filter(({ notByName }) => notByName === true);
  return [
    `${sign} ${holds ? paint.plain(name) : paint.bold(name)}   ${paint.dim(place)}`,
    ...told.flatMap((group) => groupLines(group, options)),
    ...(more > 0 ? [`    ${paint.dim(moreFailing(more))}`] : []),
    ...(first === undefined
      ? []
      : fold(`    ${paint.yellow('!')} ${paint.plain(notByNameWords(first.from, others.length))}`, paint.width, 6)),
  ];
}

function groupLines([check, ...others]: readonly CheckDocument[], { paint, verbose }: IntentsTextOptions): string[] {
  if (check === undefined) return [];
  const { text, hint, holds, code } = check;
  const head = `${holds ? paint.green('✓') : paint.red('✗')} ${paint.plain(checkEnds(check))}   ${paint.plain(text)}`;
  const isSaid = hint !== undefined && hint === check.control?.text;
  const control = verbose ? check.control?.text : undefined;
  const same = others.map(({ from }) => from);
  return [
    ...fold(`    ${head}`, paint.width, 8),
    ...(same.length === 0 ? [] : fold(`      ${paint.dim(sameForWords(same))}`, paint.width, 8)),
    ...(control === undefined ? [] : [`      ${paint.dim(control)}`]),
    ...(hint === undefined || isSaid ? [] : fold(`      ${paint.cyan(`→ ${hint}`)}`, paint.width, 8)),
    // That it is denied is what was wanted; only its control is missing.
    ...(holds || code === 'no-control' ? [] : reasons(check, paint)),
    ...promiseLines(check, paint, verbose),
  ];
}

/** What decides about the counter-example, or why it stays open; what is not covered, with `--verbose` or where it is all that is said. */
function promiseLines({ promise }: CheckDocument, paint: Paint, verbose: boolean): string[] {
  if (promise === undefined) return [];
  const { counterExample, undecidedBecause = [], covered } = promise;
  return [
    ...(counterExample?.decidedBy ?? []).map(({ text }) => paint.plain(text)),
    ...undecidedBecause.flatMap(({ text, hint }) => [paint.plain(text), ...(hint === undefined ? [] : [paint.cyan(`→ ${hint}`)])]),
    ...(verbose && covered.hostNetwork > 0 ? [paint.dim(hostNetworkWords(covered.hostNetwork))] : []),
  ].flatMap((line) => fold(`      ${line}`, paint.width, 8));
}

/** The rows of `why` without its headline, which stands above already. */
function reasons({ explanation }: CheckDocument, paint: Paint): string[] {
  if (explanation === undefined) return [];
  const narrower: Paint = { ...paint, width: Math.max(60, paint.width - 4) };
  const all = whyText(explanation, { paint: narrower, mostMisses: 1 }).trimEnd().split('\n');
  const start = all.indexOf('');
  return all.slice(start + 1).map((line) => (line === '' ? '' : `    ${line}`));
}
