// The rules as a catalogue: ids, words and pages are the same list.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INPUT_FAULTS } from '../../src/lint/input-faults.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { LINT_WORDS } from '../../src/words/en/lint/rules.ts';
import type { RuleWords } from '../../src/words/en/lint/words.ts';
import { describeWithShared, sharedPath } from '../shared.ts';

const rules = fileURLToPath(new URL('../../src/lint/rules/', import.meta.url));
const pages = readdirSync(fileURLToPath(new URL('../../docs/rules/', import.meta.url))).flatMap((file) =>
  file.endsWith('.md') && file !== 'README.md' ? [file.slice(0, -'.md'.length)] : [],
);

/** Rules of a folder each, and the rows of a table, which share one. */
const TABLES = ['input-faults', 'label-keys', 'peer-misfits'];
const testOf = (id: string) =>
  [`${rules}${id}/rule.test.ts`, ...TABLES.map((table) => `${rules}${table}/${id}.test.ts`)].find((file) => existsSync(file)) ?? '';

describe('the catalogue of lint rules', () => {
  it('is one list: ids, pages and words say the same, sorted', () => {
    expect(RULE_IDS).toEqual(RULE_IDS.toSorted());
    expect(pages.toSorted()).toEqual(RULE_IDS);
    expect(Object.keys(LINT_WORDS).toSorted()).toEqual(RULE_IDS);
  });

  it('has no folder that the list does not know', () => {
    const folders = readdirSync(rules, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
    expect(folders.filter((name) => !RULE_IDS.includes(name))).toEqual(TABLES);
  });

  it.each(RULES)('$id has words for its messages, and for no others', ({ id, messages }) => {
    expect(Object.keys(LINT_WORDS[id].messages).toSorted()).toEqual(messages.toSorted());
  });

  it('has a rule for every kind of problem that reading the input can name', () => {
    expect(INPUT_FAULTS.filter((id) => !RULE_IDS.includes(id))).toEqual([]);
  });

  it.each(RULES)('$id is a statement in kebab-case, not a command', ({ id }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    expect(id).not.toMatch(/^(no|check|verify|must|avoid)-/);
  });

  it.each(RULES)('the words of $id begin in lower case or with a name, and end without a full stop', ({ id }) => {
    const words: RuleWords<string> = LINT_WORDS[id];
    const sentences = Object.values(words.messages).flatMap(({ text, hint }) => [text, hint ?? '']);
    for (const text of [words.summary, ...sentences.filter((each) => typeof each === 'string')]) {
      expect(text).not.toMatch(/[.!]$/);
      expect(text).not.toMatch(/^(The|A|An|This|No|Every)\b/);
    }
  });

  it.each(RULES)('$id says in its tests that it can be silent', ({ id }) => {
    const test = readFileSync(testOf(id), 'utf8');
    expect(test, 'a finding').toMatch(/found\(|findings\(|said\(/);
    expect(test, 'and its absence').toMatch(/\[\]|toBeUndefined|not\.toContain|toEqual\(expected\)/);
  });
});

describeWithShared('the numbers of the rules', () => {
  it('are numbers of the catalogue that they come from', () => {
    const text = readFileSync(sharedPath('reference', 'semantics.md'), 'utf8');
    // `NP130 duplicate-rules/policies` begins a row of the table of part F.
    const known = new Set([...text.matchAll(/^\| (NP\d{3}) /gm)].map(([, number]) => number));
    expect(known.size).toBeGreaterThan(90);
    expect(
      RULES.flatMap(({ id, catalogue }) => catalogue.filter((number) => !known.has(number)).map((number) => `${id} ${number}`)),
    ).toEqual([]);
  });

  it('leave out only what a rule about one state of the input cannot say', () => {
    const text = readFileSync(sharedPath('reference', 'semantics.md'), 'utf8');
    const known = [...text.matchAll(/^\| (NP\d{3}) /gm)].map(([, number = '']) => number);
    const spoken = new Set(RULES.flatMap(({ catalogue }) => catalogue));
    expect(known.filter((number) => !spoken.has(number))).toEqual([
      // Before and after: `diff` speaks of them.
      ...['NP092', 'NP093', 'NP094', 'NP095', 'NP096', 'NP097'],
      // The order of Calico's tiers: those kinds are not evaluated yet.
      'NP108',
      // What somebody saw, and how it was tested: `why --symptom` and `probe`.
      'NP110',
      // That two policies add up is no fault; restriction-without-effect speaks where one of them was meant to take something back.
      'NP131',
      'NP135',
    ]);
  });
});
