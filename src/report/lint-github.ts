// Workflow commands of GitHub Actions: one line per finding, shown beside the line of the pull request.
import type { LintFinding } from '../lint/lint.ts';
import { countsOf, countWords, type LintReport } from './lint-report.ts';
import { harmless } from './paint.ts';

/** `::error file=cart.yaml,line=6,col=20,title=selects-nothing::policy `shop/cart` selects no pod`. Ends with a line of counts. */
export function lintGithub({ findings }: LintReport): string {
  return [...findings.map(command), `netverdict lint: ${countWords(countsOf(findings))}`, ''].join('\n');
}

function command({ severity, ruleId, text, hint, at }: LintFinding): string {
  const kind = severity === 'note' ? 'notice' : severity;
  const properties = [
    ...(at === undefined ? [] : [`file=${property(at.file)}`]),
    ...(at === undefined || at.line === 0 ? [] : [`line=${at.line}`, `col=${Math.max(at.column, 1)}`]),
    `title=${property(ruleId)}`,
  ];
  return `::${kind} ${properties.join(',')}::${data(hint === undefined ? text : `${text}\n${hint}`)}`;
}

/** Escapes of the runner (actions/toolkit, command.ts): a line break would end the command, and the rest of it would be another one. */
function data(text: string): string {
  return text.split('\n').map(harmless).join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
