// What can differ between a rule and a connection. Facts and places only; the words are in words/en/difference.ts.
import type { Origin } from '../model/origin.ts';
import type { Peer } from '../model/policy.ts';
import type { Requirement } from '../model/selector.ts';
import type { Family } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';

/** One thing that differs between what a rule wants and what is there. `wantedAt`, `hasAt`: where both are written. */
export type Difference =
  | {
      readonly code: 'label-differs';
      readonly of: 'pod' | 'namespace';
      readonly name: string;
      readonly requirement: Requirement;
      /** undefined: the label is not there at all. */
      readonly has: string | undefined;
      readonly wantedAt: Origin;
      readonly hasAt: Origin | undefined;
    }
  | {
      readonly code: 'other-namespace';
      readonly wanted: string;
      readonly has: string;
      /** `podSelector: {}`: the rule is about the namespace as such, not about a pod of another one. */
      readonly isWhole: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'not-a-pod'; readonly wantedAt: Origin }
  | { readonly code: 'host-network'; readonly pod: string; readonly wouldMatch: boolean; readonly wantedAt: Origin; readonly hasAt: Origin }
  | { readonly code: 'outside-block'; readonly cidr: string; readonly address: PeerAddress; readonly wantedAt: Origin }
  | {
      readonly code: 'other-family';
      readonly cidr: string;
      readonly family: Family;
      /** The block would match if families were not told apart: it is all of its family, or holds the other address of the peer. */
      readonly isTwin: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'in-except'; readonly cidr: string; readonly except: string; readonly address: string; readonly wantedAt: Origin }
  | {
      readonly code: 'block-ignores-cluster';
      readonly cidr: string;
      readonly of: 'pod' | 'node';
      /** True: the profile leaves it open. False: it says no. */
      readonly isOpen: boolean;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'address-unknown'; readonly cidr: string; readonly wantedAt: Origin }
  | { readonly code: 'port-differs'; readonly wanted: readonly string[]; readonly has: string; readonly wantedAt: Origin }
  /** `wanted`: what the rule admits; [] for ICMP messages that it does not name. */
  | { readonly code: 'icmp-not-meant'; readonly wanted: readonly string[]; readonly has: string; readonly wantedAt: Origin }
  | { readonly code: 'protocol-differs'; readonly wanted: string; readonly has: string; readonly wantedAt: Origin }
  | {
      readonly code: 'named-port-missing';
      readonly name: string;
      readonly protocol: Protocol;
      /** The protocol with which the pod does have a port of that name. */
      readonly otherProtocol: Protocol | undefined;
      /** The init container or sidecar that does declare it, where this CNI does not look at those. */
      readonly initContainer: string | undefined;
      readonly declared: readonly string[];
      readonly wantedAt: Origin;
      readonly hasAt: Origin | undefined;
    }
  | {
      readonly code: 'named-port-is-other';
      readonly name: string;
      readonly number: number;
      readonly has: string;
      readonly wantedAt: Origin;
    }
  | { readonly code: 'end-port-ignored'; readonly wanted: string; readonly has: string; readonly wantedAt: Origin }
  /** The destination was asked for by this name. */
  | { readonly code: 'other-name'; readonly name: string; readonly wantedAt: Origin }
  | { readonly code: 'empty-peer'; readonly wantedAt: Origin }
  | { readonly code: 'other-peer'; readonly wantedAt: Origin };

/** What stands where a block does not reach: an address, where one is known; or an end of the cluster, asked of a Service's address. */
export type PeerAddress =
  | { readonly by: 'address'; readonly ip: string | undefined }
  | { readonly by: 'service-address'; readonly of: 'pod' | 'node' }
  /** Whatever its address is, it is not one of these: `169.254.169.254/32`. */
  | { readonly by: 'any-address'; readonly of: 'pod' | 'node' };

/** One line of a near miss: a part of the rule, what it wants, and what differs (nothing: it fits). */
export interface Check {
  readonly part: 'namespace' | 'namespaceSelector' | 'podSelector' | 'ipBlock' | 'peer' | 'port';
  /** `app=cart`, `10.0.0.0/8 except 10.1.0.0/16`; a whole peer where it is neither selectors nor a block. */
  readonly wants: string | Peer;
  readonly wantsAt: Origin;
  readonly differences: readonly Difference[];
}
