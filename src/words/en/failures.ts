// What an edge could not do, in English, and what to try next. Names no flag: which one helps is for the command line to say (cli/flags.ts).
import type { Failure, FailureCode, FailureFacts } from '../../failure.ts';
import { APP_FAILURES } from './failures/app.ts';
import { CLUSTER_FAILURES } from './failures/cluster.ts';
import { LAB_FAILURES } from './failures/lab.ts';
import { PROBE_FAILURES } from './failures/probe.ts';
import { SOURCE_FAILURES } from './failures/source.ts';
import type { Said } from './said.ts';

const SENTENCES: { readonly [Code in FailureCode]: (facts: FailureFacts[Code]) => Said } = {
  ...APP_FAILURES,
  ...SOURCE_FAILURES,
  ...CLUSTER_FAILURES,
  ...PROBE_FAILURES,
  ...LAB_FAILURES,
};

/** `failureSentence(failure)` → `{ text: 'no such file or folder: `deplyo`', hint: 'did you mean `deploy`?' }`. */
export function failureSentence(failure: Failure): Said {
  if (failure.facts === undefined) return { text: failure.message, hint: failure.hint };
  const say = SENTENCES[failure.code as FailureCode] as (facts: FailureFacts[FailureCode]) => Said;
  return say(failure.facts);
}
