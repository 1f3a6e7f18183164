// Waves of steps through states that hold a list of constraints. Knows steps by number and nothing of policies: which states are bad is asked.
// Steps that no constraint joins are searched apart, so the cost follows the largest group of steps that touch the same connections.

/** What a state does to the connections of a constraint. `doubt`: the evaluators leave it open whether the state is safe. */
export type StateVerdict = 'safe' | 'doubt' | 'cut' | 'opened';

/** Has this step been applied? */
export type Applied = (step: number) => boolean;

export interface Constraint {
  /** The steps on which the verdict depends, ascending. */
  readonly steps: readonly number[];
  readonly verdict: (applied: Applied) => StateVerdict;
}

export interface SearchProblem<C extends Constraint> {
  readonly steps: number;
  readonly constraints: readonly C[];
  /** `[a, b]`: a in an earlier wave than b. */
  readonly precedence: readonly (readonly [number, number])[];
  /** States that are open to doubt may be passed through. */
  readonly acceptDoubt?: boolean;
}

/** Why the search went no further: from the state after `applied`, `step` would do this. */
export interface Obstacle<C> {
  readonly applied: readonly number[];
  readonly step: number;
  readonly constraint: C;
  readonly verdict: Exclude<StateVerdict, 'safe'>;
}

export type Found<C> =
  /** Every state that some interleaving of a wave can pass through is safe. */
  | { readonly kind: 'waves'; readonly waves: readonly (readonly number[])[] }
  /** Every order was tried, or shown to be bad by a state that it has to pass. */
  | { readonly kind: 'none'; readonly group: readonly number[]; readonly obstacles: readonly Obstacle<C>[] }
  /** The limit of dead ends was reached first. `together`: the steps of the group. */
  | { readonly kind: 'too-many'; readonly together: number };

/** Dead ends that are met for one group of steps before the search gives up. */
const MOST_DEAD_ENDS = 20_000;
/** Steps of one wave that may touch the same connection: all of their 2^n interleavings are asked. */
const MOST_TOGETHER = 10;
const MOST_OBSTACLES = 5;

export function searchWaves<C extends Constraint>(problem: SearchProblem<C>): Found<C> {
  const waves: number[][] = [];
  for (const group of groupsOf(problem)) {
    const found = wavesOfGroup(problem, group);
    if (found.kind !== 'waves') return found;
    for (const [i, wave] of found.waves.entries()) {
      const known = waves[i];
      if (known === undefined) waves.push([...wave]);
      else known.push(...wave);
    }
  }
  return { kind: 'waves', waves: waves.map((wave) => wave.sort((a, b) => a - b)) };
}

/** Steps that a constraint or a precedence joins, directly or through others. */
function groupsOf({ steps, constraints, precedence }: SearchProblem<Constraint>): readonly (readonly number[])[] {
  const above = Array.from({ length: steps }, (_, i) => i);
  const rootOf = (step: number): number => {
    let root = step;
    while (above[root] !== root) root = above[root] as number;
    above[step] = root;
    return root;
  };
  const joinSteps = (list: readonly number[]) => {
    for (const step of list) above[rootOf(step)] = rootOf(list[0] as number);
  };
  for (const constraint of constraints) joinSteps(constraint.steps);
  for (const pair of precedence) joinSteps(pair);
  const groups = new Map<number, number[]>();
  for (let step = 0; step < steps; step++) groups.set(rootOf(step), [...(groups.get(rootOf(step)) ?? []), step]);
  return [...groups.values()];
}

