// What is said inside a kept lab: from the command to the holder over a socket, and from the holder to the pods and nodes.
import type { Zone } from './dns-zone.ts';
import type { Listener, Questions, Ran, Said } from './messages.ts';
import type { LabListener, LabPlan } from './netns-plan.ts';
import type { Sysctl } from './netns-wiring.ts';

/** Asked of one member: a pod, a node, or the fabric (`fabric`). */
export type MemberRequest =
  | { readonly op: 'run'; readonly program: string; readonly args: readonly string[]; readonly input?: string }
  | { readonly op: 'sysctls'; readonly files: readonly Sysctl[] }
  | { readonly op: 'serve'; readonly name: string; readonly listeners: readonly LabListener[] }
  | { readonly op: 'zone'; readonly zone: Zone }
  /** `source`: an address to come from, where there are several. */
  | {
      readonly op: 'connect';
      readonly protocol: 'TCP' | 'UDP';
      readonly host: string;
      readonly port: number;
      readonly timeoutMs: number;
      readonly source?: string;
    }
  /** A connection that stays open under a name, and a word through it. */
  | {
      readonly op: 'hold';
      readonly name: string;
      readonly host: string;
      readonly port: number;
      readonly timeoutMs: number;
      readonly source?: string;
    }
  | { readonly op: 'say'; readonly name: string; readonly timeoutMs: number }
  /** A word through every connection that is held here. */
  | { readonly op: 'held'; readonly timeoutMs: number }
  /** For a proof: servers at these addresses, and many questions to others. Numbers as a list, because these messages are text. */
  | { readonly op: 'listen'; readonly listeners: readonly Listener[] }
  | { readonly op: 'stop-listening' }
  | { readonly op: 'ask'; readonly questions: Omit<Questions, 'rows'> & { readonly rows: readonly number[] } };

export interface Connected {
  readonly outcome: 'answered' | 'refused' | 'unreachable' | 'timeout' | 'name-not-found' | 'name-not-resolved' | 'error';
  /** The address that the name meant to this pod. */
  readonly address?: string;
  /** The first bytes that came back. */
  readonly answer?: string;
  readonly code?: string;
  readonly ms: number;
}

export interface MemberReplies {
  readonly run: Ran;
  readonly sysctls: undefined;
  readonly serve: { readonly failed: readonly { readonly listener: LabListener; readonly code: string }[] };
  readonly zone: undefined;
  readonly connect: Connected;
  readonly hold: Said;
  readonly say: Said;
  readonly held: readonly { readonly name: string; readonly said: Said }[];
  readonly listen: { readonly failed: readonly { readonly listener: Listener; readonly code: string }[] };
  readonly 'stop-listening': undefined;
  /** One code for each row. */
  readonly ask: { readonly ended: readonly number[] };
}

export type HolderRequest =
  /** Start everybody and connect the cables. Once. */
  | { readonly op: 'build'; readonly plan: LabPlan; readonly ip: string; readonly unshare: string; readonly nsenter: string }
  | { readonly op: 'to'; readonly member: string; readonly request: MemberRequest }
  /** From now on the lab stays when the one who built it goes. */
  | { readonly op: 'keep' }
  | { readonly op: 'down' };

export interface HolderReplies {
  /** The process of each pod and node, as numbered inside. */
  readonly build: { readonly pids: Readonly<Record<string, number>> };
  readonly to: MemberReplies[MemberRequest['op']];
  readonly keep: undefined;
  readonly down: undefined;
}
