// The cases of the shared corpus as they lie on disk: which there are, their texts, what they expect. Compares nothing.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { InputText } from '../../src/manifest/load.ts';
import { sharedPath } from '../shared.ts';
import type { Expected } from './expected.ts';

/** What the objects of a case go beyond: nothing, Ingress, the policy API of SIG Network, or things of vendors. */
export type Tier = 'core' | 'ingress' | 'policy-api' | 'policy-api-open' | 'openshift' | 'extra';

export interface CorpusCase {
  /** `npg-connlist/onlineboutique`. */
  readonly id: string;
  readonly suite: string;
  readonly tier: Tier;
  readonly options: {
    readonly focusWorkloads?: readonly string[];
    /** Of the pairs in focus, those whose other end is one of these. */
    readonly focusWorkloadPeers?: readonly string[];
    readonly focusDirection?: 'ingress' | 'egress';
    /** `tcp-80`: only this connection is reported. */
    readonly focusConn?: string;
    /** Only sections with this verdict are reported. */
    readonly explainOnly?: 'allow' | 'deny';
    readonly exposure?: boolean;
    readonly explain?: boolean;
  };
  readonly quirks: readonly string[];
  readonly manifests: string;
  readonly expected: Expected;
}

/** Options that change what a report says and that are understood here. */
const OPTIONS = ['focusWorkloads', 'focusWorkloadPeers', 'focusDirection', 'focusConn', 'exposure', 'explain', 'explainOnly'];

/** The options of a case that nobody here understands: it cannot be held to its expectation. `['focusConn']`. */
export function strangeOptions({ options }: CorpusCase): readonly string[] {
  return Object.keys(options).filter((key) => !OPTIONS.includes(key));
}

/** Every case of the corpus with one of these tiers, sorted by id. `[]` when the corpus is not there. */
export function corpusCases(tiers: readonly Tier[]): CorpusCase[] {
  const corpus = sharedPath('corpus');
  if (!existsSync(corpus)) return [];
  const cases: CorpusCase[] = [];
  for (const suite of readdirSync(corpus).sort()) {
    if (!existsSync(join(corpus, suite)) || suite.includes('.')) continue;
    for (const name of readdirSync(join(corpus, suite)).sort()) {
      const folder = join(corpus, suite, name);
      if (!existsSync(join(folder, 'case.json'))) continue;
      const about = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as Pick<CorpusCase, 'tier' | 'options' | 'quirks'>;
      if (!tiers.includes(about.tier)) continue;
      const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
      const { tier, options, quirks } = about;
      cases.push({ id: `${suite}/${name}`, suite, tier, options, quirks, manifests: join(folder, 'manifests'), expected });
    }
  }
  return cases;
}

/** The YAML and JSON files under a folder, in the order of their names. A folder that is missing counts as empty. */
export function textsUnder(folder: string): InputText[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ file: relative(folder, path), text: readFileSync(path, 'utf8') }));
}

/** Is `default/cart[Deployment]` what `cart` or `default/cart` asks for? (Peculiarity 18.) */
export function isFocusName(wanted: string, name: string): boolean {
  const bare = name.replace(/\[\w+\]$/, '');
  return bare === wanted || bare.slice(bare.indexOf('/') + 1) === wanted;
}
