// What the policies of one direction say, in a document: the form that `verdicts` prints too (question/verdicts.ts, for speed as text).
import { furtherOf, printRuleRef } from '../model/policy.ts';
import { doubtKey, type FamilyVerdict } from '../policy/verdict.ts';

/** `{ outcome: 'denied', policies: ['shop/deny-all'] }`. */
export function familyAnswer(verdict: FamilyVerdict) {
  switch (verdict.outcome) {
    case 'allowed': {
      const further = furtherOf(verdict.rules);
      return { outcome: verdict.outcome, rules: verdict.rules.map(printRuleRef), ...(further !== undefined && { further }) };
    }
    case 'denied':
      return {
        outcome: verdict.outcome,
        policies: verdict.policies.map((policy) => policy.ref),
        ...(verdict.rule !== undefined && { rule: printRuleRef(verdict.rule) }),
      };
    case 'not-isolated':
      return { outcome: verdict.outcome };
    case 'exempt':
      return { outcome: verdict.outcome, because: verdict.because };
    case 'undecided':
      return { outcome: verdict.outcome, because: verdict.because.map(doubtKey) };
  }
}
