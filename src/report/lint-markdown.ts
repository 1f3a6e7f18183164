// Findings for a comment on a pull request: a headline, a table, the advice folded away.
import type { LintFinding } from '../lint/lint.ts';
import { findingWords } from '../words/en/lint/finding.ts';
import { countsOf, countWords, hiddenWords, type LintReport } from './lint-report.ts';
import { harmless } from './paint.ts';

/** Comments on GitHub end at 65,536 characters; of what would not fit there is a count. */
const MOST = 100;

export function lintMarkdown(report: LintReport): string {
  const { findings, profile } = report;
  const shown = findings.slice(0, MOST);
  const hidden = hiddenWords(report);
  const head = `### netverdict lint: ${countWords(countsOf(findings))}`;
  const tail = [`CNI profile: ${cell(profile)}`, ...(hidden.length > 0 ? [`not shown: ${hidden.join('; ')}`] : [])].join(' · ');
  if (findings.length === 0) return `${head}\n\n${tail}\n`;
  return [
    head,
    '',
    '| | rule | where | what |',
    '|---|---|---|---|',
    ...shown.map(row),
    ...(findings.length > shown.length ? [`| | | | … and ${findings.length - shown.length} more |`] : []),
    '',
    ...advice(shown),
    tail,
    '',
  ].join('\n');
}

const MARKS = { error: '🔴', warning: '🟡', note: '🔵' };

function row(finding: LintFinding): string {
  const { severity, ruleId, at } = finding;
  const place = at === undefined ? '' : at.line === 0 ? at.file : `${at.file}:${at.line}`;
  return `| ${MARKS[severity]} | ${ruleId} | ${place === '' ? '' : `\`${plain(place)}\``} | ${cell(findingWords(finding).text)} |`;
}

function advice(findings: readonly LintFinding[]): string[] {
  const hints = new Map(
    findings.flatMap((finding) => {
      const { hint } = findingWords(finding);
      return hint === undefined ? [] : [[`${finding.ruleId} ${hint}`, { ruleId: finding.ruleId, hint }] as const];
    }),
  );
  if (hints.size === 0) return [];
  const lines = [...hints.values()].map(({ ruleId, hint }) => `- **${ruleId}**: ${cell(hint)}`);
  return ['<details><summary>What to do</summary>', '', ...lines, '', '</details>', ''];
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
