// Something outside us did not work: a path that is not there, a cluster that does not answer. Thrown by edges only, as a code with facts;
// `words/en/failures.ts` says it. What is wrong inside the user's files is a Problem (model/problem.ts), our own mistakes are plain Errors.
import type { AppFailures } from './failure/app.ts';
import type { ClusterFailures } from './failure/cluster.ts';
import type { LabFailures } from './failure/lab.ts';
import type { ProbeFailures } from './failure/probe.ts';
import type { SourceFailures } from './failure/source.ts';

/** What an edge can throw: its code → its facts. */
export interface FailureFacts extends AppFailures, SourceFailures, ClusterFailures, ProbeFailures, LabFailures {}
export type FailureCode = keyof FailureFacts;

/** What goes with either form: the error behind it. */
interface Because {
  readonly cause?: unknown;
}

/**
 * From an edge: `new Failure('input-not-found', { path: 'deplyo', near: ['deploy'], notFolder: undefined })`. From a surface, which may speak
 * for itself: `new Failure('bad-timeout', '`x` is not a number of seconds', { hint })`; then `facts` is undefined.
 * Caught in the surfaces only: exit code 2, HTTP 5xx. `code` is public, kebab-case. `message` of one with facts is for a stack trace, not for
 * a reader: ask `failureSentence`.
 */
export class Failure extends Error {
  readonly code: string;
  readonly facts: FailureFacts[FailureCode] | undefined;
  /** What to try next; undefined when nothing better than the message is known, and for one with facts. */
  readonly hint: string | undefined;

  constructor(code: string, message: string, options?: Because & { readonly hint?: string | undefined });
  constructor(...[code, facts, because]: FailureArguments);
  constructor(...given: readonly unknown[]) {
    const [code, what, options = {}] = given as [string, unknown, (Because & { readonly hint?: string | undefined })?];
    const message = typeof what === 'string' ? what : `${code} ${JSON.stringify(what)}`;
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Failure';
    this.code = code;
    this.facts = typeof what === 'string' ? undefined : (what as FailureFacts[FailureCode]);
    this.hint = options.hint;
  }
}

/** A code with the facts that belong to it, for each code. */
type FailureArguments = {
  readonly [Code in FailureCode]: readonly [code: Code, facts: FailureFacts[Code], because?: Because];
}[FailureCode];

/** Narrows: `isFailure(error, 'cluster-slow')` → its facts are known. */
export function isFailure<Code extends FailureCode>(
  error: unknown,
  ...codes: readonly Code[]
): error is Failure & { readonly code: Code; readonly facts: FailureFacts[Code] } {
  return error instanceof Failure && error.facts !== undefined && (codes as readonly string[]).includes(error.code);
}
