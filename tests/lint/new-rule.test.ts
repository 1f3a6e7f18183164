// `npm run new:rule` makes what the catalogue tests ask for, and keeps the index sorted.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesOf, withRule } from '../../scripts/new-rule.ts';
import { RULE_IDS } from '../../src/lint/rules/index.ts';
import { HEADINGS } from './rule-page.ts';

const index = readFileSync(fileURLToPath(new URL('../../src/lint/rules/index.ts', import.meta.url)), 'utf8');

it('makes the three files of a rule, with the headings of a page', () => {
  const files = filesOf('port-from-nowhere');
  expect(Object.keys(files)).toEqual(['rule.ts', 'doc.md', 'rule.test.ts']);
  expect(files['rule.ts']).toContain('export const portFromNowhere = defineRule({');
  expect([...(files['doc.md'] ?? '').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
});

it.each(['aaa-first', 'port-from-nowhere', 'zzz-last'])('puts %s into the index at its place, and changes nothing else', (id) => {
  const made = withRule(index, id);
  const ids = [...made.matchAll(/from '\.\/([^']+)\/rule\.ts'/g)].map(([, each]) => each);
  expect(ids).toEqual([...RULE_IDS, id].sort());
  expect(made.split('\n').filter((line) => !index.includes(line))).toHaveLength(2);
  expect(made.split('\n').length).toBe(index.split('\n').length + 2);
});
