// The second door: what needs files, sockets or processes. Everything else is in the first one, `netverdict`.
export { Failure, type FailureCode, type FailureFacts, isFailure } from './failure.ts';
export * from './index.ts';
export { readInputs } from './source/files.ts';
export { failureSentence } from './words/en/failures.ts';
export type { Said } from './words/en/said.ts';
