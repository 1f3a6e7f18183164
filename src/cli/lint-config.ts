// netverdict.yaml on disk: found, parsed, its faults told with the nearest name. What it means is lint/config.ts.
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { Failure } from '../failure.ts';
import { type LintConfig, NO_CONFIG, readConfig } from '../lint/config.ts';
import { configFaultWords } from '../words/en/lint/config.ts';

const NAMES = ['netverdict.yaml', 'netverdict.yml'];

export interface FoundConfig {
  readonly config: LintConfig;
  /** undefined when there is none. */
  readonly file: string | undefined;
}

/** `named`: what `--config` says, `false` for `--no-config`. Failure for a file that cannot be read or has a fault. */
export async function findConfig(named: string | false | undefined, ruleIds: readonly string[]): Promise<FoundConfig> {
  if (named === false) return { config: NO_CONFIG, file: undefined };
  for (const file of named === undefined ? NAMES : [named]) {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      if (named === undefined && cause.code === 'ENOENT') return undefined;
      throw new Failure('config-unreadable', `cannot read ${file}`, { cause, hint: 'it holds `lint: { rules: { … }, ignore: [ … ] }`' });
    });
    if (text !== undefined) return { config: parsed(file, text, await import('yaml'), ruleIds), file };
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
  if (error !== undefined) throw new Failure('config-invalid', `${file}: ${error.message.split('\n')[0]}`, { hint: 'it must be YAML' });
  const { config, faults } = readConfig(document.toJS(), ruleIds);
  const [first, ...others] = faults;
  if (first !== undefined) {
    const { text, hint } = configFaultWords(first);
    const more = others.map((fault) => `also ${configFaultWords(fault).text}`);
    throw new Failure('config-invalid', `${file}: ${text}`, {
      hint: [...(hint === undefined ? [] : [hint]), ...more].join('\n  '),
    });
  }
  return config.baseline === undefined ? config : { ...config, baseline: resolve(dirname(file), config.baseline) };
}
