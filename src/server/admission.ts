// Which requests are let in. Every web page that is open in the same browser can send requests to a server on loopback: to its address, or to a name
// that was made to point here (DNS rebinding). So a request needs a Host that no attacker can own, a read-only method, the token, and no foreign origin.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { REFUSED } from '../words/en/serve.ts';

export interface Admission {
  /** Undefined: none is required. */
  readonly token: string | undefined;
  /** What the server listens on, which is also a valid Host: `127.0.0.1`. */
  readonly host: string;
}

/** `enter`: the token came in the address and becomes a cookie, so that it does not stay in the history. */
export type Admitted =
  | { readonly kind: 'yes' }
  | { readonly kind: 'enter' }
  | { readonly kind: 'no'; readonly status: number; readonly why: keyof typeof REFUSED };

/** Of its own for each token: cookies of one host are shared between ports, and a second server must not log the first one out. */
export function cookieName(token: string): string {
  return `netverdict-${createHash('sha256').update(token).digest('hex').slice(0, 8)}`;
}

/** Asked of every request before anything else in it is read. */
export function admitted(request: IncomingMessage, url: URL, { token, host }: Admission): Admitted {
  const { method, headers } = request;
  if (!isOwnHost(headers.host, host)) return { kind: 'no', status: 421, why: 'host' };
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'no', status: 405, why: 'method' };
  // A link from another site may lead here, but that site may neither fetch nor frame anything. Browsers say which it is.
  const isForeign = headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
  if (isForeign && (headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document')) {
    return { kind: 'no', status: 403, why: 'origin' };
  }
  if (token === undefined) return { kind: 'yes' };
  if (isSame(url.searchParams.get('token') ?? '', token)) return { kind: 'enter' };
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if (isSame(bearer, token) || isSame(cookieOf(headers.cookie ?? '', cookieName(token)), token)) return { kind: 'yes' };
  return { kind: 'no', status: 401, why: 'token' };
}

/** `localhost:8080`, an address, or the name that it was told to listen on. The port is not checked, because kubectl port-forward has its own. */
function isOwnHost(header: string | undefined, host: string): boolean {
  const name = /^(?:\[([0-9a-fA-F:.]+)\]|([^:@/]+))(?::\d+)?$/.exec(header ?? '');
  const called = name?.[1] ?? name?.[2];
  return (
    called !== undefined && (called.toLowerCase() === 'localhost' || isIP(called) !== 0 || called.toLowerCase() === host.toLowerCase())
  );
}

/** '' where there is none of that name. */
function cookieOf(header: string, wanted: string): string {
  for (const part of header.split(';')) {
    const [name, value = ''] = part.trim().split('=');
    if (name === wanted) return value;
  }
  return '';
}

/** In constant time. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
