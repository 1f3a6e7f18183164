// netverdict.yaml on disk: found, parsed, its faults told with the nearest name. What it means is lint/config.ts.
import { Failure } from '../failure.ts';
import { type LintConfig, NO_CONFIG, readConfig } from '../lint/config.ts';
import { badConfig, unreadable } from '../words/en/input-failures.ts';
import { otherFaults } from '../words/en/intents-faults.ts';
import { configFaultWords } from '../words/en/lint/config.ts';
import type { FilesPort } from './ports.ts';
import { saidFailure } from './said-failure.ts';

const NAMES = ['netverdict.yaml', 'netverdict.yml'];

export interface FoundConfig {
  readonly config: LintConfig;
  /** undefined when there is none. */
  readonly file: string | undefined;
}

/**
 * `named`: the file that was asked for; undefined: the one of this folder, if there is one; `false`: none.
 * Failure for a file that cannot be read or has a fault.
 */
export async function findConfig(files: FilesPort, named: string | false | undefined, ruleIds: readonly string[]): Promise<FoundConfig> {
  if (named === false) return { config: NO_CONFIG, file: undefined };
  for (const file of named === undefined ? NAMES : [named]) {
    const read = await files.one(file);
    if (read.kind === 'text') return { config: parsed(file, read.text, await import('yaml'), ruleIds), file };
    if (named === undefined && read.kind === 'missing') continue;
    throw saidFailure('config-unreadable', unreadable('config', file), read.kind === 'unreadable' ? read.cause : undefined);
  }
  return { config: NO_CONFIG, file: undefined };
}

/** Is this file a configuration of ours? It lies among the manifests and is none. */
export function isConfig(file: string): boolean {
  return NAMES.some((name) => file === name || file.endsWith(`/${name}`));
}

function parsed(file: string, text: string, yaml: typeof import('yaml'), ruleIds: readonly string[]): LintConfig {
  const document = yaml.parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw saidFailure('config-invalid', badConfig(file, error.message.split('\n')[0] ?? ''));
  const { config, faults } = readConfig(document.toJS(), ruleIds);
  const [first, ...others] = faults;
  if (first !== undefined) {
    const { text: said, hint } = configFaultWords(first);
    const more = otherFaults(others.map((fault) => configFaultWords(fault).text));
    throw new Failure('config-invalid', `${file}: ${said}`, { hint: [...(hint === undefined ? [] : [hint]), ...more].join('\n  ') });
  }
  return config.baseline === undefined ? config : { ...config, baseline: besideOf(file, config.baseline) };
}

/** `besideOf('ci/netverdict.yaml', 'old.json')` → `ci/old.json`; an absolute path stays. */
function besideOf(file: string, path: string): string {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return path.startsWith('/') ? path : `${folder}${path}`;
}
