// `test` for a terminal: one line for each intent, and under those that fail what `why` says of the connection.

import { whyDocument } from '../answer/why.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Check, IntentResult, IntentsRun } from '../question/intents.ts';
import { few } from './columns.ts';
import { fold } from './fold.ts';
import { checkEnds, checkSentence, controlWords, intentPlace, totals } from './intents-words.ts';
import type { Paint } from './paint.ts';
import { whyText } from './why-text.ts';

export interface IntentsTextOptions {
  readonly paint: Paint;
  readonly semantics: Semantics;
  /** `the model`, `the kernel (Linux 6.1)`, `the cluster kind-shop`. */
  readonly asked: string;
  /** Every check, and what it rests on. */
  readonly verbose: boolean;
  /** Only what fails. */
  readonly quiet: boolean;
}

/** Failing checks of one intent that are explained; the others are counted. */
const MOST_TOLD = 3;

/** Ends with a line break. */
export function intentsText(run: IntentsRun, options: IntentsTextOptions): string {
  const { paint } = options;
  const shown = run.results.filter(({ holds }) => !holds || !options.quiet);
  const { held, failed, checks } = totals(run);
  const word = failed === 0 ? paint.green('✓') : paint.red('✗');
  const connections = checks === 1 ? '1 connection' : `${checks} connections`;
  const sum = [
    `${held} ${held === 1 ? 'intent holds' : 'intents hold'}`,
    ...(failed === 0 ? [] : [`${failed} ${failed === 1 ? 'does' : 'do'} not`]),
  ].join(', ');
  const cni = options.semantics.name === 'kubernetes' ? 'any' : options.semantics.name;
  return [
    ...shown.flatMap((result) => lines(result, options)),
    ...(shown.length > 0 ? [''] : []),
    `${word} ${paint.bold(sum)}   ${paint.dim(`${connections}, asked of ${options.asked}, cni: ${cni}`)}`,
    '',
  ].join('\n');
}

function lines(result: IntentResult, options: IntentsTextOptions): string[] {
  const { paint, verbose } = options;
  const { intent, holds, checks } = result;
  const sign = holds ? paint.green('✓') : paint.red('✗');
  const head = `${sign} ${holds ? paint.plain(intent.name) : paint.bold(intent.name)}   ${paint.dim(intentPlace(result))}`;
  const groups = verbose ? checks.map((check) => [check]) : alike(checks.filter((check) => !check.holds));
  const told = verbose ? groups : groups.slice(0, MOST_TOLD);
  const more = groups.slice(told.length).reduce((sum, group) => sum + group.length, 0);
  const [first, ...others] = verbose ? [] : checks.filter((check) => check.notByName);
  return [
    head,
    ...told.flatMap((group) => groupLines(group, options)),
    ...(more > 0 ? [`    ${paint.dim(`and ${more} more that ${more === 1 ? 'fails' : 'fail'} (--verbose shows all)`)}`] : []),
    ...(first === undefined ? [] : fold(`    ${paint.yellow('!')} ${notByName(first, others.length + 1, paint)}`, paint.width, 6)),
  ];
}

/** Checks that fail at one destination for the same reasons: the first of them is explained, the sources of the others are named. */
function alike(checks: readonly Check[]): readonly (readonly Check[])[] {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const codes = check.answer?.connections.flatMap((connection) => connection.codes) ?? [];
    const key = JSON.stringify([
      check.to,
      check.protocol,
      check.code,
      check.outcome,
      codes,
      check.measured?.text,
      check.answer === undefined ? check.from : '',
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [check]);
    else group.push(check);
  }
  return [...groups.values()];
}

function notByName({ from }: Check, count: number, paint: Paint): string {
  const who = count === 1 ? from : `${from} and ${count - 1} more`;
  return paint.plain(`allowed, but not by name: DNS is denied to ${who}`);
}

function groupLines([check, ...others]: readonly Check[], { paint, semantics, verbose }: IntentsTextOptions): string[] {
  if (check === undefined) return [];
  const { text, hint } = checkSentence(check);
  const head = `${check.holds ? paint.green('✓') : paint.red('✗')} ${paint.plain(checkEnds(check))}   ${paint.plain(text)}`;
  const isSaid = hint !== undefined && hint === controlWords(check.control);
  const control = verbose ? controlWords(check.control) : undefined;
  const same = others.map(({ from }) => from);
  return [
    ...fold(`    ${head}`, paint.width, 8),
    ...(same.length === 0 ? [] : fold(`      ${paint.dim(`the same for ${few(same, 12)}`)}`, paint.width, 8)),
    ...(control === undefined ? [] : [`      ${paint.dim(control)}`]),
    ...(hint === undefined || isSaid ? [] : fold(`      ${paint.cyan(`→ ${hint}`)}`, paint.width, 8)),
    // That it is denied is what was wanted; only its control is missing.
    ...(check.holds || check.code === 'no-control' ? [] : reasons(check, semantics, paint)),
  ];
}

/** The rows of `why` without its headline, which stands above already. */
function reasons({ answer }: Check, semantics: Semantics, paint: Paint): string[] {
  if (answer === undefined) return [];
  const narrower: Paint = { ...paint, width: Math.max(60, paint.width - 4) };
  const all = whyText(whyDocument(answer, semantics), { paint: narrower, mostMisses: 1 }).trimEnd().split('\n');
  const start = all.indexOf('');
  return all.slice(start + 1).map((line) => (line === '' ? '' : `    ${line}`));
}
