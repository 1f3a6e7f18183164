// What can go wrong between us and an API server, told apart by the socket's error or the server's status.
// Only the facts; whether to try again is decided in live-request.ts, and how it is said in words.
import type { ClusterAddress, Deed } from '../failure/cluster.ts';
import { Failure, isFailure } from '../failure.ts';
import type { ClusterContext } from './cluster-access.ts';

/** What about the request matters for a message. */
export interface Asked {
  readonly context: ClusterContext;
  readonly timeoutMs: number;
  /** Other contexts, which a person may have meant. */
  readonly contexts: readonly string[];
}

/** No answer came: Node's error of the socket, of TLS, or our own timeout (`code: 'ETIMEOUT'`). */
export function connectionFailure(asked: Asked, cause: NodeJS.ErrnoException): Failure {
  const { name, server } = asked.context;
  const address: ClusterAddress = { server, context: name, otherContexts: asked.contexts.filter((each) => each !== name) };
  const detail = cause.message;
  switch (cause.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Failure('cluster-unreachable', { ...address, why: 'name', detail }, { cause });
    case 'ECONNREFUSED':
      return new Failure('cluster-unreachable', { ...address, why: 'refused', detail }, { cause });
    case 'ETIMEOUT':
      return new Failure('cluster-slow', { ...address, seconds: asked.timeoutMs / 1000 }, { cause });
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new Failure('cluster-unreachable', { ...address, why: 'no-route', detail: cause.code }, { cause });
    case 'CERT_NOT_YET_VALID':
    case 'CERT_HAS_EXPIRED': {
      const why = cause.code === 'CERT_HAS_EXPIRED' ? 'expired' : 'not-yet-valid';
      return new Failure('cluster-certificate', { ...address, why, now: new Date().toISOString() }, { cause });
    }
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return new Failure('cluster-unreachable', { ...address, why: 'cut-off', detail }, { cause });
    default:
      return isCertificateProblem(cause)
        ? new Failure('cluster-certificate', { ...address, why: 'not-trusted', detail }, { cause })
        : new Failure('cluster-unreachable', { ...address, why: 'other', detail }, { cause });
  }
}

function isCertificateProblem({ code, message }: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO/.test(code ?? '') || /certificate/.test(message);
}

/** Credentials were not taken. `serverDate`: the Date header, to tell a wrong clock from an old token. */
export function unauthorized(asked: Asked, program: string | undefined, serverDate: string | undefined): Failure {
  const { server, user } = asked.context;
  return new Failure('not-authenticated', { server, user, program, clockAheadSeconds: skewSeconds(serverDate) });
}

/** How far this machine's clock is ahead of the server's, when that is more than a minute. */
function skewSeconds(serverDate: string | undefined, now: number = Date.now()): number | undefined {
  const server = Date.parse(serverDate ?? '');
  const skew = Math.round((now - server) / 1000);
  return Number.isNaN(skew) || Math.abs(skew) < 60 ? undefined : skew;
}

/** The server itself said that it cannot: 429, 5xx, or an answer that no API server gives. `said`: its words, or the path it answered so. */
export function serverFailure(asked: Asked, status: number, said: string): Failure {
  if (status === 429) return new Failure('cluster-overloaded', { said });
  if (status >= 500 || status === 403) return new Failure('cluster-error', { status, said });
  return new Failure('not-an-api-server', { server: asked.context.server, status, said });
}

export function forbidden(asked: Asked, deed: Deed, said: string): Failure {
  return new Failure('forbidden', { user: asked.context.user, deed, said, probe: undefined });
}

/** What the official client throws: an error of the socket, or of an upgrade that the server refused (`Unexpected server response: 403`). */
export function asFailure(asked: Asked, error: unknown, deed: Deed): Failure {
  if (error instanceof Failure) return error;
  const cause = (typeof error === 'object' && error !== null && 'error' in error ? error.error : error) as NodeJS.ErrnoException;
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, status] = /server response: (\d+)/.exec(message) ?? [];
  if (status === '403') return forbidden(asked, deed, '');
  if (status === '401') return unauthorized(asked, undefined, undefined);
  if (status !== undefined) return serverFailure(asked, Number(status), '');
  return cause instanceof Error ? connectionFailure(asked, cause) : serverFailure(asked, 500, message);
}

/** The server's own words in a failure of its own, for a limit of what was read; '' when it said none. */
export function saidIn(error: Failure): string {
  return isFailure(error, 'cluster-error', 'cluster-overloaded') ? error.facts.said : '';
}
