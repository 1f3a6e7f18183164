// Findings for a comment on a pull request: a headline, a table, the advice folded away.
import type { FindingDocument, LintReportDocument } from '../answer/documents/lint-report.ts';
import { countWords, hiddenWords, TEXT } from '../words/en/lint-text.ts';
import { harmless } from './paint.ts';

/** Comments on GitHub end at 65,536 characters; of what would not fit there is a count. */
const MOST = 100;

export function lintMarkdown({ findings, profile, summary, severity }: LintReportDocument): string {
  const shown = findings.slice(0, MOST);
  const hidden = hiddenWords(summary, severity);
  const head = `### netverdict lint: ${countWords(summary)}`;
  const tail = [TEXT.profile(cell(profile)), ...(hidden === '' ? [] : [TEXT.notShown(hidden)])].join(' · ');
  if (findings.length === 0) return `${head}\n\n${tail}\n`;
  return [
    head,
    '',
    `| ${TEXT.columns.join(' | ')} |`.replace('|  |', '| |'),
    '|---|---|---|---|',
    ...shown.map(row),
    ...(findings.length > shown.length ? [`| | | | ${TEXT.moreRows(findings.length - shown.length)} |`] : []),
    '',
    ...advice(shown),
    tail,
    '',
  ].join('\n');
}

const MARKS = { error: '🔴', warning: '🟡', note: '🔵' };

function row({ severity, rule, at, text }: FindingDocument): string {
  const place = at === undefined ? '' : at.line === 0 ? at.file : `${at.file}:${at.line}`;
  return `| ${MARKS[severity]} | ${rule} | ${place === '' ? '' : `\`${plain(place)}\``} | ${cell(text)} |`;
}

function advice(findings: readonly FindingDocument[]): string[] {
  const hints = new Map(findings.flatMap(({ rule, hint }) => (hint === undefined ? [] : [[`${rule} ${hint}`, { rule, hint }] as const])));
  if (hints.size === 0) return [];
  const lines = [...hints.values()].map(({ rule, hint }) => `- **${rule}**: ${cell(hint)}`);
  return [`<details><summary>${TEXT.whatToDo}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Text of ours with names of theirs in backticks: pipes and line breaks would end the cell, `<` and `@` would be obeyed. */
function cell(text: string): string {
  const parts = text
    .split('`')
    .map((part, i) => (i % 2 === 1 ? `\`${plain(part)}\`` : plain(part).replace(/[<>@[\]*_#]/g, (found) => `\\${found}`)));
  return parts.join('');
}

function plain(text: string): string {
  return harmless(text).replaceAll('|', '\\|').replaceAll('`', '');
}
