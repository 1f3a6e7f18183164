// Findings for a terminal: what, where, the line of YAML with a caret under it, and what to do.
import type { FindingDocument, LintReportDocument, Severity } from '../answer/documents/lint-report.ts';
import { countWords, hiddenWords, TEXT } from '../words/en/lint-text.ts';
import { harmless, type Paint } from './paint.ts';

/** `most`: findings that are printed; of the rest there is a count. Ends with a line break. */
export function lintText({ findings, summary, severity }: LintReportDocument, paint: Paint, most = Number.POSITIVE_INFINITY): string {
  const shown = findings.slice(0, most);
  const left = findings.length - shown.length;
  const fixable = findings.filter((finding) => finding.fixable).length;
  const hidden = hiddenWords(summary, severity);
  return [
    ...shown.flatMap((finding) => [...findingLines(finding, paint), '']),
    ...(left > 0 ? [paint.dim(TEXT.more(left)), ''] : []),
    `${headline(summary, paint)}${fixable > 0 ? paint.dim(`  ${TEXT.fixable(fixable)}`) : ''}`,
    ...(hidden === '' ? [] : [paint.dim(TEXT.notShown(hidden))]),
    '',
  ].join('\n');
}

function headline(summary: LintReportDocument['summary'], paint: Paint): string {
  const color = summary.error > 0 ? paint.red : summary.warning > 0 ? paint.yellow : summary.note > 0 ? paint.cyan : paint.green;
  return color(countWords(summary));
}

function findingLines(finding: FindingDocument, paint: Paint): string[] {
  const { severity, rule, text, hint, at, related } = finding;
  const also = related.map(({ file, line }) => `${file}:${line}`);
  return [
    `${colored(severity, paint)} ${paint.bold(rule)}  ${paint.plain(text)}`,
    ...(at === undefined ? [] : [`  ${paint.cyan(at.line === 0 ? at.file : `${at.file}:${at.line}:${Math.max(at.column, 1)}`)}`]),
    ...excerptLines(finding, paint),
    ...(hint === undefined ? [] : [`  ${paint.dim(TEXT.help)} ${paint.plain(hint)}`]),
    ...(also.length === 0 ? [] : [`  ${paint.dim(TEXT.seeAlso(also.join(', ')))}`]),
  ];
}

function colored(severity: Severity, paint: Paint): string {
  const word = severity.padEnd(7);
  return severity === 'error' ? paint.red(word) : severity === 'warning' ? paint.yellow(word) : paint.cyan(word);
}

function excerptLines({ at, excerpt }: FindingDocument, paint: Paint): string[] {
  if (at === undefined || excerpt === undefined) return [];
  // A tab is as wide as the terminal likes: under a blank of the same width the caret is still in the right column.
  const shown = excerpt.text.replaceAll('\t', ' ');
  // What is written out to be harmless is longer than what it stands for.
  const before = harmless(shown.slice(0, excerpt.before)).length;
  const number = String(at.line);
  const gutter = ' '.repeat(number.length);
  return [`  ${paint.dim(`${number} |`)} ${paint.plain(shown)}`, `  ${paint.dim(`${gutter} |`)} ${paint.yellow(`${' '.repeat(before)}^`)}`];
}
