// The document of `netverdict prove -o json`.
import type { ApiVersion, Count, Ordinal, PortNumber, Protocol } from './common.ts';
import type { DepartureShapes } from './connectivity-map.ts';

/** What `netverdict prove -o json` prints: the engine's verdicts against packets on a real kernel. */
export interface ProofDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'Proof';
  /** `incomplete`: of some connections nothing is known, because neither an answer nor a record came */
  readonly outcome: 'agree' | 'differ' | 'incomplete';
  readonly profile: ProofProfile;
  readonly laboratory: ProofLab;
  readonly connections: ProofConnections;
  readonly coverage: ProofCoverage;
  /**
   * What the enforcer behind the profile is known to do otherwise than this kernel did; absent: nothing
   * @minItems 1
   */
  readonly departures?: readonly ProofDeparture[];
  /** What the lab had to make up, or leave out, to have an address and a node for every pod */
  readonly assumptions: readonly ProofAssumption[];
  /** Looked into one by one; there may be more (`connections.differ`) */
  readonly differences: readonly ProofDifference[];
  readonly lost: readonly ProofPacket[];
  /** Connections on which the two evaluators of the engine differ: always a defect of netverdict */
  readonly evaluatorsDiffer: readonly ProofPacket[];
  readonly milliseconds: Milliseconds;
}

export interface ProofProfile {
  readonly name: string;
  /** Questions that the profile leaves open, answered as a plain packet filter does */
  readonly assumed: readonly AssumedCell[];
}

export interface AssumedCell {
  readonly cell: string;
  readonly answer: string;
  /** How many connections rest on it */
  readonly connections: Count;
}

export interface ProofLab {
  readonly tier: string;
  readonly rules: 'explaining' | 'scaling';
  readonly faithful: boolean;
  readonly rootless: boolean;
  readonly kernel: string;
  readonly nftables: string;
  /** With --tier netns: what was built, and how many Service ports were asked by the Service's address */
  readonly namespaces?: ProofNamespaces;
}

export interface ProofNamespaces {
  readonly pods: Count;
  readonly routers: Count;
  readonly servicePorts: Count;
}

export interface ProofConnections {
  readonly made: Ordinal;
  /** More than `made` when a sample was taken or some have no verdict */
  readonly planned: Ordinal;
  readonly by: ByProtocol;
  readonly allowed: Count;
  readonly deniedByEgress: Count;
  readonly deniedByIngress: Count;
  readonly differ: Count;
  readonly lost: Count;
  /** Made before all others: what must come through and what must not */
  readonly controls: Ordinal;
}

export interface ByProtocol {
  readonly TCP: ByFamily;
  readonly UDP: ByFamily;
  readonly SCTP: ByFamily;
}

export interface ByFamily {
  readonly ipv4: Count;
  readonly ipv6: Count;
}

export interface ProofCoverage {
  readonly pods: Count;
  readonly podsMet: Count;
  readonly podClasses: Count;
  readonly nodesMet: Count;
  readonly outsideMet: Count;
  /** Questions without a verdict to compare */
  readonly undecided: Count;
  /** Why: `profile-differs`, `policy-unreadable` … with what they concern */
  readonly because: readonly CountedDoubt[];
}

export interface CountedDoubt {
  readonly doubt: string;
  readonly count: Count;
}

export interface ProofDeparture {
  readonly enforced: 'open' | 'shut';
  readonly shapes: DepartureShapes;
  readonly rules: readonly string[];
  readonly connections: Ordinal;
  readonly example: ProofPacket;
}

export interface ProofAssumption {
  readonly code: 'address-assigned' | 'address-shared' | 'address-unusable' | 'node-unknown' | 'completed-left-out';
  /** @minItems 1 */
  readonly ends: readonly string[];
}

export interface ProofPacket {
  readonly from: string;
  readonly fromAddress: string;
  readonly to: string;
  readonly toAddress: string;
  readonly protocol: Protocol;
  readonly port: PortNumber;
}

export interface ProofDifference extends ProofPacket {
  readonly engine: ProofVerdict;
  readonly kernel: 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused';
  /** The compiled rules in memory, and the way the packet took through them */
  readonly rules: ProofWalk;
  readonly counters: readonly MovedCounter[];
}

export interface ProofVerdict {
  readonly outcome: 'allowed' | 'denied' | 'partial';
  readonly egress: ProofSide;
  readonly ingress: ProofSide;
}

/** A direction with the names that decided it. */
export interface ProofSide {
  readonly outcome: 'allowed' | 'denied' | 'not-isolated' | 'exempt' | 'undecided' | 'partial';
  readonly by: readonly string[];
}

export interface ProofWalk {
  readonly verdict: 'accept' | 'drop' | 'reject';
  readonly chains: readonly string[];
}

export interface MovedCounter {
  readonly name: string;
  readonly packets: Count;
  readonly means?: string;
}

export interface Milliseconds {
  readonly prepare: Count;
  readonly open: Count;
  readonly load: Count;
  readonly packets: Count;
}

/** All connections of one pair of ends, for reports that count tests. Not part of the document. */
export interface ProofPair {
  readonly from: string;
  readonly to: string;
  readonly made: number;
  readonly wrong: readonly { readonly protocol: string; readonly port: number; readonly kernel: string; readonly engine: string }[];
}
