// The document of `netverdict cni -o json`.
import type { ApiVersion, Count, Direction } from './common.ts';

/** What `netverdict cni -o json` prints: which network plugin a cluster has, whether it enforces NetworkPolicies and where, and what it lacks. */
export interface CniReportDocument {
  readonly apiVersion: ApiVersion;
  readonly kind: 'CniReport';
  /** partly: on some nodes nothing is enforced, or changes do not arrive, or `ailments` make it unsure. */
  readonly enforces: 'yes' | 'partly' | 'no' | 'unknown';
  /** What --cni auto means here: a profile, a family, none, or kubernetes. */
  readonly profile: string;
  readonly basis: 'recognised' | 'mode-unknown' | 'several' | 'off' | 'no-profile' | 'nothing';
  readonly candidates: readonly CniCandidate[];
  readonly plugins: readonly CniPlugin[];
  readonly corrections: readonly CniCorrection[];
  /** What the client of a denied connection sees */
  readonly denied?: 'timeout' | 'refused' | 'nothing' | 'open';
  readonly nodes: readonly CniNode[];
  readonly agents?: CniAgents;
  readonly conditions: readonly NodeCondition[];
  /** What makes enforcement unsure although agents say they are ready. Worst first */
  readonly ailments: readonly CniAilment[];
  /** What the death of an agent leaves for the pods of its node */
  readonly agentDown: 'rules-stay' | 'pods-open' | 'unknown';
  readonly missing: readonly CniMissing[];
  readonly hostNetwork: readonly CniHostNetwork[];
  readonly tooManyPorts: readonly CniPortOverflow[];
  readonly apiGroups: readonly string[];
}

export interface CniCandidate {
  readonly profile: string;
  /** @minItems 1 */
  readonly signs: readonly string[];
}

export interface CniPlugin {
  readonly name: string;
  readonly daemonSet: string;
  readonly namespace?: string;
  readonly version?: string;
  readonly besides: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, string>>;
}

export interface CniCorrection {
  readonly cell: string;
  readonly to: string;
  readonly because: string;
}

export interface CniNode {
  readonly node: string;
  readonly state: 'enforced' | 'stale' | 'absent' | 'unknown';
  readonly because?: string;
}

export interface CniAgents {
  readonly wanted: Count;
  readonly ready: Count;
}

export interface NodeCondition {
  readonly node: string;
  readonly condition: string;
  readonly reason: string;
}

export type CniAilment = AgentRestarts | ControllerDown | KernelTooOld | Archived;

export interface AgentRestarts {
  readonly code: 'agent-restarts';
  readonly node: string;
  readonly pod: string;
  readonly restarts: Count;
  /** Killed for want of memory the last time */
  readonly oom: boolean;
  readonly at?: string;
}

export interface ControllerDown {
  readonly code: 'controller-down';
  readonly controller: string;
  /** changes: new policies and pods do not reach the agents */
  readonly stops: 'changes' | 'upkeep';
}

export interface KernelTooOld {
  readonly code: 'kernel-too-old';
  readonly node: string;
  readonly kernel: string;
  readonly wants: string;
}

export interface Archived {
  readonly code: 'archived';
  readonly plugin: string;
}

export interface CniMissing {
  readonly feature: 'endPort' | 'sctp' | 'namedPorts' | 'ClusterNetworkPolicy' | 'AdminNetworkPolicy' | 'foreign-policy';
  readonly supported: 'no' | 'unknown';
  /** @minItems 1 */
  readonly policies: readonly string[];
}

export interface CniHostNetwork {
  readonly policy: string;
  /** @minItems 1 */
  readonly pods: readonly string[];
}

export interface CniPortOverflow {
  readonly direction: Direction;
  readonly pod: string;
  readonly peer: string;
  /**
   * @integer
   * @minimum 25
   */
  readonly combinations: number;
  /** @minItems 1 */
  readonly policies: readonly string[];
}
