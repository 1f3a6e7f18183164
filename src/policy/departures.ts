// What an enforcer really does where it departs from the API: kube-router, which k3s and k0s carry, measured in semantics D.5.
// The verdict stays what the API means (decide.ts). This file rebuilds the rules that the enforcer writes into the kernel, one mistake
// at a time, and names the mistakes without which the packet would fare as the API says.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import type { Semantics } from '../profile/profile.ts';
import { familiesOf } from './decide.ts';
import type { Connection } from './end.ts';
import { type Enforcer, SHAPES, type Shape } from './kube-router.ts';
import { type FamilyVerdict, inFamily, joined, type Verdict } from './verdict.ts';

/** `{ enforced: 'open', shapes: [['leak']], rules: [a/n ingress[0]] }`: denied by the API, and this enforcer lets it through. */
export interface Departure {
  readonly enforced: 'open' | 'shut';
  /**
   * The shapes that explain it. Each inner list is enough by itself, and all of it is needed: `[['leak'], ['unresolved']]` either of two,
   * `[['leak', 'everyone']]` only both together.
   */
  readonly shapes: readonly (readonly Shape[])[];
  /** The rules that let it through although they should not, or that admit it and are cut short. In the order of the policies. */
  readonly rules: readonly RuleRef[];
}

/** `leak|unresolved`, `leak+everyone`: either of two, only both together. */
export function printShapes({ shapes }: Departure): string {
  return shapes.map((together) => together.join('+')).join('|');
}

/** Is there an enforcer behind this profile that is known to depart from the API? */
export function departs(semantics: Semantics): boolean {
  return semantics.departures === 'kube-router';
}

/**
 * How the enforcer treats a connection otherwise than `verdict`, which must be the answer of `decide` to it.
 * undefined: as the API says, or the API leaves it open. Never throws.
 */
export function departureOf(enforcer: Enforcer, connection: Connection, verdict: Verdict): Departure | undefined {
  const possible = familiesOf(connection);
  const families = possible === 'both' ? ([4, 6] as const) : possible === 'none' ? [] : [possible === 'unknown' ? undefined : possible];
  for (const family of families) {
    const name = family === 6 ? 'IPv6' : 'IPv4';
    const sides = { egress: inFamily(verdict.egress, name), ingress: inFamily(verdict.ingress, name) };
    const found = departureIn(enforcer, connection, family, sides);
    if (found !== undefined) return found;
  }
  return undefined;
}

function departureIn(
  enforcer: Enforcer,
  connection: Connection,
  family: Family | undefined,
  sides: Readonly<Record<Direction, FamilyVerdict>>,
): Departure | undefined {
  const outcome = joined(sides.egress, sides.ingress);
  const { protocol } = connection;
  if (outcome === 'undecided' || protocol === 'ICMP') return undefined;
  const isOpen = outcome === 'allowed';
  const sideOf = (direction: Direction, mistakes: ReadonlySet<Shape>): Side => {
    const { source, destination, port } = connection;
    const [subject, peer] = direction === 'egress' ? [source, destination] : [destination, source];
    const side = sides[direction];
    const isAllowed = side.outcome !== 'denied';
    if (subject.kind !== 'pod' || !isByNetworkPolicies(side)) return { isOpen: isAllowed, rules: [] };
    const opening = enforcer.opening({ direction, subject: subject.pod, peer, protocol, port, family }, mistakes);
    if (opening.length > 0) return { isOpen: true, rules: isAllowed ? [] : opening };
    return { isOpen: false, rules: side.outcome === 'allowed' ? side.rules : [] };
  };
  const withMistakes = (mistakes: ReadonlySet<Shape>) => [sideOf('egress', mistakes), sideOf('ingress', mistakes)];
  const all = withMistakes(new Set(SHAPES));
  const enforced = all.every((side) => side.isOpen);
  if (enforced === isOpen) return undefined;
  const explains = (shapes: readonly Shape[]) => withMistakes(new Set(shapes)).every((side) => side.isOpen) === enforced;
  const shapes = [1, 2, 3].map((size) => combinations(SHAPES, size).filter(explains)).find((found) => found.length > 0);
  // Rebuilding the rules with no mistake at all must give what the API says; where it does not, this is not the file's to explain.
  if (shapes === undefined || explains([])) return undefined;
  const found = all.flatMap((side) => side.rules);
  const rules = found.filter((ref, i) => found.findIndex((other) => other.rule === ref.rule) === i);
  return { enforced: enforced ? 'open' : 'shut', shapes, rules };
}

interface Side {
  readonly isOpen: boolean;
  /** Where the two answers differ: what opens it wrongly, or what should have. */
  readonly rules: readonly RuleRef[];
}

/** Cluster-wide kinds are none of this enforcer's, and what no NetworkPolicy decides it does not touch. */
function isByNetworkPolicies(verdict: FamilyVerdict): boolean {
  const policies: readonly Policy[] =
    verdict.outcome === 'allowed' ? verdict.rules.map(({ policy }) => policy) : verdict.outcome === 'denied' ? verdict.policies : [];
  return policies.length > 0 && policies.every(({ tier }) => tier === 'namespaced');
}

/** `combinations(['a', 'b', 'c'], 2)` → `[['a', 'b'], ['a', 'c'], ['b', 'c']]`. */
function combinations<T>(of: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return of.flatMap((first, i) => combinations(of.slice(i + 1), size - 1).map((rest) => [first, ...rest]));
}
