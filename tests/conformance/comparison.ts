// Holds verdicts against a table of what was expected, counts the cells and keeps every difference. Knows no file format.
import type { DirectionVerdict, Doubt, Verdict } from '../../src/policy/verdict.ts';

export interface Difference {
  /** `default/cart[Deployment] -> 10.0.0.0-10.0.0.255 TCP 80 (decide, kubernetes)`. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;
  /** Set where the cell lies inside a peculiarity that the corpus documents, so that a list can name it. */
  readonly touches?: 'host-network';
}

export interface Comparison {
  /** How many expectations were held against an answer. */
  readonly cells: number;
  /** Cells among them whose answer is `undecided`, which the corpus allows there. */
  readonly open: number;
  readonly differences: readonly Difference[];
}

export function together(comparisons: readonly Comparison[]): Comparison {
  return {
    cells: comparisons.reduce((sum, { cells }) => sum + cells, 0),
    open: comparisons.reduce((sum, { open }) => sum + open, 0),
    differences: comparisons.flatMap(({ differences }) => differences),
  };
}

/**
 * Where an answer may stay open because an ipBlock meets a pod (corpus README, peculiarity 10). `never`: the profile settles it.
 * `where-denied`: the table was made by a tool for which an ipBlock never means a pod. `anywhere`: by one for which it does.
 */
export type Openness = 'never' | 'where-denied' | 'anywhere';

/** `met`; `open` for an answer that is undecided for a reason that it may be; `missed`. */
export function fit(expected: boolean, verdict: Verdict, openness: Openness): 'met' | 'open' | 'missed' {
  if (verdict.outcome !== 'undecided') return (verdict.outcome === 'allowed') === expected ? 'met' : 'missed';
  const mayBeOpen = openness === 'anywhere' || (openness === 'where-denied' && !expected);
  return mayBeOpen && doubtsOf(verdict).every(isAboutBlocks) ? 'open' : 'missed';
}

function doubtsOf(verdict: Verdict): readonly Doubt[] {
  return [verdict.egress, verdict.ingress].flatMap((direction) => (direction.outcome === 'undecided' ? direction.because : []));
}

/** Would it be settled by knowing what an ipBlock means to this plugin, or which address the pod has? */
function isAboutBlocks(doubt: Doubt): boolean {
  return doubt.code === 'address-unknown' || (doubt.code === 'profile-differs' && /^ipBlockMatches(Pod|Node)$/.test(doubt.cell));
}

/** Does this direction let the connection through? */
export function lets(direction: DirectionVerdict): boolean {
  return direction.outcome !== 'denied' && direction.outcome !== 'undecided';
}

/** A comparison that is built cell by cell. */
export interface Tally {
  cell(difference: Difference | undefined): void;
  open(): void;
  result(): Comparison;
}

export function tally(): Tally {
  let cells = 0;
  let open = 0;
  const differences: Difference[] = [];
  return {
    cell(difference) {
      cells++;
      if (difference !== undefined) differences.push(difference);
    },
    open() {
      open++;
    },
    result: () => ({ cells, open, differences }),
  };
}
