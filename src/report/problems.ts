// Problems as lines for a terminal: place, what, what next. Errors first; a long tail is counted, not printed.

import { placeOf } from '../explain/place.ts';
import type { Problem } from '../model/problem.ts';
import { moreProblems, problemSentence } from '../words/en/problem.ts';
import type { Paint } from './paint.ts';

/** `error  api.yaml:17:5  spec.ingress[0].from[0]: Required value: must specify a peer`, one a line. '' for none. */
export function problemLines(problems: readonly Problem[], paint: Paint, most = Number.POSITIVE_INFINITY): string {
  const sorted = [...problems].sort((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1));
  const lines = sorted.slice(0, most).map((problem) => {
    const { text, hint } = problemSentence(problem);
    const word = problem.severity === 'error' ? paint.red('error  ') : paint.yellow('warning');
    const place = placeOf(problem);
    return `${word} ${place === '' ? '' : `${paint.bold(place)}  `}${paint.plain(text)}${
      hint === undefined
        ? ''
        : `\n${hint
            .split('\n')
            .map((line) => `        ${paint.dim(line)}`)
            .join('\n')}`
    }\n`;
  });
  const left = problems.length - lines.length;
  return lines.join('') + (left > 0 ? `${paint.dim(moreProblems(left))}\n` : '');
}
