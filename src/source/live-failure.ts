// What can go wrong between us and an API server, said so that a person at night knows what to do next.
// Only sentences; whether to try again is decided in live-request.ts.
import { Failure } from '../failure.ts';
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
  const { server } = asked.context;
  const where = `${server} (context \`${asked.context.name}\`)`;
  const others = asked.contexts.filter((name) => name !== asked.context.name);
  const orContext = others.length === 0 ? '' : `, or choose another context: --context ${others.slice(0, 6).join(' | ')}`;
  const failure = (code: string, message: string, hint: string) => new Failure(code, message, { hint, cause });
  switch (cause.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return failure(
        'cluster-unreachable',
        `the name of the API server does not resolve: ${where}`,
        `is the VPN up, does the cluster still exist?${orContext}`,
      );
    case 'ECONNREFUSED':
      return failure('cluster-unreachable', `nobody listens at ${where}`, `is the cluster running?${orContext}`);
    case 'ETIMEOUT':
      return failure(
        'cluster-slow',
        `no answer within ${asked.timeoutMs / 1000} s from ${where}`,
        `is the VPN up? A slow server needs a longer --request-timeout${orContext}`,
      );
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return failure('cluster-unreachable', `no way to ${where}: ${cause.code}`, `is the VPN up?${orContext}`);
    case 'CERT_NOT_YET_VALID':
    case 'CERT_HAS_EXPIRED':
      return failure(
        'cluster-certificate',
        `the certificate of ${where} ${cause.code === 'CERT_HAS_EXPIRED' ? 'has expired' : 'is not valid yet'}, by the clock of this machine`,
        `this machine says it is ${new Date().toISOString()}: is that right? If it is, the cluster's certificate must be renewed`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return failure(
        'cluster-unreachable',
        `the connection to ${where} was cut, again and again`,
        'the API server may be restarting: try again in a minute',
      );
    default:
      if (isCertificateProblem(cause)) {
        return failure(
          'cluster-certificate',
          `the certificate of ${where} is not the one that the kubeconfig trusts: ${cause.message}`,
          'has the cluster been made anew? Fetch its kubeconfig again',
        );
      }
      return failure('cluster-unreachable', `cannot reach ${where}: ${cause.message}`, `does \`kubectl get ns\` work?${orContext}`);
  }
}

function isCertificateProblem({ code, message }: NodeJS.ErrnoException): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|EPROTO/.test(code ?? '') || /certificate/.test(message);
}

/** Credentials were not taken. `serverDate`: the Date header, to tell a wrong clock from an old token. */
export function unauthorized(asked: Asked, program: string | undefined, serverDate: string | undefined): Failure {
  const skew = skewSeconds(serverDate);
  return new Failure('not-authenticated', `the cluster does not know you: 401 from ${asked.context.server}`, {
    hint:
      skew === undefined
        ? `the credentials of user \`${asked.context.user}\` are wrong or have expired: log in again${program === undefined ? '' : ` (${program})`}, or fetch a new kubeconfig`
        : `this machine's clock is ${spoken(skew)} the server's, so the credentials may look expired: set the clock, or log in again`,
  });
}

/** How far this machine's clock is ahead of the server's, when that is more than a minute. */
function skewSeconds(serverDate: string | undefined, now: number = Date.now()): number | undefined {
  const server = Date.parse(serverDate ?? '');
  const skew = Math.round((now - server) / 1000);
  return Number.isNaN(skew) || Math.abs(skew) < 60 ? undefined : skew;
}

function spoken(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const much =
    minutes < 120 ? `${minutes} min` : minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
  return `${much} ${seconds > 0 ? 'ahead of' : 'behind'}`;
}

/** The server itself said that it cannot: 429, 5xx, or an answer that no API server gives. */
export function serverFailure(asked: Asked, status: number, message: string): Failure {
  if (status === 429) {
    return new Failure('cluster-overloaded', `the API server asks us to wait: ${message}`, { hint: 'it is busy: try again in a minute' });
  }
  if (status >= 500 || status === 403) {
    return new Failure('cluster-error', `the API server cannot answer (${status}): ${message}`, {
      hint: 'it may be starting, or etcd may be down: try again in a minute; kubectl get --raw /readyz?verbose tells more',
    });
  }
  return new Failure('not-an-api-server', `${asked.context.server} does not answer like a Kubernetes API server (${status}): ${message}`, {
    hint: 'is there a proxy or a login page in between? Check `server` in the kubeconfig',
  });
}

export function forbidden(asked: Asked, what: string, message: string): Failure {
  return new Failure('forbidden', `user \`${asked.context.user}\` may not ${what}: ${message}`, {
    hint: '`netverdict rbac` prints the rights that are needed; an administrator can grant them',
  });
}

/** What the official client throws: an error of the socket, or of an upgrade that the server refused (`Unexpected server response: 403`). */
export function asFailure(asked: Asked, error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  const cause = (typeof error === 'object' && error !== null && 'error' in error ? error.error : error) as NodeJS.ErrnoException;
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, status] = /server response: (\d+)/.exec(message) ?? [];
  if (status === '403') return forbidden(asked, what, 'the API server refuses it (403)');
  if (status === '401') return unauthorized(asked, undefined, undefined);
  if (status !== undefined) return serverFailure(asked, Number(status), `cannot ${what}`);
  return cause instanceof Error ? connectionFailure(asked, cause) : serverFailure(asked, 500, `cannot ${what}: ${message}`);
}
