// The corpus against every evaluator. Each case is a test; at the end it says how much was compared, and fails when that was nothing.
import { afterAll, describe, expect, it } from 'vitest';
import { describeWithShared, hasShared } from '../shared.ts';
import { compareErrors } from './compare-errors.ts';
import type { Comparison, Difference } from './comparison.ts';
import { type CorpusCase, corpusCases, type Tier } from './corpus-case.ts';
import type { Kind } from './expected.ts';
import { e2eSteps } from './k8s-e2e.ts';
import { KNOWN_DIFFERENCES } from './known-differences.ts';
import { runCase, runStep } from './run-case.ts';
import { WRONG_EVALUATORS } from './wrong-evaluators.ts';

/** Tiers whose kinds of policy are evaluated. */
const TIERS: readonly Tier[] = ['core', 'ingress', 'policy-api', 'policy-api-open'];
/** Kinds of questions that are asked. */
const KINDS: readonly Kind[] = ['connectivity', 'matrix', 'verdicts', 'exposure', 'explain', 'error'];

const cases = corpusCases(TIERS).filter((one) => KINDS.includes(one.expected.kind) && !isAboutForeignFlags(one));

/**
 * Cases about flags that only the other tool has (`--explain-only`, a focus without a focus), and exposure reports cut down to one
 * connection, which give rows of unseen pods that their own policies deny: there is nothing here to compare them with.
 */
function isAboutForeignFlags({ id, expected, options }: CorpusCase): boolean {
  return /^npg-error\/warn-using_/.test(id) || (expected.kind === 'exposure' && options.focusConn !== undefined);
}
const compared = new Map<string, { cases: number; cells: number; open: number; differing: number }>();

function count(group: string, { cells, open, differences }: Comparison): void {
  const sum = compared.get(group) ?? { cases: 0, cells: 0, open: 0, differing: 0 };
  compared.set(group, {
    cases: sum.cases + 1,
    cells: sum.cells + cells,
    open: sum.open + open,
    differing: sum.differing + (differences.length > 0 ? 1 : 0),
  });
}

function holdToKnown(id: string, { cells, differences }: Comparison): void {
  expect(cells, `${id} compared nothing`).toBeGreaterThan(0);
  const known = KNOWN_DIFFERENCES[id];
  if (known === undefined) {
    expect(differences.slice(0, 20)).toEqual([]);
  } else {
    expect(differences.length, `${id} is met now: take it out of known-differences.ts`).toBeGreaterThan(0);
    if (known.only !== undefined) expect(differences.filter(isBeside(known.only)).slice(0, 20)).toEqual([]);
  }
}

const isBeside = (only: Difference['touches']) => (difference: Difference) => difference.touches !== only;

describeWithShared('the corpus', () => {
  describe('Kubernetes e2e', () => {
    it.each(e2eSteps().map((step) => [step.id, step] as const))('%s', (id, step) => {
      const comparison = runStep(step);
      count('k8s-e2e', comparison);
      holdToKnown(id, comparison);
    });
  });

  describe.each(KINDS)('%s', (kind) => {
    it.each(cases.filter(({ expected }) => expected.kind === kind).map((one) => [one.id, one] as const))(
      '%s',
      async (id, one: CorpusCase) => {
        const comparison = one.expected.kind === 'error' ? await compareErrors(one, one.expected) : runCase(one);
        count(kind, comparison);
        holdToKnown(id, comparison);
      },
    );
  });

  it('has every case that the list of known differences speaks of', () => {
    const ids = [...cases.map(({ id }) => id), ...e2eSteps().map(({ id }) => id)];
    expect(Object.keys(KNOWN_DIFFERENCES).filter((id) => !ids.includes(id))).toEqual([]);
  });

  // A comparison that cannot fail compares nothing: evaluators that are plainly wrong must be noticed by every kind of case.
  it.each(WRONG_EVALUATORS)('notices an evaluator that $evaluator.name', ({ evaluator, noticedBy }) => {
    const held = cases.filter(({ id }) => KNOWN_DIFFERENCES[id] === undefined);
    const blind = noticedBy.filter((kind) => {
      return !held.some((one) => one.expected.kind === kind && runCase(one, [evaluator]).differences.length > 0);
    });
    expect(blind).toEqual([]);
    if (noticedBy.includes('verdicts')) expect(e2eSteps().some((step) => runStep(step, [evaluator]).differences.length > 0)).toBe(true);
  });

  it('was compared, every kind of it', () => {
    const nothing = ['k8s-e2e', ...KINDS].filter((group) => (compared.get(group)?.cells ?? 0) === 0);
    expect(nothing).toEqual([]);
  });
});

afterAll(() => {
  if (hasShared) console.log(report());
});

function report(): string {
  const groups = [...compared, ['together', sumOf([...compared.values()])] as const];
  const row = (cells: readonly (string | number)[]) =>
    cells.map((cell, i) => (i === 0 ? String(cell).padEnd(14) : cell.toLocaleString('en').padStart(12))).join('');
  return [
    'conformance',
    row(['', 'cases', 'cells', 'left open', 'differing']),
    ...groups.map(([group, sum]) => row([group, sum.cases, sum.cells, sum.open, sum.differing])),
    ...Object.entries(KNOWN_DIFFERENCES).map(
      ([id, { peculiarity, reason }]) => `known difference  ${id}: ${reason} (peculiarity ${peculiarity})`,
    ),
  ].join('\n');
}

function sumOf(sums: readonly { cases: number; cells: number; open: number; differing: number }[]) {
  const total = { cases: 0, cells: 0, open: 0, differing: 0 };
  for (const { cases, cells, open, differing } of sums) {
    total.cases += cases;
    total.cells += cells;
    total.open += open;
    total.differing += differing;
  }
  return total;
}
