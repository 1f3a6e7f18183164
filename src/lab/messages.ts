// What goes between the program outside and the one inside the namespace. Plain values, so that they can be sent.

/** How a TCP connection attempt or a UDP question ended, as the client saw it. Codes, because there are many thousands. */
export const ENDED = { none: 0, answered: 1, refused: 2, unreachable: 3, timeout: 4, error: 5 } as const;
export type Ended = (typeof ENDED)[keyof typeof ENDED];

export interface Listener {
  readonly protocol: 'TCP' | 'UDP';
  readonly address: string;
  readonly port: number;
}

/** Many questions in one message: `rows` has four numbers each: source and destination (places in `addresses`), protocol number, port. */
export interface Questions {
  readonly addresses: readonly string[];
  readonly rows: Uint32Array;
  /** After so long without an answer a client gives up. */
  readonly timeoutMs: number;
  /** So many TCP clients at a time. */
  readonly inFlight: number;
  /** The port whose UDP datagrams leave as SCTP. */
  readonly sctpPort: number;
  /** How many turns of the event loop, a millisecond each, bring no UDP answer before no more is waited for. */
  readonly quietTurns?: number;
}

export type Request =
  | { readonly op: 'run'; readonly program: string; readonly args: readonly string[]; readonly input?: string }
  /** Files under /proc/sys; one that is not there is passed over when `optional`. */
  | { readonly op: 'write'; readonly files: readonly { readonly path: string; readonly text: string; readonly optional?: boolean }[] }
  | { readonly op: 'listen'; readonly listeners: readonly Listener[] }
  | { readonly op: 'stop-listening' }
  | { readonly op: 'ask'; readonly questions: Questions }
  /** Open a TCP connection and keep it, under a name. */
  | {
      readonly op: 'hold';
      readonly name: string;
      readonly source: string;
      readonly destination: string;
      readonly port: number;
      readonly timeoutMs: number;
    }
  /** Send a line through a kept connection and wait for it to come back. */
  | { readonly op: 'say'; readonly name: string; readonly timeoutMs: number }
  /** Send the same UDP datagram again and again to nobody, for measuring what a packet costs. */
  | {
      readonly op: 'flood';
      readonly pairs: readonly (readonly [source: string, destination: string])[];
      readonly port: number;
      readonly count: number;
    };

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** `said`: what became of a kept connection. */
export type Said = 'answered' | 'reset' | 'silent' | 'refused';

export interface Replies {
  readonly run: Ran;
  readonly write: undefined;
  readonly listen: { readonly failed: readonly { readonly listener: Listener; readonly code: string }[] };
  readonly 'stop-listening': undefined;
  /** One code for each row. */
  readonly ask: { readonly ended: Uint8Array; readonly ms: number };
  readonly hold: Said;
  readonly say: Said;
  readonly flood: { readonly ms: number; readonly received: number };
}

export interface Hello {
  readonly hello: true;
  /** How many files and sockets the process may have open. */
  readonly files: number;
  /** What one netlink transaction may hold in bytes; `Infinity` with real root, who may raise it. */
  readonly netlinkBuffer: number;
  readonly kernel: string;
}

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

export type Reply = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };
