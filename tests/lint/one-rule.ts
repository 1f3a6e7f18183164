// YAML in, the findings of one rule out: what the tests of single rules are made of. Loads no other rule.

import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import type { HouseRules } from '../../src/lint/house.ts';
import { type LintFinding, lint } from '../../src/lint/lint.ts';
import type { Rule } from '../../src/lint/rule.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { findingWords } from '../../src/words/en/lint/finding.ts';

export interface Setting {
  /** `kubernetes` when nothing is said. */
  readonly cni?: string;
  /** As after `-n`. */
  readonly namespace?: string;
  /** As in netverdict.yaml. */
  readonly house?: HouseRules;
}

/** What one rule finds, in the order of lines. */
export function findings(rule: Rule, yaml: string, { cni = 'kubernetes', namespace, house = {} }: Setting = {}): readonly LintFinding[] {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  const cluster = loadCluster([{ file: 'in.yaml', text: yaml }], namespace === undefined ? {} : { namespace });
  return lint(contextOf(cluster, choice, [rule.id], { givenNamespace: namespace, house }), {
    rules: [rule],
    config: NO_CONFIG,
    only: [rule.id],
  }).findings;
}

/** The same as `12 error noPod`: line, severity, message. */
export function found(rule: Rule, yaml: string, setting: Setting = {}): string[] {
  return findings(rule, yaml, setting).map(({ at, severity, messageId }) => `${at?.line ?? 0} ${severity} ${messageId}`);
}

/** The sentences. */
export function said(rule: Rule, yaml: string, setting: Setting = {}): string[] {
  return findings(rule, yaml, setting).map((finding) => findingWords(finding).text);
}
