// YAML in, findings out: what the tests of the rules and of their pages are made of.

import { type LintConfig, NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { type LintFinding, type LintResult, lint } from '../../src/lint/lint.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';

export interface LintSetting {
  /** `kubernetes` when nothing is said. */
  readonly cni?: string;
  readonly config?: Partial<LintConfig>;
  readonly only?: readonly string[];
  readonly namespace?: string;
  readonly file?: string;
}

export function lintResult(yaml: string, setting: LintSetting = {}): LintResult {
  const choice = chooseProfile(setting.cni ?? 'kubernetes');
  if (isUnknown(choice)) throw new Error(`no profile ${setting.cni}`);
  const { namespace } = setting;
  const cluster = loadCluster([{ file: setting.file ?? 'in.yaml', text: yaml }], namespace === undefined ? {} : { namespace });
  return lint(contextOf(cluster, choice, RULE_IDS, { givenNamespace: namespace, house: setting.config?.house ?? {} }), {
    rules: RULES,
    config: { ...NO_CONFIG, ...setting.config },
    ...(setting.only === undefined ? {} : { only: setting.only }),
  });
}

export function lintYaml(yaml: string, setting: LintSetting = {}): readonly LintFinding[] {
  return lintResult(yaml, setting).findings;
}
