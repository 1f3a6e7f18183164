// What a data plane saw, in one form for every log: who, to whom, on which port, decided how. Names and addresses are as the log has them;
// resolve.ts finds the pods behind them.
import type { Direction } from '../model/policy.ts';

/** `forwarded`: seen, and no policy decision. `dropped`: for a reason that is no policy. `logged`: a Log rule, which decides nothing. */
export type FlowVerdict = 'allow' | 'deny' | 'audit' | 'forwarded' | 'dropped' | 'logged' | 'unknown';

/**
 * What a record says. `decision`: a policy decided. `repeat`: the drop of a packet whose decision the same log has in a record of its own.
 * `trace`: a packet was seen. `open`: a connection is open now (conntrack, sockets).
 */
export type FlowSort = 'decision' | 'repeat' | 'trace' | 'l7' | 'not-policy' | 'log-only' | 'open';

/** One end as the log names it; at least one field. */
export interface FlowEnd {
  /** `10.244.1.10`, as written. */
  readonly address?: string;
  /** `shop/web-7c9f5b6d8-q4mzn`. */
  readonly pod?: string;
  /** Pods that the log does not tell apart: `shop/web-7c9f5b6d8-*`. */
  readonly pods?: string;
  readonly node?: string;
  /** `pub`, `pvt` (Calico), `world`, a network set: all that the log says. */
  readonly other?: string;
}

/** A policy that the record names. `trigger`: the first policy of a tier that denied by default, which is not the culprit. */
export interface FlowName {
  /** `NetworkPolicy`, `CiliumNetworkPolicy`, `Profile`, `EndOfTier`…; '' where the log does not say. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** As the log counts: the index in the spec, but for Calico, which counts rules after it has split them. */
  readonly rule?: number;
  readonly tier?: string;
  readonly role: 'allowed-by' | 'denied-by' | 'trigger';
}

export interface FlowRecord {
  readonly format: FormatName;
  /** Milliseconds since 1970, UTC; absent where the line has no time. */
  readonly time?: number;
  /** The end of the window of a record that stands for several connections. */
  readonly until?: number;
  readonly node?: string;
  /** The side that decided: egress = the policies of `from`. Absent where the log does not say. */
  readonly direction?: Direction;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  /** `TCP`, `UDP`, `SCTP`, `ICMP` (both families), or what the log has. */
  readonly protocol: string;
  /** Of the destination. Absent: none, or the log leaves it out. */
  readonly port?: number;
  readonly sourcePort?: number;
  readonly icmp?: readonly [type: number, code: number];
  readonly verdict: FlowVerdict;
  readonly sort: FlowSort;
  /** `STALE_OR_UNROUTABLE_IP`: why a drop is no policy, or what kind of L7 record it is. */
  readonly reason?: string;
  /** Absent: the log does not say. Ends are in the order of the connection all the same. */
  readonly isReply?: boolean;
  /** A packet of a connection that exists already. */
  readonly established?: true;
  readonly named: readonly FlowName[];
  /** How many connections (or denied packets) the record stands for. */
  readonly count: number;
  /** A DNS answer: `{ name: 'smtp.example.net', addresses: ['198.51.100.9'] }`. */
  readonly dns?: { readonly name: string; readonly addresses: readonly string[] };
}

/** Lines that belong to a log and are no record of a flow. */
export type SkipCode = 'node-status' | 'lost-events' | 'agent-event' | 'debug' | 'other' | 'not-a-policy-prefix' | 'icmp-error' | 'waits';

/** Lines that nobody can use. */
export type BrokenCode = 'bad-json' | 'not-recognized' | 'missing-field' | 'bad-address' | 'too-long' | 'verdict-without-packet';

export type LineRead =
  | { readonly kind: 'records'; readonly records: readonly FlowRecord[] }
  | { readonly kind: 'skip'; readonly because: SkipCode; readonly format: FormatName; readonly lost?: number }
  | { readonly kind: 'broken'; readonly because: BrokenCode };

export const FORMAT_NAMES = [
  'antrea',
  'aws',
  'aws-cloudwatch',
  'calico-felix',
  'calico-goldmane',
  'calico-whisker',
  'cilium-ct',
  'cilium-monitor',
  'conntrack',
  'gke',
  'hubble',
  'hubble-compact',
  'kernel',
  'kube-network-policies',
  'kubernetes-event',
  'ovn-kubernetes',
  'ovnkube-observ',
  'ss',
] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** What a line does not say about its time: the year, and the zone of the node. */
export interface ReadOptions {
  readonly year: number;
  /** East of UTC. */
  readonly offsetMinutes: number;
}

export type Json = Readonly<Record<string, unknown>>;

/** How one kind of log is read. `of` each opened once for a file, so that it may remember lines. */
export type Format =
  | {
      readonly name: FormatName;
      readonly form: 'json';
      /** undefined: not a line of this format. */
      readonly open: (options: ReadOptions) => (value: Json) => LineRead | undefined;
    }
  | {
      readonly name: FormatName;
      readonly form: 'text';
      readonly open: (options: ReadOptions) => (line: string) => LineRead | undefined;
    };
