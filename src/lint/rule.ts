// What a lint rule is, and what it finds. A finding is a message id with the facts and the place; the words are the rule's `messages`.

import type { Edit } from '../model/edit.ts';
import type { Origin, Place } from '../model/origin.ts';
import { clipped } from '../objects/clip.ts';
import type { LintContext } from './context.ts';
import type { HouseRules } from './house.ts';

export type Severity = 'error' | 'warning' | 'note';
/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** What a message may be filled with: plain facts, so that every report can say them its own way. */
export type Facts = Readonly<Record<string, string | number>>;

/** `text`: what is wrong; `hint`: what to do. `{name}` stands for a fact. Lower case, no full stop, the user's words in backticks. */
export interface Message {
  readonly text: string;
  readonly hint?: string;
}

export interface Fix {
  readonly edits: readonly Edit[];
  /** True: verdicts stay as they are, only the text gets clearer. Checked before anything is written. */
  readonly keepsMeaning: boolean;
}

export interface Finding {
  readonly ruleId: string;
  readonly messageId: string;
  readonly severity: Severity;
  readonly facts: Facts;
  /** Absent where the finding is about the input as a whole. */
  readonly origin?: Origin;
  /** Instead of `origin` where no document could be parsed. */
  readonly place?: Place;
  /** Where else to look: the pod whose label differs, the wider policy. */
  readonly related: readonly Origin[];
  readonly fix?: Fix;
}

/** What a rule looks at besides the policies: objects of the cluster, or what the CNI does. */
export type Need = 'policies' | 'cluster' | 'profile';

export interface Rule {
  /** Public, kebab-case, a statement of the fault. */
  readonly id: string;
  /** Numbers of this fault in the catalogue of semantics part F: `['NP042', 'NP044']`. */
  readonly catalogue: readonly string[];
  readonly summary: string;
  /** Of a finding that says nothing else itself. */
  readonly severity: Severity;
  /** True: runs only when a configuration or `--rule` asks for it. */
  readonly offByDefault: boolean;
  /** The part of the house rules that turns it on, too. */
  readonly turnedOnBy: keyof HouseRules | undefined;
  readonly needs: readonly Need[];
  /** True: some findings can be mended by `--fix`. */
  readonly fixable: boolean;
  readonly since: string;
  readonly messages: Readonly<Record<string, Message>>;
  check(context: LintContext): readonly Finding[];
}

export interface Extra {
  /** Lower than the rule's where the input does not show it for sure. */
  readonly severity?: Severity;
  readonly related?: readonly (Origin | undefined)[];
  readonly fix?: Fix;
  readonly place?: Place;
}

export type Report<MessageId extends string> = (messageId: MessageId, facts: Facts, origin: Origin | undefined, extra?: Extra) => void;

/** Ties `report` to the messages of one rule: a message id with no text does not compile. */
export function defineRule<MessageId extends string>(rule: {
  readonly id: string;
  readonly catalogue: readonly string[];
  readonly summary: string;
  readonly severity: Severity;
  readonly offByDefault?: boolean;
  readonly turnedOnBy?: keyof HouseRules;
  readonly needs: readonly Need[];
  readonly fixable?: boolean;
  readonly since: string;
  readonly messages: Readonly<Record<MessageId, Message>>;
  check(context: LintContext, report: Report<NoInfer<MessageId>>): void;
}): Rule {
  return {
    ...rule,
    offByDefault: rule.offByDefault ?? false,
    turnedOnBy: rule.turnedOnBy,
    fixable: rule.fixable ?? false,
    check(context) {
      const findings: Finding[] = [];
      rule.check(context, (messageId, facts, origin, extra = {}) => {
        const { severity = rule.severity, related = [], fix, place } = extra;
        findings.push({
          ruleId: rule.id,
          messageId,
          severity,
          facts,
          related: related.filter((each) => each !== undefined),
          ...(origin === undefined ? {} : { origin }),
          ...(place === undefined ? {} : { place }),
          ...(fix === undefined ? {} : { fix }),
        });
      });
      return findings;
    },
  };
}

/** The words of a finding: `{ text: 'policy `shop/cart` selects no pod', hint: … }`. A fact that is missing stays as `{name}`, to be seen. */
export function wordsOf(rule: Rule, finding: Pick<Finding, 'messageId' | 'facts'>): Message {
  const message = rule.messages[finding.messageId] ?? { text: finding.messageId };
  const fill = (text: string) =>
    text.replace(/\{([a-zA-Z]+)\}/g, (hole, name: string) =>
      Object.hasOwn(finding.facts, name) ? clipped(String(finding.facts[name])) : hole,
    );
  const hint = message.hint === undefined ? '' : fill(message.hint).trim();
  return { text: fill(message.text), ...(hint === '' ? {} : { hint }) };
}
