// What could not be done, as a person is told.
import { Failure } from '../src/failure.ts';
import { failureSentence } from '../src/words/en/failures.ts';

/** The code of what could not be done, and what is said of it. Throws when it was done, or when something else went wrong. */
export async function failureOf(
  doing: Promise<unknown>,
): Promise<{ readonly code: string; readonly text: string; readonly hint?: string | undefined }> {
  const fault = await doing.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(fault instanceof Failure)) throw new Error('it did not fail', { cause: fault });
  return { code: fault.code, ...failureSentence(fault) };
}
