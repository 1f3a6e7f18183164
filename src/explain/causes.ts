// The causes an explanation can name: a stable code each, documented on a page of its own (docs/causes/<code>.md).
// The list is public API: codes are added, never renamed. Their sentences are in words/en/cause*.ts.
import type { Service, ServicePort } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Direction } from '../model/policy.ts';
import type { Facts, Problem } from '../model/problem.ts';
import type { NearMiss } from './near-miss.ts';

export const CAUSE_CODES = [
  'no-dns-egress',
  'dns-udp-only',
  'peer-label-mismatch',
  'namespace-label-missing',
  'peer-needs-namespace-selector',
  'and-or',
  'port-mismatch',
  'service-port-instead-of-target-port',
  'node-port-instead-of-target-port',
  'named-port-missing',
  'protocol-mismatch',
  'icmp-not-in-rule',
  'end-port-ignored',
  'egress-types-without-rules',
  'policy-types-defaulted',
  'rules-ignored-by-policy-types',
  'ipblock-for-a-pod',
  'service-address-not-opened',
  'ipblock-for-a-service-address',
  'other-family',
  'except-hole',
  'one-side-only',
  'host-network',
  'cni-does-not-enforce',
  'isolated-with-no-rules',
  'no-rule-matches',
  'profile-differs',
  'policy-unreadable',
  'address-unknown',
  'tunnel-source',
  'node-unknown',
  'enforcer-departs',
  'pod-not-policed',
  'windows-lacks',
  'named-port-in-init-container',
  'families-differ',
  'equal-priority',
  'nodes-unknown',
  'name-unresolved',
  'name-not-in-rule',
  'host-endpoint',
  'rule-unclear',
  'denied-by-rule',
] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

export interface Cause {
  readonly code: CauseCode;
  readonly direction?: Direction;
  readonly facts: Facts;
  /** Of `policy-unreadable`: what is wrong with the policy. */
  readonly fault?: Problem;
  /** Where the thing stands that a person would change. */
  readonly at?: Origin;
  /** The near miss this cause was read from. */
  readonly miss?: NearMiss;
}

/** What is known of the way besides the two ends: the Service that was asked, when it was one. */
export interface Context {
  readonly service?: { readonly service: Service; readonly port: ServicePort };
}

/** The Service in front of the API server, which is not a pod. */
export const API_SERVER = 'default/kubernetes';
