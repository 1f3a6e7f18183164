// Something outside us did not work: a path that is not there, a cluster that does not answer. Thrown by edges only;
// what is wrong inside the user's files is a Problem (model/problem.ts), and our own mistakes are plain Errors.

/**
 * `new Failure('input-not-found', 'no such file or folder: `deplyo`', { hint: 'did you mean `deploy`?' })`.
 * Caught in the surfaces only: exit code 2, HTTP 5xx. `code` is public, kebab-case; the message has no final stop.
 */
export class Failure extends Error {
  readonly code: string;
  /** What to try next; undefined when nothing better than the message is known. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: { readonly hint?: string | undefined; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.hint = options.hint;
  }
}
