// The rules as a catalogue: folders, ids, list and pages are the same; messages say what facts they need.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { INPUT_FAULTS } from '../../src/lint/input-faults.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { describeWithShared, sharedPath } from '../shared.ts';

const folder = fileURLToPath(new URL('../../src/lint/rules/', import.meta.url));
const folders = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

describe('the catalogue of lint rules', () => {
  it('is one list: folders, ids and the index say the same, sorted', () => {
    expect(RULE_IDS).toEqual(folders.toSorted());
    expect(RULE_IDS).toEqual(RULE_IDS.toSorted());
  });

  it.each(folders)('%s has code, a page and tests', (id) => {
    for (const file of ['rule.ts', 'doc.md', 'rule.test.ts']) expect(existsSync(`${folder}${id}/${file}`), file).toBe(true);
  });

  it('has a rule for every kind of problem that reading the input can name', () => {
    expect(INPUT_FAULTS.filter((id) => !RULE_IDS.includes(id))).toEqual([]);
  });

  it.each(RULES)('$id is a statement in kebab-case, not a command', ({ id }) => {
    expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)+$/);
    expect(id).not.toMatch(/^(no|check|verify|must|avoid)-/);
  });

  it.each(RULES)('the words of $id begin in lower case or with a name, and end without a full stop', ({ messages, summary }) => {
    for (const text of [summary, ...Object.values(messages).flatMap(({ text, hint }) => [text, hint ?? ''])]) {
      expect(text).not.toMatch(/[.!]$/);
      expect(text).not.toMatch(/^(The|A|An|This|No|Every)\b/);
    }
  });

  it.each(RULES)('$id says in its tests that it can be silent', ({ id }) => {
    const test = readFileSync(`${folder}${id}/rule.test.ts`, 'utf8');
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
