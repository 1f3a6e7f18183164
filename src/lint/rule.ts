// What a lint rule is, and what it finds. A finding is a message id with the facts and the place; the words are in src/words/en/lint.

import type { Edit } from '../model/edit.ts';
import type { Origin, Place } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import type { LintContext } from './context.ts';
import type { Facts } from './facts.ts';

export type Severity = 'error' | 'warning' | 'note';
/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

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
  /** What reading or validating the input already found, where the finding passes that on. */
  readonly problem?: Problem;
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

/** `Rule<'selects-nothing', 'nearMiss' | 'nobody'>`: the types tie a rule to the words for its messages. */
export interface Rule<Id extends string = string, MessageId extends string = string> {
  /** Public, kebab-case, a statement of the fault. */
  readonly id: Id;
  /** Numbers of this fault in the catalogue of semantics part F: `['NP042', 'NP044']`. */
  readonly catalogue: readonly string[];
  /** Of a finding that says nothing else itself. */
  readonly severity: Severity;
  /** True: runs only when a configuration or `--rule` asks for it, or the part of the house rules that it belongs to (house.ts). */
  readonly offByDefault: boolean;
  readonly needs: readonly Need[];
  /** True: `--fix` repairs some of its findings. */
  readonly fixable: boolean;
  readonly since: string;
  /** Every kind of finding it can make. Each has its words. */
  readonly messages: readonly MessageId[];
  check(context: LintContext): readonly Finding[];
}

export interface Extra {
  /** Lower than the rule's where the input does not show it for sure. */
  readonly severity?: Severity;
  readonly related?: readonly (Origin | undefined)[];
  readonly fix?: Fix;
  readonly place?: Place;
  readonly problem?: Problem;
}

export type Report<MessageId extends string> = (messageId: MessageId, facts: Facts, origin: Origin | undefined, extra?: Extra) => void;

/** Ties `report` to the messages of one rule: a message that the rule does not list does not compile, nor does one without words. */
export function defineRule<const Id extends string, const MessageId extends string>(rule: {
  readonly id: Id;
  readonly catalogue: readonly string[];
  readonly severity: Severity;
  readonly offByDefault?: boolean;
  readonly needs: readonly Need[];
  readonly fixable?: boolean;
  readonly since: string;
  readonly messages: readonly MessageId[];
  check(context: LintContext, report: Report<NoInfer<MessageId>>): void;
}): Rule<Id, MessageId> {
  return {
    ...rule,
    offByDefault: rule.offByDefault ?? false,
    fixable: rule.fixable ?? false,
    check(context) {
      const findings: Finding[] = [];
      rule.check(context, (messageId, facts, origin, extra = {}) => {
        const { severity = rule.severity, related = [], fix, place, problem } = extra;
        findings.push({
          ruleId: rule.id,
          messageId,
          severity,
          facts,
          related: related.filter((each) => each !== undefined),
          ...(problem === undefined ? {} : { problem }),
          ...(origin === undefined ? {} : { origin }),
          ...(place === undefined ? {} : { place }),
          ...(fix === undefined ? {} : { fix }),
        });
      });
      return findings;
    },
  };
}
