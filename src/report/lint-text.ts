// Findings for a terminal: what, where, the line of YAML with a caret under it, and what to do.
import type { LintFinding } from '../lint/lint.ts';
import type { Severity } from '../lint/rule.ts';
import { lineText } from '../manifest/positions.ts';
import { findingWords } from '../words/en/lint/finding.ts';
import { countsOf, countWords, hiddenWords, type LintReport, relatedPlaces } from './lint-report.ts';
import { harmless, type Paint } from './paint.ts';

/** `most`: findings that are printed; of the rest there is a count. Ends with a line break. */
export function lintText(report: LintReport, paint: Paint, most = Number.POSITIVE_INFINITY): string {
  const { findings } = report;
  const shown = findings.slice(0, most);
  const left = findings.length - shown.length;
  const mendable = findings.filter(({ fix }) => fix !== undefined).length;
  const hidden = hiddenWords(report);
  return [
    ...shown.flatMap((finding) => [...findingLines(finding, paint), '']),
    ...(left > 0 ? [paint.dim(`… and ${left} more; --verbose or -o json shows them`), ''] : []),
    `${headline(findings, paint)}${mendable > 0 ? paint.dim(`  (--fix can mend ${mendable})`) : ''}`,
    ...(hidden.length > 0 ? [paint.dim(`not shown: ${hidden.join('; ')}`)] : []),
    '',
  ].join('\n');
}

function headline(findings: readonly LintFinding[], paint: Paint): string {
  const counts = countsOf(findings);
  const words = countWords(counts);
  return counts.error > 0
    ? paint.red(words)
    : counts.warning > 0
      ? paint.yellow(words)
      : findings.length > 0
        ? paint.cyan(words)
        : paint.green(words);
}

function findingLines(finding: LintFinding, paint: Paint): string[] {
  const { severity, ruleId, at } = finding;
  const { text, hint } = findingWords(finding);
  const also = relatedPlaces(finding).map(({ file, line }) => `${file}:${line}`);
  return [
    `${colored(severity, paint)} ${paint.bold(ruleId)}  ${paint.plain(text)}`,
    ...(at === undefined ? [] : [`  ${paint.cyan(at.line === 0 ? at.file : `${at.file}:${at.line}:${Math.max(at.column, 1)}`)}`]),
    ...excerpt(finding, paint),
    ...(hint === undefined ? [] : [`  ${paint.dim('help:')} ${paint.plain(hint)}`]),
    ...(also.length === 0 ? [] : [`  ${paint.dim(`see also ${also.join(', ')}`)}`]),
  ];
}

function colored(severity: Severity, paint: Paint): string {
  return severity === 'error' ? paint.red('error  ') : severity === 'warning' ? paint.yellow('warning') : paint.cyan('note   ');
}

/** Columns of a line that are shown; lines of a machine's JSON are longer than any terminal. */
const WIDTH = 100;

function excerpt({ at, origin }: LintFinding, paint: Paint): string[] {
  if (at === undefined || at.line === 0 || origin === undefined) return [];
  const line = lineText(origin.document, at.line);
  if (line.trim() === '') return [];
  const from = at.column > WIDTH ? at.column - 20 : 0;
  // A tab is as wide as the terminal likes: under a blank of the same width the caret still stands right.
  const shown = line.slice(from, from + WIDTH).replaceAll('\t', ' ');
  // What is written out to be harmless is longer than what it stands for.
  const before = harmless(shown.slice(0, Math.max(at.column - 1 - from, 0))).length;
  const number = String(at.line);
  const gutter = ' '.repeat(number.length);
  const mark = `${' '.repeat(before)}^`;
  return [`  ${paint.dim(`${number} |`)} ${paint.plain(shown)}`, `  ${paint.dim(`${gutter} |`)} ${paint.yellow(mark)}`];
}
