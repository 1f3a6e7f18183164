import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeWithShared, sharedPath } from '../../../tests/shared.ts';
import { matches } from '../../model/selector.ts';
import { parseExpression, printExpression, renamed } from './expression.ts';
import { selectorOfExpression } from './selector.ts';

const origin = { document: { file: 'cart.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const }, path: [] };

/** `{ app: 'cart' }` held against the text; throws where it is not a selector. */
function holds(text: string, labels: Record<string, string>): boolean {
  const expression = parseExpression(text);
  if ('error' in expression) throw new Error(`${text}: ${expression.error}`);
  return matches(selectorOfExpression(expression, origin), new Map(Object.entries(labels)));
}

describe("Calico's selectors", () => {
  it.each([
    ['', {}, true],
    ['all()', {}, true],
    ["app == 'cart'", { app: 'cart' }, true],
    ["app == 'cart'", {}, false],
    ["app != 'cart'", {}, true],
    ["app != 'cart'", { app: 'cart' }, false],
    ['has(app)', { app: '' }, true],
    ['!has(app)', { app: '' }, false],
    ["app in {'cart', 'checkout',}", { app: 'checkout' }, true],
    ['app in {}', { app: 'cart' }, false],
    ['app not in {}', { app: 'cart' }, true],
    ["app notin {'cart'}", { app: 'checkout' }, true],
    ["app starts with 'ca'", { app: 'cart' }, true],
    ["!app starts with 'ca'", { app: 'cart' }, false],
    ["!app starts with 'ca'", {}, true],
    ["app endswith 'rt'", { app: 'cart' }, true],
    ["app contains ''", {}, false],
    ["app == 'cart' || tier == 'front' && has(app)", { app: 'cart' }, true],
    ["!(app == 'cart' || has(legacy))", { app: 'checkout' }, true],
    ["!(app == 'cart' || has(legacy))", { app: 'checkout', legacy: '' }, false],
    ["!(app == 'cart' && tier == 'front')", { app: 'cart', tier: 'back' }, true],
    ["contains contains 'x'", { contains: 'axb' }, true],
  ])('%s on %j is %s', (text, labels, wanted) => {
    expect(holds(text, labels)).toBe(wanted);
  });

  it.each([
    ['app=cart', 'expected ==', 3],
    ["app == 'cart'\n", 'expected identifier', 13],
    ["app == 'cart", 'unterminated string', 7],
    ['app is cart', 'expected operator after label "app"', 4],
    ["(app == 'cart'", 'expected )', 14],
    ["app in {'cart' 'checkout'}", 'expected }', 15],
    ['app', 'unexpected end of string looking for op', 3],
    ['has(app) has(tier)', 'unexpected content at end of selector [TokHas(tier) TokEOF()]', 9],
    ['('.repeat(100_000), 'nested too deep', 200],
  ])('%.40s is refused with the place', (text, error, at) => {
    expect(parseExpression(text)).toEqual({ error, at });
  });
});

interface Row {
  readonly selector: string;
  readonly valid: boolean;
  readonly canonical?: string;
  readonly error?: string;
  readonly labelPrefix?: string;
  readonly matches?: readonly { readonly labels: Record<string, string>; readonly match: boolean }[];
}

describeWithShared("Calico's selectors, as its own parser answers", () => {
  const folder = sharedPath('corpus', 'calico-selectors');
  const families = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each(families.map(({ name }) => name))('%s', (family) => {
    const rows: readonly Row[] = JSON.parse(readFileSync(`${folder}/${family}/expected.json`, 'utf8')).selectors;
    const found = rows.map((row): Row => {
      const parsed = parseExpression(row.selector);
      if ('error' in parsed) return { selector: row.selector, valid: false, error: parsed.error };
      const expression = row.labelPrefix === undefined ? parsed : renamed(parsed, (label) => `${row.labelPrefix}${label}`);
      const selector = selectorOfExpression(expression, origin);
      return {
        selector: row.selector,
        valid: true,
        canonical: printExpression(expression),
        ...(row.labelPrefix !== undefined && { labelPrefix: row.labelPrefix }),
        matches: (row.matches ?? []).map(({ labels }) => ({ labels, match: matches(selector, new Map(Object.entries(labels))) })),
      };
    });
    expect(found).toEqual(rows);
    expect(rows.length).toBeGreaterThan(0);
  });
});
