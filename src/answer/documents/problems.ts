// What is wrong with the input, beside the answer to a question.
import type { Code, Count, Facts, Name, Place } from './common.ts';

/** Problems of an input, errors first. */
export interface ProblemsDocument {
  readonly problems: readonly ProblemDocument[];
  /** How many are not listed. */
  readonly more: Count;
}

/** One thing that could not be understood, or that is likely not what was meant. docs/problems.md has the codes. */
export interface ProblemDocument {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  readonly facts: Facts;
  readonly text: Name;
  readonly hint?: string;
  /** Absent for problems of a whole input. */
  readonly at?: Place;
}
