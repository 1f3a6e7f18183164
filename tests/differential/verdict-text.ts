// A verdict as texts, so that two evaluators can be compared and a difference can be read.
import { printRuleRef } from '../../src/model/policy.ts';
import { type DirectionVerdict, doubtKey, type Verdict } from '../../src/policy/verdict.ts';

export function verdictText({ outcome, egress, ingress, families }: Verdict) {
  return { outcome, families, egress: directionText(egress), ingress: directionText(ingress) };
}

/** `allowed by NetworkPolicy shop/cart ingress[0]`; lists stay in their order. */
function directionText(verdict: DirectionVerdict): string {
  switch (verdict.outcome) {
    case 'allowed':
      return `allowed by ${verdict.rules.map((ref) => `${ref.policy.kind} ${printRuleRef(ref)}`).join(', ')}`;
    case 'denied': {
      const rule = verdict.rule === undefined ? '' : ` rule ${verdict.rule.direction}[${verdict.rule.rule.index}]`;
      return `denied by ${verdict.policies.map(({ kind, ref }) => `${kind} ${ref}`).join(', ')}${rule}`;
    }
    case 'not-isolated':
      return 'not-isolated';
    case 'exempt':
      return `exempt ${verdict.because}`;
    case 'partial':
      return `partial: IPv4 ${directionText(verdict.families.IPv4)}; IPv6 ${directionText(verdict.families.IPv6)}`;
    case 'undecided':
      return `undecided ${verdict.because.map(doubtKey).join('; ')}`;
  }
}
