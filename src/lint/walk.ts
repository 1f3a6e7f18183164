// The policies, rules and peers that lint looks into, one after the other. Policies that the API server would refuse are left out:
// what they mean is not known, and the rules about refused objects name them.
import { DIRECTIONS, type Direction, type Peer, type Policy, type Rule } from '../model/policy.ts';
import { type LintContext, perRun } from './context.ts';

export interface RuleSpot {
  readonly policy: Policy;
  readonly direction: Direction;
  readonly rule: Rule;
  /** `ingress[0]`. */
  readonly name: string;
}

export interface PeerSpot extends RuleSpot {
  readonly peer: Peer;
  readonly index: number;
  /** `ingress[0].from[1]`. */
  readonly peerName: string;
}

/** Readable NetworkPolicies in input order. */
export const readablePolicies: (context: LintContext) => readonly Policy[] = perRun(({ cluster }) =>
  cluster.policies.filter(({ kind, faults }) => kind === 'NetworkPolicy' && faults.length === 0),
);

/** Rules in force, in input order; not those that policyTypes leaves out. */
export const rulesInForce: (context: LintContext) => readonly RuleSpot[] = perRun((context) =>
  readablePolicies(context).flatMap((policy) => DIRECTIONS.flatMap((direction) => spotsOf(policy, direction))),
);

export const peersInForce: (context: LintContext) => readonly PeerSpot[] = perRun((context) => rulesInForce(context).flatMap(peersOf));

export function spotsOf(policy: Policy, direction: Direction): readonly RuleSpot[] {
  const rules = policy[direction];
  return rules === 'not-governed' ? [] : rules.map((rule) => ({ policy, direction, rule, name: `${direction}[${rule.index}]` }));
}

export function peersOf(spot: RuleSpot): readonly PeerSpot[] {
  const { peers } = spot.rule;
  const list = spot.direction === 'ingress' ? 'from' : 'to';
  return peers === 'anyone' ? [] : peers.map((peer, index) => ({ ...spot, peer, index, peerName: `${spot.name}.${list}[${index}]` }));
}

export function otherDirection(direction: Direction): Direction {
  return direction === 'ingress' ? 'egress' : 'ingress';
}

/** As the API spells it in policyTypes. */
export function typeName(direction: Direction): 'Ingress' | 'Egress' {
  return direction === 'ingress' ? 'Ingress' : 'Egress';
}