function wavesOfGroup<C extends Constraint>(problem: SearchProblem<C>, group: readonly number[]): Found<C> {
  const inGroup = new Set(group);
  const constraintsOf = new Map<number, C[]>(group.map((step) => [step, []]));
  for (const constraint of problem.constraints) for (const step of constraint.steps) constraintsOf.get(step)?.push(constraint);
  const before = new Map<number, number[]>(group.map((step) => [step, []]));
  for (const [first, then] of problem.precedence) before.get(then)?.push(first);
  const isBad = (verdict: StateVerdict) => verdict !== 'safe' && !(verdict === 'doubt' && problem.acceptDoubt === true);
  const isReady = (step: number, applied: ReadonlySet<number>) => (before.get(step) ?? []).every((first) => applied.has(first));

  const badAt = (step: number, after: ReadonlySet<number>): { constraint: C; verdict: Exclude<StateVerdict, 'safe'> } | undefined => {
    for (const constraint of constraintsOf.get(step) ?? []) {
      const verdict = constraint.verdict((one) => after.has(one));
      if (verdict !== 'safe' && isBad(verdict)) return { constraint, verdict };
    }
    return undefined;
  };

  let isOverLimit = false;
  let deepest: ReadonlySet<number> = new Set();
  const dead = new Set<string>();
  const alive = new Set<string>();
  const keyOf = (applied: ReadonlySet<number>) => group.map((step) => (applied.has(step) ? '1' : '0')).join('');

  /** Can everything be applied from here, one step at a time? Both answers are kept. */
  const reachesEnd = (applied: ReadonlySet<number>): boolean => {
    if (applied.size === inGroup.size) return true;
    const key = keyOf(applied);
    if (alive.has(key)) return true;
    if (dead.has(key)) return false;
    if (applied.size > deepest.size) deepest = applied;
    for (const step of group) {
      if (applied.has(step) || !isReady(step, applied)) continue;
      const next = new Set(applied).add(step);
      if (badAt(step, next) !== undefined) continue;
      if (reachesEnd(next)) {
        alive.add(key);
        return true;
      }
      if (isOverLimit) return false;
    }
    dead.add(key);
    isOverLimit = dead.size > MOST_DEAD_ENDS;
    return false;
  };

  /** Is every interleaving of the wave with this step safe, as far as the step matters? */
  const fits = (applied: ReadonlySet<number>, wave: readonly number[], step: number): boolean => {
    for (const constraint of constraintsOf.get(step) ?? []) {
      const others = wave.filter((one) => constraint.steps.includes(one));
      if (others.length >= MOST_TOGETHER) return false;
      for (let subset = 0; subset < 1 << others.length; subset++) {
        const verdict = constraint.verdict((one) => {
          if (applied.has(one) || one === step) return true;
          const place = others.indexOf(one);
          return place >= 0 && (subset & (1 << place)) !== 0;
        });
        if (isBad(verdict)) return false;
      }
    }
    return true;
  };

  const tooMany = { kind: 'too-many', together: group.length } as const;
  if (!reachesEnd(new Set())) return isOverLimit ? tooMany : { kind: 'none', group, obstacles: obstaclesAt(deepest) };
  const waves: number[][] = [];
  let applied: ReadonlySet<number> = new Set();
  while (applied.size < inGroup.size) {
    const wave: number[] = [];
    for (const step of group) {
      if (applied.has(step) || !isReady(step, applied) || !fits(applied, wave, step)) continue;
      if (reachesEnd(new Set([...applied, ...wave, step]))) wave.push(step);
      if (isOverLimit) return tooMany;
    }
    if (wave.length === 0) throw new Error('a state from which the end can be reached has a next step');
    waves.push(wave);
    applied = new Set([...applied, ...wave]);
  }
  return { kind: 'waves', waves };

  function obstaclesAt(state: ReadonlySet<number>): readonly Obstacle<C>[] {
    const found: Obstacle<C>[] = [];
    for (const step of group) {
      if (state.has(step) || !isReady(step, state)) continue;
      const bad = badAt(step, new Set(state).add(step));
      if (bad !== undefined && found.length < MOST_OBSTACLES) found.push({ applied: [...state].sort((a, b) => a - b), step, ...bad });
    }
    return found;
  }
}
