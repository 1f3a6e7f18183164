// What the policies of one direction say, as documents: shared by `why` and `verdicts`.
import { furtherOf, printRuleRef } from '../model/policy.ts';
import { type DirectionVerdict, doubtKey, type FamilyVerdict } from '../policy/verdict.ts';
import type { DirectionAnswer } from './documents/verdicts.ts';

/** One family, or both where they agree: `{ outcome: 'denied', policies: ['shop/deny-all'] }`. */
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

/** The same where IPv4 and IPv6 may differ: `{ outcome: 'partial', families: { IPv4: …, IPv6: … } }`. */
export function directionAnswer(verdict: DirectionVerdict): DirectionAnswer {
  if (verdict.outcome !== 'partial') return familyAnswer(verdict);
  const { IPv4, IPv6 } = verdict.families;
  return { outcome: 'partial', families: { IPv4: familyAnswer(IPv4), IPv6: familyAnswer(IPv6) } };
}
