// What the words of a lint rule are: a summary for lists of rules, and a sentence for each of its messages.
import type { Finding } from '../../../lint/rule.ts';
import type { KnownRule } from '../../../lint/rules/index.ts';

/** A template as `filled` takes it, or a function where a template cannot say it. A hint may come out undefined. */
export type Sentence = string | ((finding: Spoken) => string | undefined);

/** What a sentence is made from. */
export type Spoken = Pick<Finding, 'ruleId' | 'messageId' | 'facts' | 'problem'>;

/** `text`: what is wrong, the thing first. `hint`: what to do next. Lower case, no full stop, the user's own words in backticks. */
export interface MessageWords {
  readonly text: Sentence;
  readonly hint?: Sentence;
}

export interface RuleWords<MessageId extends string> {
  readonly summary: string;
  readonly messages: Readonly<Record<MessageId, MessageWords>>;
}

/** The words of every rule: a rule or a message that is missing here does not compile. */
export type LintWords = { readonly [Known in KnownRule as Known['id']]: RuleWords<Known['messages'][number]> };

/** The words of some rules: what the table of one theme holds. */
export type SomeLintWords = Partial<LintWords>;
