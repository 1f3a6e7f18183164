// What lint says of the same manifests under another CNI: limits and traps of the new one that no connection of a map shows.
import { NO_CONFIG } from '../lint/config.ts';
import { contextOf } from '../lint/context.ts';
import { type LintFinding, lint } from '../lint/lint.ts';
import { RULE_IDS, RULES } from '../lint/rules/index.ts';
import type { MoveState } from './move.ts';

/** Findings under the new CNI that the old one does not have: `[aws-too-many-ports at shop.yaml:12]`. [] where it has no more. */
export function moveFindings(before: MoveState, after: MoveState): readonly LintFinding[] {
  const [was, is] = [before, after].map(
    ({ cluster, choice }) => lint(contextOf(cluster, choice, RULE_IDS), { rules: RULES, config: NO_CONFIG }).findings,
  );
  const known = new Set(was?.map(({ ruleId, key }) => `${ruleId} ${key}`));
  return is?.filter(({ ruleId, key }) => !known.has(`${ruleId} ${key}`)) ?? [];
}
