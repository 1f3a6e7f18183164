// What every kind of lab offers to a proof, which does not know which one it is in.
import type { Ip } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import type { CompileOptions } from '../nft/compile.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import type { Observation } from './compare.ts';

/** One connection attempt between two addresses. */
export interface Shot {
  readonly source: Ip;
  readonly destination: Ip;
  readonly protocol: Protocol;
  readonly port: number;
  /** False: nobody listens there, so that a packet which gets through is refused. */
  readonly listening?: boolean;
}

export interface ShootOptions {
  /** How long a client waits when nothing comes back. Only `--faithful` rules make it wait. */
  readonly timeoutMs?: number;
  readonly inFlight?: number;
  /** Called after each batch with how many of all are done. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What a tier of the lab offers to prove.ts. The flat tier is the first; others are built on the same messages. */
export interface Stage {
  readonly facts: {
    readonly tier: string;
    readonly rootless: boolean;
    readonly kernel: string;
    readonly nft: string;
    readonly files: number;
    /** Of a tier of real namespaces: what stands there, and how many Service ports are asked by the Service's address. */
    readonly namespaces?: { readonly pods: number; readonly routers: number; readonly servicePorts: number };
  };
  /** Puts rules in force, in place of the ones before, at every point where this tier enforces: `rulesFor` says them for one point. */
  readonly enforce: (rulesFor: RulesFor) => Promise<void>;
  readonly shoot: (shots: readonly Shot[], options?: ShootOptions) => Promise<readonly Observation[]>;
  /** Packets by counter name, of all points together. */
  readonly counters: () => Promise<ReadonlyMap<string, number>>;
  readonly close: () => Promise<void>;
}

/** Compiles for one point of the lab, which knows its hook, its node, and what passes it. */
export type RulesFor = (point: Pick<CompileOptions, 'hook' | 'node' | 'exemptPairs'>) => Ruleset;
