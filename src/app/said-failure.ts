// A Failure of the application, with the words that words/ has for it.
import { Failure } from '../failure.ts';
import type { Said } from '../words/en/said.ts';

/** `saidFailure('no-input', noManifestsHere())`, to be thrown. */
export function saidFailure(code: string, said: Said, cause?: unknown): Failure {
  return new Failure(code, said.text, { hint: said.hint, ...(cause !== undefined && { cause }) });
}
