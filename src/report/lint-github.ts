// Workflow commands of GitHub Actions: one line per finding, shown beside the line of the pull request.
import type { FindingDocument, LintReportDocument, Severity } from '../answer/documents/lint-report.ts';
import { countWords } from '../words/en/lint-text.ts';
import { harmless } from './paint.ts';

/** `::error file=cart.yaml,line=6,col=20,title=selects-nothing::policy `shop/cart` selects no pod`. Ends with a line of counts. */
export function lintGithub({ findings, summary }: LintReportDocument): string {
  return [...findings.map(command), `netverdict lint: ${countWords(summary)}`, ''].join('\n');
}

function command({ severity, rule, text, hint, at }: FindingDocument): string {
  return workflowCommand(severity, rule, hint === undefined ? text : `${text}\n${hint}`, at);
}

/** `::warning file=cart.yaml,line=6,col=20,title=access-widened::…`: one line, whatever stands in the text. */
export function workflowCommand(severity: Severity, title: string, text: string, at: FindingDocument['at']): string {
  const kind = severity === 'note' ? 'notice' : severity;
  const properties = [
    ...(at === undefined ? [] : [`file=${property(at.file)}`]),
    ...(at === undefined || at.line === 0 ? [] : [`line=${at.line}`, `col=${Math.max(at.column, 1)}`]),
    // GitHub's runner takes columns on one line only, and an annotation is shown under its last line, which may be far from the edit.
    ...(at === undefined || at.endLine !== at.line || at.endColumn === undefined
      ? []
      : [`endLine=${at.endLine}`, `endColumn=${at.endColumn}`]),
    `title=${property(title)}`,
  ];
  return `::${kind} ${properties.join(',')}::${data(text)}`;
}

/** Escapes of the runner (actions/toolkit, command.ts): a line break would end the command, and the rest of it would be another one. */
function data(text: string): string {
  return text.split('\n').map(harmless).join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
