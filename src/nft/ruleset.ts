// An nftables table as data: what compile makes, print writes down, walk executes and delta compares.
// Knows the grammar that we use, nothing of Kubernetes. Everything is `inet`: one table for IPv4 and IPv6.
import type { Direction, Policy, RuleRef } from '../model/policy.ts';
import type { Ids } from './ids.ts';
import type { Kept } from './kept.ts';

/** What a lookup reads from a packet, spelled as nft spells it. `ip …` never matches an IPv6 packet, nor `ip6 …` an IPv4 one. */
export type Field = 'ip saddr' | 'ip daddr' | 'ip6 saddr' | 'ip6 daddr' | 'meta l4proto' | 'th dport' | 'meta mark' | 'meta priority';

/** Both ends inside. Addresses are numbers (IPv4) or bigints (IPv6), as in net/ip.ts. */
export type Span = { readonly from: number; readonly to: number } | { readonly from: bigint; readonly to: bigint };

/** One field of an element: an exact value, or a range in sets whose `interval` is true. */
export type Part = number | bigint | Span;

/** One part per field: `[0x0a000007, 6, 5432]` is 10.0.0.7 . tcp . 5432. */
export type Element = readonly Part[];

export interface NftSet {
  readonly name: string;
  readonly fields: readonly Field[];
  /**
   * False: a hash of exact values. True: ranges.
   * INVARIANT: the elements of an interval set never overlap; the kernel refuses a concatenation that does ("File exists").
   */
  readonly interval: boolean;
  /** Filled by the packet path; holds at most so many elements and starts empty. */
  readonly recorded?: { readonly size: number };
  readonly comment?: string;
  readonly elements: readonly Element[];
}

export interface MapEntry {
  readonly key: Element;
  readonly value: NftVerdict | number;
}

/** A lookup with an answer: a verdict, or a number that goes into the mark or the priority of the packet. */
export interface NftMap {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly interval: boolean;
  readonly to: 'verdict' | 'meta mark' | 'meta priority';
  readonly comment?: string;
  readonly entries: readonly MapEntry[];
}

export interface Counter {
  readonly name: string;
  readonly comment?: string;
}

export type NftVerdict = { readonly kind: 'accept' | 'drop' | 'return' } | { readonly kind: 'jump' | 'goto'; readonly chain: string };

/** A rule is a list of these, run from left to right; one that does not match ends the rule. */
export type Statement =
  | { readonly kind: 'in-set'; readonly fields: readonly Field[]; readonly set: string; readonly not?: true }
  | { readonly kind: 'is'; readonly field: Field; readonly values: readonly number[] }
  | { readonly kind: 'ct-established'; readonly reply?: true }
  | { readonly kind: 'ct-mark-is'; readonly value: number }
  | { readonly kind: 'set-ct-mark'; readonly value: number }
  | { readonly kind: 'set'; readonly target: 'meta mark' | 'meta priority'; readonly value: number }
  | {
      readonly kind: 'set-from-map';
      readonly target: 'meta mark' | 'meta priority';
      readonly fields: readonly Field[];
      readonly map: string;
    }
  | { readonly kind: 'vmap'; readonly fields: readonly Field[]; readonly map: string }
  | { readonly kind: 'record'; readonly fields: readonly Field[]; readonly set: string }
  | { readonly kind: 'count'; readonly counter: string }
  | { readonly kind: 'reject'; readonly with: 'tcp reset' | 'admin-prohibited' }
  | NftVerdict;

export type Rule = readonly Statement[];

export interface Chain {
  readonly name: string;
  /** Present on the one chain that hangs in the packet path. Its policy is always accept: pods that no policy selects are open. */
  readonly hook?: Hook;
  readonly comment?: string;
  readonly rules: readonly Rule[];
}

/** `input` where the pods' addresses are local to one namespace, `forward` on a router or node. */
export type Hook = 'input' | 'forward';

/** What a counter counts: connections that a rule let in, or those that fell through all rules of the isolating policies. */
export type Meaning =
  | { readonly kind: 'rule'; readonly rule: RuleRef }
  | { readonly kind: 'denied'; readonly direction: Direction; readonly policies: readonly Policy[] };

export interface Ruleset {
  readonly table: string;
  readonly comment: string;
  readonly counters: readonly Counter[];
  readonly sets: readonly NftSet[];
  readonly maps: readonly NftMap[];
  readonly chains: readonly Chain[];
  /** Counter name → what it stands for. Only the explaining form has counters. */
  readonly legend: ReadonlyMap<string, Meaning>;
  /** Only the scaling form: the numbers of its classes, for the compile after this one. */
  readonly ids?: Ids;
  /** Only the scaling form: what one more pod needs. */
  readonly kept?: Kept;
}

/** Protocol numbers (IANA) of what NetworkPolicy knows, and the two ICMPs. */
export const PROTOCOL_NUMBER = { TCP: 6, UDP: 17, SCTP: 132, ICMP: 1, ICMPV6: 58 } as const;

export function isSpan(part: Part): part is Span {
  return typeof part === 'object';
}

/** One text per element, for comparing and for hashing: `167772167;6;8000-8010`. */
export function elementKey(element: Element): string {
  let key = '';
  for (const part of element) key += isSpan(part) ? `${part.from}-${part.to};` : `${part};`;
  return key;
}
