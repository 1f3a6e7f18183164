// Requests to one API server: who asks, for how long, and again when the server is restarting. Answers are JSON or streams of it.
// What the answers mean is for others; a status of 403, 404 or 410 is handed back, everything else that is no success is a Failure.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { type ClusterAccess, type ClusterContext, DEFAULT_TIMEOUT_MS } from './cluster-access.ts';
import { type ChosenConfig, chooseConfig } from './live-config.ts';
import { type Credentials, isRenewable, makeCredentials } from './live-credentials.ts';
import { type Asked, connectionFailure, serverFailure, unauthorized } from './live-failure.ts';

export interface Api {
  readonly context: ClusterContext;
  readonly asked: Asked;
  /** `get('/version')` → `{ status: 200, body: { … } }`. Tried again while the server is restarting. */
  get(path: string, options?: Patience): Promise<Answer>;
  /** POST, PATCH, DELETE: once, because nobody knows whether the first one arrived. */
  send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer>;
  /** The answer piece by piece, once it is a success; tried again from the start when it breaks off, so `begin` makes a new reader. */
  stream<T>(path: string, begin: () => StreamReader<T>, options?: Patience): Promise<Answer & { readonly result?: T }>;
  /** An answer that never ends. Not tried again: whoever watches knows where it was. `idleMs`: silence that ends it. */
  follow(path: string, onText: (text: string) => void, options: FollowOptions): Promise<Answer>;
  /** What is behind it, for what only the official client does (exec). */
  readonly chosen: ChosenConfig;
  credentials(): Promise<Credentials>;
  /** Lets the program end. */
  close(): void;
}

export interface FollowOptions {
  readonly idleMs: number;
  readonly signal: AbortSignal;
  /** The server has agreed to tell. */
  readonly onOpen?: () => void;
}

/** `patient: false`: what is asked for is served by somebody else (an extension), and may stay away for long. */
export interface Patience {
  readonly patient?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON; the text where there is none. */
  readonly body: unknown;
}

export interface StreamReader<T> {
  push(chunk: Buffer): void;
  end(): T;
}

/** How long a server that has answered before may be away: an API server is back in 5 to 15 s. One that never answered: hardly. */
const PATIENCE_MS = 20_000;
const FIRST_PATIENCE_MS = 3_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;
/** A server that has just come back may not have read its roles yet, and refuses everybody for a moment. */
const DOUBT_403_MS = 10_000;
/** Errors of a connection that a new one may not have. */
const PASSING = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'EAI_AGAIN']);
const PASSING_STATUS = new Set([429, 500, 502, 503, 504]);
/** Connections that are open at once. Lists are asked side by side, and each new connection costs a handshake. */
const MAX_SOCKETS = 4;
/** What callers look into themselves. */
const TOLD_STATUS = new Set([400, 403, 404, 405, 406, 409, 410, 415, 422]);

/** Failure when the kubeconfig or its credentials cannot be used. No request is made yet. */
export async function openApi(access: ClusterAccess, { sockets = MAX_SOCKETS }: { readonly sockets?: number } = {}): Promise<Api> {
  const chosen = chooseConfig(access);
  const api = new LiveApi(chosen, access, sockets);
  await api.credentials();
  return api;
}

class LiveApi implements Api {
  readonly context: ClusterContext;
  readonly asked: Asked;
  readonly chosen: ChosenConfig;
  readonly #access: ClusterAccess;
  readonly #sockets: number;
  readonly #base: URL;
  /** Of all credentials that there were: answers may still be arriving through an old one. */
  readonly #agents = new Set<Credentials['agent']>();
  #credentials: Promise<Credentials>;
  #hasAnswered = false;
  #lastTrouble = Number.NEGATIVE_INFINITY;

  constructor(chosen: ChosenConfig, access: ClusterAccess, sockets: number) {
    this.chosen = chosen;
    this.context = {
      name: chosen.contextName,
      server: chosen.server,
      cluster: chosen.clusterName,
      user: access.as ?? chosen.userName,
      namespace: chosen.namespace,
    };
    this.asked = { context: this.context, timeoutMs: access.timeoutMs ?? DEFAULT_TIMEOUT_MS, contexts: chosen.contexts };
    this.#access = access;
    this.#sockets = sockets;
    this.#base = new URL(chosen.server);
    this.#credentials = this.#made();
  }

