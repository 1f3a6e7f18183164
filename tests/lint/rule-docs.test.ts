// The examples on the rules' pages are run: a page that says what the code does not do fails here.
import { describe, expect, it } from 'vitest';
import type { LintFinding } from '../../src/lint/lint.ts';
import { RULES } from '../../src/lint/rules/index.ts';
import { findingWords } from '../../src/words/en/lint/finding.ts';
import { lintYaml } from './lint-yaml.ts';
import { type Example, HEADINGS, rulePage } from './rule-page.ts';

/** Faults that no single text can show: a file of somebody else, sixteen policies. */
const WITHOUT_BAD_EXAMPLE = ['file-unreadable', 'many-policies-on-one-pod'];

function run({ yaml, cni, house }: Example, id: string): readonly LintFinding[] {
  const config = { rules: new Map([[id, RULES.find((rule) => rule.id === id)?.severity ?? 'note']]), house };
  return lintYaml(yaml, { config, ...(cni === undefined ? {} : { cni }) });
}

/** Notes of other rules are not shown unless somebody asks for notes, so they do not spoil an example. */
function speaking(findings: readonly LintFinding[], id: string): string[] {
  const loud = findings.filter(({ ruleId, severity }) => ruleId === id || severity !== 'note');
  return [...new Set(loud.map(({ ruleId }) => ruleId))].sort();
}

describe.each(RULES)('the page of $id', ({ id }) => {
  const page = rulePage(id);

  it('has its four headings in order, under the id as title', () => {
    expect(page.title).toBe(id);
    expect(page.headings).toEqual(HEADINGS);
  });

  it('shows a good example, and a bad one where a text can show the fault', () => {
    const kinds = page.examples.map(({ kind }) => kind);
    expect(kinds).toContain('good');
    expect(kinds.includes('bad')).toBe(!WITHOUT_BAD_EXAMPLE.includes(id));
  });

  it.each(page.examples.filter(({ kind }) => kind === 'bad'))('its bad example has just this fault', (example) => {
    const also = example.also.toSorted();
    expect(speaking(run(example, id), id)).toEqual([id, ...also].sort());
  });

  it.each(page.examples)('its findings have words without holes', (example) => {
    const own = run(example, id).filter(({ ruleId }) => ruleId === id);
    const words = own.flatMap((finding) => Object.values(findingWords(finding)));
    expect(words.filter((text) => /\{[a-zA-Z]+(?:\}|:[a-z]|\?)|undefined|\[object/.test(text) || text.trim() === '')).toEqual([]);
    expect(own.filter((finding) => findingWords(finding).text === finding.messageId)).toEqual([]);
  });

  it.each(page.examples.filter(({ kind }) => kind === 'good'))('its good example has no fault', (example) => {
    expect(speaking(run(example, id), id)).toEqual([]);
  });
});
