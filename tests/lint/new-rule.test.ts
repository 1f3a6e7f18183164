// `npm run new:rule` makes what the catalogue tests ask for, and keeps the index sorted.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { filesOf, NEW_WORDS, withRule, withWords } from '../../scripts/new-rule.ts';
import { RULE_IDS } from '../../src/lint/rules/index.ts';
import { HEADINGS } from './rule-page.ts';

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const index = read('src/lint/rules/index.ts');

it('makes the files of a rule, with the headings of a page', () => {
  const files = filesOf('port-from-nowhere');
  const folder = 'src/lint/rules/port-from-nowhere';
  expect(Object.keys(files)).toEqual([`${folder}/rule.ts`, `${folder}/rule.test.ts`, 'docs/rules/port-from-nowhere.md']);
  expect(files[`${folder}/rule.ts`]).toContain('export const portFromNowhere = defineRule({');
  const page = files['docs/rules/port-from-nowhere.md'] ?? '';
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
});

it.each(['aaa-first', 'port-from-nowhere', 'zzz-last'])('puts %s into the index at its place, and changes nothing else', (id) => {
  const made = withRule(index, id);
  const name = id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const listed = [...(/RULES = \[([^\]]*)\]/.exec(made)?.[1] ?? '').matchAll(/\w+/g)].map(([each]) => each);
  expect(listed.indexOf(name)).toBe([...RULE_IDS, id].sort().indexOf(id));
  expect(made.split('\n').filter((line) => !index.includes(line))).toEqual([`import { ${name} } from './${id}/rule.ts';`, `  ${name},`]);
  expect(made.split('\n').length).toBe(index.split('\n').length + 2);
});

it('puts words to be filled in at the end of a table, and changes nothing else', () => {
  const table = read(NEW_WORDS);
  const made = withWords(table, 'port-from-nowhere');
  const [before = '', after = ''] = made.split(/ {2}'port-from-nowhere': \{\n[\s\S]*?\n {2}\},\n/);
  expect(before + after).toBe(table);
  expect(made).toContain('found: { text: ');
});
