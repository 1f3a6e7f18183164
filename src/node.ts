// The second door: what needs files, sockets or processes. Everything else is in the first one, `netverdict`.
export { Failure } from './failure.ts';
export * from './index.ts';
export { readInputs } from './source/files.ts';
