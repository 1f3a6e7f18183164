// Rules that a rule of another policy covers, where that policy selects the same pods or more: by its selector, so that it holds for pods to come.
import { DIRECTIONS, type Direction, type Policy } from '../../../model/policy.ts';
import { meaningOf } from '../../../reach/matching-labels.ts';
import type { LintContext } from '../../context.ts';
import { covers, repeatedRules } from '../../implied.ts';
import { isEverything, ruleKey } from '../../meaning.ts';
import { type RuleSpot, readablePolicies, spotsOf } from '../../walk.ts';

/** Rules that select the same pods are compared with each other up to this many; beyond it only those that say the same are found. */
const MOST_RULES = 200;

/**
 * Each rule with one of another policy that already allows all of it. Of two that say the same, the one of the policy that selects more
 * pods stays, else the earlier. Rules for everybody on every port are left to restriction-without-effect.
 */
export function* impliedElsewhere(context: LintContext): Generator<readonly [RuleSpot, RuleSpot]> {
  for (const policies of byNamespace(context)) {
    for (const direction of DIRECTIONS) {
      const bySubject = new Map<string, Candidates>();
      for (const policy of policies) {
        const key = meaningOf(policy.subject.pods);
        const known = bySubject.get(key) ?? candidates();
        bySubject.set(key, known);
        for (const spot of spotsOf(policy, direction)) if (!isEverything(spot.rule)) known.add(spot);
      }
      for (const policy of policies) yield* impliedIn(policy, direction, bySubject);
    }
  }
}

function* impliedIn(
  policy: Policy,
  direction: Direction,
  bySubject: ReadonlyMap<string, Candidates>,
): Generator<readonly [RuleSpot, RuleSpot]> {
  const spots = spotsOf(policy, direction);
  // What a rule of the same policy covers is said there.
  const repeated = repeatedRules(spots.map(({ rule }) => rule));
  const own = meaningOf(policy.subject.pods);
  const wide = widerSubjects(policy).flatMap((key) => bySubject.get(key) ?? []);
  const alike = bySubject.get(own);
  for (const spot of spots) {
    if (isEverything(spot.rule) || repeated.has(spot.rule)) continue;
    const wider = first(wide, (all) => all.wider(spot, () => true));
    const other = wider ?? alike?.wider(spot, (found) => !covers(spot.rule, found.rule) || isBefore(found, spot));
    if (other !== undefined) yield [spot, other];
  }
}

function isBefore(a: RuleSpot, b: RuleSpot): boolean {
  return a.policy.ref < b.policy.ref;
}

function first<T, U>(list: readonly T[], look: (one: T) => U | undefined): U | undefined {
  for (const one of list) {
    const found = look(one);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `app=cart, tier=back` → the selectors that ask for less: `app=cart`, `tier=back` and everything. Of many labels only the whole and the single ones. */
function widerSubjects({ subject }: Policy): readonly string[] {
  const { requirements, origin } = subject.pods;
  if (requirements.length === 0) return [];
  const single = requirements.length > 1 ? requirements.map((requirement) => [requirement]) : [];
  const without = requirements.length > 2 ? requirements.map((requirement) => requirements.filter((other) => other !== requirement)) : [];
  const own = meaningOf(subject.pods);
  return [...new Set([[], ...single, ...without].map((some) => meaningOf({ requirements: some, origin })))].filter((key) => key !== own);
}

interface Candidates {
  add(spot: RuleSpot): void;
  /** A rule of another policy that covers this one and passes the test. */
  wider(spot: RuleSpot, isTaken: (found: RuleSpot) => boolean): RuleSpot | undefined;
}

function candidates(): Candidates {
  const all: RuleSpot[] = [];
  const byKey = new Map<string, RuleSpot[]>();
  return {
    add(spot) {
      all.push(spot);
      const key = ruleKey(spot.rule);
      const alike = byKey.get(key);
      if (alike === undefined) byKey.set(key, [spot]);
      // Two are enough: the first, and one that is not of the policy that asks.
      else if (alike.length < 2) alike.push(spot);
    },
    wider(spot, isTaken) {
      const isOther = (found: RuleSpot) => found.policy !== spot.policy && isTaken(found);
      const same = byKey.get(ruleKey(spot.rule))?.find(isOther);
      if (same !== undefined || all.length > MOST_RULES) return same;
      return all.find((found) => isOther(found) && covers(found.rule, spot.rule));
    },
  };
}

function byNamespace(context: LintContext): Iterable<readonly Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const policy of readablePolicies(context)) {
    const list = found.get(policy.namespace ?? '');
    if (list === undefined) found.set(policy.namespace ?? '', [policy]);
    else list.push(policy);
  }
  return found.values();
}
