// The documents of `netverdict lab`.
import type { ApiVersion, Count, Direction, Name, Outcome, PortNumber, Protocol } from './common.ts';
import type { ProofAssumption } from './proof.ts';

/** What `netverdict lab status -o json` and `lab up -o json` print: who is there, and what is in force. */
export interface LabStatusDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'LabStatus';
  readonly name: string;
  readonly cni: string;
  /** What becomes of an open connection that a new policy denies. */
  readonly openConnections: 'kept' | 'cut';
  readonly denials: 'reject' | 'drop';
  readonly rootless: boolean;
  /** The process that keeps the lab */
  readonly holder?: Count;
  /**
   * Other labs that are up
   * @minItems 1
   */
  readonly alsoUp?: readonly Name[];
  /** How many nodes */
  readonly nodes?: Count;
  readonly pods: readonly LabPodDocument[];
  readonly services: readonly LabServiceDocument[];
  /** Those in force. */
  readonly policies: readonly LabPolicyDocument[];
  /** Connections of `lab probe --hold`, each asked now. */
  readonly held: readonly HeldDocument[];
  /** Of `lab up`: what the lab does not have from the input, or cannot do */
  readonly made?: LabMade;
}

export interface LabPodDocument {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly node: string;
  readonly hostNetwork: boolean;
  readonly listens: readonly LabListens[];
}

export interface LabListens {
  readonly protocol: 'TCP' | 'UDP';
  readonly port: PortNumber;
  /** The cluster's DNS answers there. */
  readonly dns: boolean;
}

export interface LabServiceDocument {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly headless: boolean;
  readonly externalName?: string;
  readonly ports: readonly LabServicePort[];
}

export interface LabServicePort {
  readonly protocol: Protocol;
  readonly port: PortNumber;
  /** Ready ones; [] is refused at once. */
  readonly backends: readonly LabBackend[];
}

export interface LabBackend {
  readonly pod: string;
  readonly port: PortNumber;
}

export interface LabPolicyDocument {
  readonly kind: string;
  readonly name: string;
}

export interface HeldDocument {
  readonly name: string;
  readonly state: 'open' | 'cut' | 'silent';
}

export interface LabMade {
  /** The input has no DNS pods, so some were added */
  readonly addedDns: boolean;
  readonly assumptions: readonly ProofAssumption[];
  /** Cells that the profile leaves open, done as a plain packet filter does */
  readonly assumedCells: readonly Name[];
  /** The profile polices a node that connects to its own pods, which the lab does not */
  readonly nodesPass: boolean;
  /** Two pods in the host network of a node that want one port */
  readonly notListening: readonly NotListening[];
}

export interface NotListening {
  readonly pod: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: PortNumber;
  /** The system's: EADDRINUSE */
  readonly code: string;
}

/** What `netverdict lab probe -o json` prints: one real connection inside the lab, and the engine's answer beside it. */
export interface LabProbeDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'LabProbe';
  readonly from: string;
  readonly dialled: LabTarget;
  readonly kernel: LabConnected;
  /** Packets of this source that policies stopped meanwhile, by the kernel's record; name lookups included. */
  readonly denials: readonly LabDenial[];
  readonly engine: Outcome | 'error';
  /** The connection was left open. */
  readonly held: boolean;
}

export interface LabTarget {
  readonly host: string;
  readonly port: PortNumber;
  readonly protocol: 'TCP' | 'UDP';
}

export interface LabConnected {
  readonly outcome: 'answered' | 'refused' | 'unreachable' | 'timeout' | 'name-not-found' | 'name-not-resolved' | 'error';
  /** What the name meant to this pod. */
  readonly address?: string;
  /** The first bytes that came back. */
  readonly answer?: string;
  /** The system's: ECONNREFUSED. */
  readonly code?: string;
  readonly ms: Count;
}

export interface LabDenial {
  readonly direction: Direction;
  readonly destination: string;
  /** The pod or node that has this address. */
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: PortNumber;
}

/** What `netverdict lab apply -o json` and `lab delete -o json` print. */
export interface LabChangeDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'LabChange';
  /** Those that the command named. */
  readonly objects: readonly LabObjectChange[];
  /** Changes in the kernel, over all nodes. */
  readonly changes: Count;
  /** Those in force. */
  readonly policies: readonly LabPolicyDocument[];
}

export interface LabObjectChange {
  readonly object: string;
  readonly change: 'created' | 'configured' | 'unchanged' | 'deleted';
}
