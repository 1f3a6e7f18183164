// A rule's page as data: its headings, and the YAML in it with what its fence says about running it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { HouseRules } from '../../src/lint/house.ts';

const pages = fileURLToPath(new URL('../../docs/rules/', import.meta.url));

export interface Example {
  readonly kind: 'bad' | 'good';
  readonly yaml: string;
  /** `cni=weave` on the fence. */
  readonly cni: string | undefined;
  /** `house={"names":["allow-*"]}`: what netverdict.yaml says under `lint.house`, as JSON without spaces. */
  readonly house: HouseRules;
  /** `also=dns-denied,pod-open`: rules that rightly speak about a bad example too. */
  readonly also: readonly string[];
}

export interface RulePage {
  readonly title: string;
  readonly headings: readonly string[];
  readonly examples: readonly Example[];
  readonly text: string;
}

export const HEADINGS = ['Bad', 'Good', 'Why it matters', 'When not to care'];

/** `rulePage('selects-nothing')` reads docs/rules/selects-nothing.md. */
export function rulePage(id: string): RulePage {
  const text = readFileSync(`${pages}${id}.md`, 'utf8');
  const examples = [...text.matchAll(/^```yaml (bad|good)([^\n]*)\n([\s\S]*?)^```$/gm)].map(
    ([, kind, options = '', yaml = '']): Example => {
      const option = (name: string) => new RegExp(`\\b${name}=(\\S+)`).exec(options)?.[1];
      return {
        kind: kind === 'bad' ? 'bad' : 'good',
        yaml,
        cni: option('cni'),
        house: JSON.parse(option('house') ?? '{}'),
        also: option('also')?.split(',') ?? [],
      };
    },
  );
  return {
    title: /^# (.+)$/m.exec(text)?.[1] ?? '',
    headings: [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading),
    examples,
    text,
  };
}
