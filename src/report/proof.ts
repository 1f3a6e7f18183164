// What `prove` found, as a document for programs: schemas/proof.schema.json. The text and the JUnit file are other faces of it.

export interface ProofDocument {
  readonly apiVersion: 'netverdict.dev/v1';
  readonly kind: 'Proof';
  /** `incomplete`: of some connections nothing is known, because neither an answer nor a record came. */
  readonly outcome: 'agree' | 'differ' | 'incomplete';
  /** `assumed`: questions that the profile leaves open, answered as a plain packet filter does, and how many connections rest on each. */
  readonly profile: {
    readonly name: string;
    readonly assumed: readonly { readonly cell: string; readonly answer: string; readonly connections: number }[];
  };
  readonly laboratory: {
    readonly tier: string;
    readonly rules: 'explaining' | 'scaling';
    readonly faithful: boolean;
    readonly rootless: boolean;
    readonly kernel: string;
    readonly nftables: string;
    /** With --tier netns: what stands there, and how many Service ports were asked by the Service's address. */
    readonly namespaces?: { readonly pods: number; readonly routers: number; readonly servicePorts: number };
  };
  readonly connections: {
    readonly made: number;
    /** More than `made` when a sample was taken or some have no verdict. */
    readonly planned: number;
    readonly by: Readonly<Record<'TCP' | 'UDP' | 'SCTP', { readonly ipv4: number; readonly ipv6: number }>>;
    readonly allowed: number;
    readonly deniedByEgress: number;
    readonly deniedByIngress: number;
    readonly differ: number;
    readonly lost: number;
    /** Made before all others: what must come through and what must not. */
    readonly controls: number;
  };
  readonly coverage: {
    readonly pods: number;
    readonly podsMet: number;
    readonly podClasses: number;
    readonly nodesMet: number;
    readonly outsideMet: number;
    /** Questions without a verdict to compare, and why: `profile-differs`, `policy-unreadable` … with what they concern. */
    readonly undecided: number;
    readonly because: readonly { readonly doubt: string; readonly count: number }[];
  };
  /** What the enforcer behind the profile is known to do otherwise than this kernel did. */
  readonly departures?: readonly ProofDeparture[];
  readonly assumptions: readonly { readonly code: string; readonly ends: readonly string[] }[];
  /** Looked into one by one; there may be more (`connections.differ`). */
  readonly differences: readonly ProofDifference[];
  readonly lost: readonly ProofPacket[];
  /** Connections on which the two evaluators of the engine differ: always a defect of netverdict. */
  readonly evaluatorsDiffer: readonly ProofPacket[];
  readonly milliseconds: Readonly<Record<'prepare' | 'open' | 'load' | 'packets', number>>;
}

export interface ProofDeparture {
  readonly enforced: 'open' | 'shut';
  /** `leak|unresolved`: policy/departures.ts. */
  readonly shapes: string;
  readonly rules: readonly string[];
  readonly connections: number;
  readonly example: ProofPacket;
}

export interface ProofPacket {
  readonly from: string;
  readonly fromAddress: string;
  readonly to: string;
  readonly toAddress: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

export interface ProofDifference extends ProofPacket {
  readonly engine: { readonly outcome: string; readonly egress: ProofSide; readonly ingress: ProofSide };
  readonly kernel: string;
  /** The compiled rules in memory, and the way the packet took through them. */
  readonly rules: { readonly verdict: string; readonly chains: readonly string[] };
  readonly counters: readonly { readonly name: string; readonly packets: number; readonly means?: string }[];
}

/** A direction with the names that decided it. */
export interface ProofSide {
  readonly outcome: string;
  readonly by: readonly string[];
}

/** All connections of one pair of ends, for reports that count tests. */
export interface ProofPair {
  readonly from: string;
  readonly to: string;
  readonly made: number;
  readonly wrong: readonly { readonly protocol: string; readonly port: number; readonly kernel: string; readonly engine: string }[];
}
