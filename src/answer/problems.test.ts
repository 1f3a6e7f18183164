import { expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import type { Problem } from '../model/problem.ts';
import { paint } from '../report/paint.ts';
import { problemLines } from '../report/problems.ts';
import { problemsDocument } from './problems.ts';

const unknownField: Problem = {
  code: 'unknown-field',
  severity: 'warning',
  facts: { field: 'nmae' },
  place: { file: 'shop.yaml', line: 3, column: 0 },
};

it('problems have their place and their words, errors first, and what is not listed is counted', () => {
  const problems = [unknownField, ...loadCluster([{ file: 'broken.yaml', text: 'kind: [Pod\n' }], {}).problems];
  const document = problemsDocument(problems);
  expect(document.problems.map(({ code, severity, at }) => [code, severity, at?.file])).toEqual([
    ['not-yaml', 'error', 'broken.yaml'],
    ['unknown-field', 'warning', 'shop.yaml'],
  ]);
  expect(document.more).toBe(0);
  expect(problemLines(document, paint(false))).toContain('warning shop.yaml:3  unknown field "nmae"\n');
  const lines = problemLines(problemsDocument(problems, 1), paint(false)).split('\n');
  expect(lines[0]).toMatch(/^error +broken\.yaml:\d+:\d+ {2}not valid YAML: /);
  expect(lines.slice(-2)).toEqual(['… and 1 more; --verbose shows them', '']);
});

it('no problem is no line', () => {
  expect(problemLines(problemsDocument([]), paint(false))).toBe('');
});
