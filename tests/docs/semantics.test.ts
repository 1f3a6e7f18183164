// docs/semantics.md names functions and tests: all of them must be there. A table of rules that nobody holds would be worse than none.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { root } from '../cli-process.ts';

const page = readFileSync(join(root, 'docs/semantics.md'), 'utf8');

const SHORT: Readonly<Record<string, string>> = {
  P: 'src/policy',
  M: 'src/manifest',
  O: 'src/objects',
  K: 'src/kinds/network-policy',
  R: 'src/route',
  C: 'tests/conformance/cases',
};

/** `P/decide.ts › decide` → file and what it must hold. */
const named = [...page.matchAll(/`([A-Za-z][\w./-]*) › ([^`]+)`/g)].map(([, path = '', what = '']) => {
  const [first = '', ...rest] = path.split('/');
  return { file: [SHORT[first] ?? first, ...rest].join('/'), what };
});

/** The names that a module declares at its top, and the titles of its tests and cases: whole, and as the language reads them. */
function declaredIn(path: string, text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  for (const statement of source.statements) {
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) found.add(statement.name.text);
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) found.add(name.text);
  }
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /\.(test|contract)\.ts$/.test(path)) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** What is missing from a file, in words; undefined when it is there. */
function missing({ file, what }: { readonly file: string; readonly what: string }): string | undefined {
  const path = join(root, file);
  if (!existsSync(path)) return `${file} does not exist`;
  const text = readFileSync(path, 'utf8');
  const found = file.endsWith('.yaml')
    ? text.split('\n').some((line) => line === `case: ${what}` || line === `case: ${JSON.stringify(what)}`)
    : file.endsWith('.ts')
      ? declaredIn(path, text).has(what)
      : text.split('\n').includes(what);
  return found ? undefined : `${file} has no \`${what}\``;
}

describe('docs/semantics.md', () => {
  it('names files, functions and tests that exist', () => {
    expect(named.length).toBeGreaterThan(100);
    expect(named.map(missing).filter((each) => each !== undefined)).toEqual([]);
  });

  it('would notice a name that is not there', () => {
    expect(missing({ file: 'src/policy/decide.ts', what: 'decideNothing' })).toBeDefined();
    expect(missing({ file: 'tests/conformance/cases/rules.yaml', what: 'no such case' })).toBeDefined();
    expect(missing({ file: 'src/policy/decided.ts', what: 'decide' })).toBeDefined();
  });

  it('names a test in every row, and a case of every table of ours', () => {
    const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| the API says|^\|---/.test(line));
    expect(rows.filter((row) => (row.match(/ › /g) ?? []).length < 1)).toEqual([]);
    const tables = ['addresses', 'nodes-and-life', 'peers', 'policy-types', 'ports', 'refused', 'rules', 'tiers'];
    expect(tables.filter((table) => !named.some(({ file }) => file.endsWith(`/${table}.yaml`)))).toEqual([]);
  });
});
