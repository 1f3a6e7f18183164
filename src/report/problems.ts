// Problems as lines for a terminal: place, what, what next. A long tail is counted, not printed.
import type { ProblemDocument, ProblemsDocument } from '../answer/documents/problems.ts';
import { moreProblems } from '../words/en/problem.ts';
import type { Paint } from './paint.ts';
import { printPosition } from './places.ts';

/** `error  api.yaml:17:5  spec.ingress[0].from[0]: Required value: must specify a peer`, one a line. '' for none. */
export function problemLines({ problems, more }: ProblemsDocument, paint: Paint): string {
  const lines = problems.map((problem) => problemLine(problem, paint)).join('');
  return lines + (more > 0 ? `${paint.dim(moreProblems(more))}\n` : '');
}

function problemLine({ severity, at, text, hint }: ProblemDocument, paint: Paint): string {
  const word = severity === 'error' ? paint.red('error  ') : paint.yellow('warning');
  const place = at === undefined ? '' : `${paint.bold(printPosition(at))}  `;
  const hints = hint === undefined ? [] : hint.split('\n').map((line) => `        ${paint.dim(withoutTabs(line))}`);
  return `${[`${word} ${place}${paint.plain(withoutTabs(text))}`, ...hints].join('\n')}\n`;
}

/** A tab in a key would shift the text after it. */
function withoutTabs(text: string): string {
  return text.replaceAll('\t', '\\t');
}
