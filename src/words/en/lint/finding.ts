// A finding of lint in English: what is wrong, and what to do.
import { filled } from './fill.ts';
import { LINT_WORDS } from './rules.ts';
import type { RuleWords, Sentence, Spoken } from './words.ts';

/** `{ text: 'policy `shop/cart` selects no pods: …', hint: '…' }`. */
export interface FindingWords {
  readonly text: string;
  readonly hint?: string;
}

/** Never throws. A rule that is not one of ours is said by its message id. */
export function findingWords(finding: Spoken): FindingWords {
  const words = wordsOf(finding.ruleId)?.messages[finding.messageId];
  if (words === undefined) return { text: finding.messageId };
  const hint = said(words.hint, finding);
  return { text: said(words.text, finding) ?? finding.messageId, ...(hint === undefined ? {} : { hint }) };
}

/** `a policy that selects no pods`; the id itself for a rule that is not one of ours. */
export function ruleSummary(id: string): string {
  return wordsOf(id)?.summary ?? id;
}

function wordsOf(id: string): RuleWords<string> | undefined {
  const all: Readonly<Record<string, RuleWords<string>>> = LINT_WORDS;
  return Object.hasOwn(all, id) ? all[id] : undefined;
}

function said(sentence: Sentence | undefined, finding: Spoken): string | undefined {
  if (sentence === undefined) return undefined;
  // What a function makes is whole: words of the input in it must not be taken for holes.
  const text = typeof sentence === 'function' ? sentence(finding) : filled(sentence, finding.facts).trim();
  return text === '' ? undefined : text;
}
