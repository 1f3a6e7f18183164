// What a cause means for this connection, and what to do about it.
import type { Cause, CauseCode } from '../../explain/causes.ts';
import { CAUSES_AROUND } from './cause-around.ts';
import { CAUSES_IN_RULES } from './cause-in-rules.ts';
import { CAUSES_UNDECIDED } from './cause-undecided.ts';
import { type Fact, factsOf, type Said } from './said.ts';

export type CauseWords<Code extends CauseCode = CauseCode> = Readonly<Record<Code, (fact: Fact, cause: Cause) => Said>>;

const WORDS: CauseWords = { ...CAUSES_IN_RULES, ...CAUSES_AROUND, ...CAUSES_UNDECIDED };

/** Never throws; facts that are missing are left out. */
export function causeSentence(cause: Cause): Said {
  return WORDS[cause.code](factsOf(cause.facts), cause);
}
