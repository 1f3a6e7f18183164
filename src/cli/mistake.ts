// A mistake on the command line as a Failure, with its sentence: exit code 2, like what edges throw.
import { Failure } from '../failure.ts';
import { MISTAKES } from '../words/en/cli/mistakes.ts';
import type { Said } from '../words/en/said.ts';

type Mistakes = typeof MISTAKES;

/** `throw mistake('unknown-rule', { id: 'pod-opne', near: ['pod-open'] })`; `{}` where a code has no facts. */
export function mistake<Code extends keyof Mistakes>(code: Code, facts: FactsOf<Code>, cause?: unknown): Failure {
  const say = MISTAKES[code] as (facts: FactsOf<Code>) => Said;
  const { text, hint } = say(facts);
  return new Failure(code, text, { hint, cause });
}

type FactsOf<Code extends keyof Mistakes> =
  Parameters<Mistakes[Code]> extends readonly [infer Facts] ? Facts : Readonly<Record<string, never>>;
