// What the policies of a baseline are made of: peers, rules and ports as plain objects, ready to be printed.
import type { Protocol } from '../net/port-set.ts';
import type { PolicyPurpose } from './baseline-reasons.ts';

/** An object as it is applied. */
export type ApiObject = Readonly<Record<string, unknown>>;

export type LabelMap = Readonly<Record<string, string>>;

export type PeerObject =
  | { readonly namespaceSelector?: { readonly matchLabels?: LabelMap }; readonly podSelector?: { readonly matchLabels: LabelMap } }
  | { readonly ipBlock: { readonly cidr: string } };

export interface RuleObject {
  readonly from?: readonly PeerObject[];
  readonly to?: readonly PeerObject[];
  readonly ports?: readonly { readonly protocol: Protocol; readonly port: number }[];
}

/** A NetworkPolicy, with what it is for. */
export interface PolicyObject {
  readonly namespace: string;
  readonly name: string;
  /** Said in the comment above it. */
  readonly purpose: PolicyPurpose;
  /** A lint rule that it trips over on purpose, and why: `{ rule: 'every-namespace', because: 'scraper-not-in-input' }`. */
  readonly accepts?: { readonly rule: string; readonly because: 'scraper-not-in-input' | 'callers-not-declared' };
  readonly spec: {
    readonly podSelector: { readonly matchLabels?: LabelMap };
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly RuleObject[];
    readonly egress?: readonly RuleObject[];
  };
}

export const DEFAULT_DENY = 'baseline-default-deny';

/** Labels of one pod of a rollout, or one pod of many: a policy with them would miss the next pod. */
export const PASSING =
  /^(pod-template-hash|controller-revision-hash|pod-template-generation|controller-uid|job-name|batch\.kubernetes\.io\/.*|statefulset\.kubernetes\.io\/pod-name|apps\.kubernetes\.io\/pod-index)$/;

/** `[{ protocol: 'TCP', port: 7070 }]`. */
export type Ports = readonly { readonly protocol: Protocol; readonly port: number }[];

/** Every namespace has its name as a label. */
export function inNamespace(name: string): { readonly matchLabels: LabelMap } {
  return { matchLabels: { 'kubernetes.io/metadata.name': name } };
}

/** Each port once, by number, UDP before TCP. */
export function distinctPorts(ports: Ports): Ports {
  const byKey = new Map(ports.map((each) => [`${each.protocol} ${each.port}`, each]));
  return [...byKey.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? 1 : -1));
}