  /** Programs say until when their token is good; a long watch outlives it. */
  async credentials(): Promise<Credentials> {
    const current = await this.#credentials;
    if (current.expires !== undefined && current.expires < Date.now()) this.#credentials = this.#made();
    return this.#credentials;
  }

  get(path: string, options: Patience = {}): Promise<Answer> {
    return this.#patiently(options, async () => {
      const response = await this.#once('GET', path, {});
      const told = await this.#toldOrRaised(response);
      if (told !== undefined) return told;
      const text = await textOf(response);
      const body = jsonOrText(text);
      if (typeof body === 'string') throw serverFailure(this.asked, response.statusCode ?? 0, messageOf(text));
      return { status: response.statusCode ?? 0, body };
    });
  }

  async send(method: string, path: string, body?: unknown, contentType?: string): Promise<Answer> {
    try {
      const response = await this.#once(method, path, {
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(contentType === undefined ? {} : { contentType }),
      });
      const told = await this.#toldOrRaised(response);
      return told ?? { status: response.statusCode ?? 0, body: jsonOrText(await textOf(response)) };
    } catch (error) {
      throw this.#asFailure(error);
    }
  }

  stream<T>(path: string, begin: () => StreamReader<T>, options: Patience = {}): Promise<Answer & { readonly result?: T }> {
    return this.#patiently(options, async () => {
      const response = await this.#once('GET', path, {});
      const told = await this.#toldOrRaised(response);
      if (told !== undefined) return told;
      const reader = begin();
      try {
        for await (const chunk of unpacked(response)) reader.push(chunk as Buffer);
        return { status: response.statusCode ?? 0, body: undefined, result: reader.end() };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        throw serverFailure(this.asked, response.statusCode ?? 0, '');
      }
    });
  }

  async follow(path: string, onText: (text: string) => void, options: FollowOptions): Promise<Answer> {
    try {
      const response = await this.#once('GET', path, options);
      const told = await this.#toldOrRaised(response);
      if (told !== undefined) return told;
      options.onOpen?.();
      const decoder = new TextDecoder();
      for await (const chunk of unpacked(response)) onText(decoder.decode(chunk as Buffer, { stream: true }));
      return { status: response.statusCode ?? 0, body: undefined };
    } catch (error) {
      if (!options.signal.aborted && !(error instanceof BusyError && error.status === 403)) this.#lastTrouble = Date.now();
      throw this.#asFailure(error);
    }
  }

  close(): void {
    for (const agent of this.#agents) agent.destroy();
  }

  #made(): Promise<Credentials> {
    const made = makeCredentials(this.chosen, this.#access, this.#sockets);
    void made.then(
      ({ agent }) => this.#agents.add(agent),
      () => {}, // whoever awaits the credentials gets the Failure
    );
    return made;
  }

  /** One try: a status that callers may see, or an error. A 401 is tried once more with new credentials. */
  async #once(method: string, path: string, options: SendOptions): Promise<IncomingMessage> {
    const used = await this.credentials();
    const response = await this.#start(used, method, path, options);
    if (response.statusCode !== 401) return response;
    response.resume();
    if (isRenewable(this.chosen)) {
      // Requests run side by side, and the first that is refused renews for all.
      if ((await this.#credentials) === used) this.#credentials = this.#made();
      const second = await this.#start(await this.#credentials, method, path, options);
      if (second.statusCode !== 401) return second;
      second.resume();
    }
    throw unauthorized(this.asked, this.chosen.user.exec?.command, response.headers.date);
  }

  #start({ agent, headers }: Credentials, method: string, path: string, options: SendOptions): Promise<IncomingMessage> {
    const { protocol, hostname, port, href } = this.#base;
    const { pathname, search } = new URL(href.replace(/\/$/, '') + path);
    return new Promise((settle, reject) => {
      const outgoing = (protocol === 'http:' ? httpRequest : httpsRequest)(
        {
          ...{ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, path: pathname + search },
          ...{ method, agent, timeout: options.idleMs ?? this.asked.timeoutMs },
          ...(options.signal === undefined ? {} : { signal: options.signal }),
          headers: {
            ...headers,
            'User-Agent': 'netverdict',
            Accept: 'application/json',
            'Accept-Encoding': 'gzip',
            ...(options.body === undefined
              ? {}
              : { 'Content-Type': options.contentType ?? 'application/json', 'Content-Length': Buffer.byteLength(options.body) }),
          },
        },
        (response) => {
          this.#hasAnswered = true;
          settle(response);
        },
      );
      outgoing.once('timeout', () => outgoing.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEOUT' })));
      outgoing.once('error', reject);
      outgoing.end(options.body);
    });
  }

  async #patiently<T>({ patient = true }: Patience, attempt: () => Promise<T>): Promise<T> {
    let begun: number | undefined;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        return await attempt();
      } catch (error) {
        const passing = error instanceof BusyError || PASSING.has((error as NodeJS.ErrnoException).code ?? '');
        const isRefusedAtFirst = !this.#hasAnswered && (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
        begun ??= Date.now();
        // 500 is seldom a passing matter: a conversion webhook that is gone, for one.
        const isLasting = !patient || (error instanceof BusyError && error.status === 500);
        const patience = this.#hasAnswered && !isLasting ? PATIENCE_MS : FIRST_PATIENCE_MS;
        if (passing && !(error instanceof BusyError && error.status === 403)) this.#lastTrouble = Date.now();
        if (!passing || isRefusedAtFirst || Date.now() - begun > patience) throw this.#asFailure(error);
        await sleep(error instanceof BusyError ? Math.max(pause, error.retryAfterMs) : pause);
      }
    }
  }

  #asFailure(error: unknown): unknown {
    if (error instanceof BusyError) return serverFailure(this.asked, error.status, error.message);
    return typeof (error as NodeJS.ErrnoException).code === 'string' && (error as Error).name !== 'Failure'
      ? connectionFailure(this.asked, error as NodeJS.ErrnoException)
      : error;
  }

  /** The answer when it is one that is told; BusyError, or a Failure, when it is not; undefined when it is a success. */
  async #toldOrRaised(response: IncomingMessage): Promise<Answer | undefined> {
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return undefined;
    const body = jsonOrText(await textOf(response));
    if (status === 403 && Date.now() - this.#lastTrouble < DOUBT_403_MS) throw new BusyError(status, messageOf(body), undefined);
    if (TOLD_STATUS.has(status) && typeof body === 'object') return { status, body };
    if (PASSING_STATUS.has(status)) throw new BusyError(status, messageOf(body), response.headers['retry-after']);
    throw serverFailure(this.asked, status, messageOf(body));
  }
}

interface SendOptions {
  readonly body?: string;
  readonly contentType?: string;
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
}

/** The server is there but cannot answer now. */
class BusyError extends Error {
  readonly status: number;
  readonly retryAfterMs: number;

  constructor(status: number, message: string, retryAfter: string | undefined) {
    super(message);
    this.status = status;
    this.retryAfterMs = Math.min(Number(retryAfter) * 1000 || 0, 10_000);
  }
}

function unpacked(response: IncomingMessage): AsyncIterable<unknown> {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  const plain = createGunzip();
  response.once('error', (error) => plain.destroy(error));
  // A connection that breaks off in the middle is no error of `pipe`, and half a list must never pass for a whole one.
  response.once('close', () => {
    if (!response.complete) plain.destroy(Object.assign(new Error('cut off'), { code: 'ECONNRESET' }));
  });
  return response.pipe(plain);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of unpacked(response)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The server's own words, in one line. */
export function messageOf(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined;
  const text = typeof message === 'string' ? message : typeof body === 'string' ? body : '';
  return text.replace(/\s+/g, ' ').trim().slice(0, 300);
}
