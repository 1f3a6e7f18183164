// An end of a connection that could not be read, as a Failure: exit code 2. Beside mistake.ts, because few commands need these sentences.
import { Failure } from '../failure.ts';
import type { EndError } from '../route/obstacle.ts';
import { endErrorSentence } from '../words/en/end-error.ts';

/** Of an end that could not be read: its code, its sentence, and what may have been meant. The first counts. */
export function badEnd([first]: readonly EndError[]): Failure {
  if (first === undefined) throw new Error('an answer is an error without errors');
  const { text, hint } = endErrorSentence(first);
  return new Failure(first.code, text, { hint });
}
