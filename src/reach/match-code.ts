// A match as a small number: no, yes, or what keeps it open. The fast evaluator's form of `Match` (policy/peer-matches.ts).
import { type RuleRef, UNCLEAR, type Unclear } from '../model/policy.ts';
import type { End } from '../policy/end.ts';
import { endName } from '../policy/peer-matches.ts';
import type { Doubt } from '../policy/verdict.ts';

export const NO = 0;
export const YES = 1;
/** All above YES are doubts. About the peer: the profile may hold blocks against pods or nodes, or an address is not known. */
export const POD_IN_BLOCK_DIFFERS = 2;
export const NODE_IN_BLOCK_DIFFERS = 3;
export const ADDRESS_UNKNOWN = 4;
export const NODES_UNKNOWN = 5;
export const NAME_UNRESOLVED = 6;
export const UNREAD = 7;
/** A node's own address and that of its tunnel are not the same to the rule. */
export const TUNNEL_SOURCE = 8;
/** The first of as many codes as there are reasons (UNCLEAR of model/policy.ts). */
const RULE_UNCLEAR = 9;
/** About the port. */
export const END_PORT_DIFFERS = RULE_UNCLEAR + UNCLEAR.length;
export const NAMED_PORTS_DIFFER = END_PORT_DIFFERS + 1;
export const NAMED_IN_INIT_CONTAINER = END_PORT_DIFFERS + 2;
/** How many codes there are. */
export const CODES = END_PORT_DIFFERS + 3;

/** All of two: one no settles it; else a doubt stays, the peer's first. */
export function bothCodes(peer: number, port: number): number {
  return peer === NO || port === NO ? NO : peer === YES ? port : peer;
}

/** The contrary; a doubt stays one. */
export function notCode(code: number): number {
  return code === YES ? NO : code === NO ? YES : code;
}

/** An end, or the text that stands for it where no particular end is meant. */
export type Named = End | string;

function nameOf(end: Named): string {
  return typeof end === 'string' ? end : endName(end);
}

/** The doubt that a code stands for. `portName`: asked for only where the doubt is about a named port. */
export function doubtOf(code: number, rule: RuleRef, peer: Named, destination: Named, portName: () => string): Doubt {
  switch (code) {
    case POD_IN_BLOCK_DIFFERS:
      return { code: 'profile-differs', cell: 'ipBlockMatchesPod', rule };
    case NODE_IN_BLOCK_DIFFERS:
      return { code: 'profile-differs', cell: 'ipBlockMatchesNode', rule };
    case ADDRESS_UNKNOWN:
      return { code: 'address-unknown', end: nameOf(peer), rule };
    case TUNNEL_SOURCE:
      return { code: 'tunnel-source', end: nameOf(peer), rule };
    case NODES_UNKNOWN:
      return { code: 'nodes-unknown', end: nameOf(peer), rule };
    case NAME_UNRESOLVED:
      return { code: 'name-unresolved', end: nameOf(peer), rule };
    case UNREAD:
      return { code: 'policy-unreadable', policy: rule.policy };
    case END_PORT_DIFFERS:
      return { code: 'profile-differs', cell: 'endPort', rule };
    case NAMED_PORTS_DIFFER:
      return { code: 'profile-differs', cell: 'namedPorts', rule };
    case NAMED_IN_INIT_CONTAINER:
      return { code: 'named-port-in-init-container', port: portName(), end: nameOf(destination), rule };
    default: {
      const because = UNCLEAR[code - RULE_UNCLEAR];
      if (because !== undefined) return { code: 'rule-unclear', because, rule };
      throw new Error(`code ${code} is no doubt`);
    }
  }
}

export function unclearCode(because: Unclear): number {
  return RULE_UNCLEAR + UNCLEAR.indexOf(because);
}
