// What comes instead of a document where a question cannot be answered.
import type { ApiVersion, Code, Facts, Name } from './common.ts';

/** Instead of an answer: what was wrong with the question, with the next step. Only the library returns it; the program ends with exit code 2. */
export interface NoAnswerDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'NoAnswer';
  /** @minItems 1 */
  readonly errors: readonly QuestionError[];
}

export interface QuestionError {
  readonly code: Code;
  readonly facts: Facts;
  readonly text: Name;
  readonly hint?: Name;
}
