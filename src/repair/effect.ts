// What a fix changes besides what was asked for: the shape of it. Worked out in effects.ts, put into rows in rows.ts.
import type { Pod } from '../model/cluster.ts';
import type { IpSet } from '../net/ip-set.ts';
import type { PortSet, Protocol } from '../net/port-set.ts';

/** A connection that the fix is for: what it opens of this is no surprise. */
export interface Asked {
  readonly sources: ReadonlySet<string>;
  readonly destinations: ReadonlySet<string>;
  readonly sourceRange?: IpSet;
  readonly destinationRange?: IpSet;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface Row {
  /** `shop/cart[Deployment]`, `10.0.0.0/8`, or an imagined end, which words/en/imagined.ts says: `{other-pod shop}`. */
  readonly from: string;
  readonly to: string;
  /** Where only some pods of the workload are meant. */
  readonly fromPods?: readonly string[];
  readonly toPods?: readonly string[];
  readonly ports: PortSet;
  /** `perhaps`: the profile or the input leaves it open, before or after. */
  readonly certainty: 'sure' | 'perhaps';
  /** One end is not there yet. */
  readonly isFuture: boolean;
  /** How many addresses the outside range has, where an end is one. */
  readonly addresses?: number;
}

export interface ServiceChange {
  readonly service: string;
  readonly change: 'loses' | 'gains';
  readonly pods: readonly string[];
}

export interface Effect {
  readonly opened: readonly Row[];
  readonly closed: readonly Row[];
  readonly services: readonly ServiceChange[];
}

/**
 * A pod that is not there, and what to call it: `{other-pod shop}`, `{pod-elsewhere}`, `{pods-elsewhere app=cart}`, `{pods-of shop app=cart}`.
 * Braces and spaces are in no real name.
 */
export interface ImaginedPod {
  readonly pod: Pod;
  readonly name: string;
}
