// Who may ask. A page on loopback can be reached by every page of the web that is open in the same browser: by its address, or by a name that was
// made to point here (DNS rebinding). So a request needs a Host that nobody can own, comes from no other site, only reads, and knows the token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { REFUSED } from '../words/en/serve.ts';

export interface Admission {
  /** Undefined: everybody who reaches the port. */
  readonly token: string | undefined;
  /** What it listens on, by which it may be called: `127.0.0.1`. */
  readonly host: string;
}

/** `enter`: the token came in the address and becomes a cookie, so that it stays in no history. */
export type Admitted =
  | { readonly kind: 'yes' }
  | { readonly kind: 'enter' }
  | { readonly kind: 'no'; readonly status: number; readonly why: keyof typeof REFUSED };

export const COOKIE = 'netverdict';

/** Asked of every request before anything else is read of it. `path`: of its address, without what is asked. */
export function admitted(request: IncomingMessage, url: URL, { token, host }: Admission): Admitted {
  const { method, headers } = request;
  if (!isOwnHost(headers.host, host)) return { kind: 'no', status: 421, why: 'host' };
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'no', status: 405, why: 'method' };
  // A link from another site to the page is fine, what that site could read or frame is not: it comes with a fetch mode.
  const isForeign = headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site';
  if (isForeign && (headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document')) {
    return { kind: 'no', status: 403, why: 'origin' };
  }
  if (token === undefined) return { kind: 'yes' };
  if (isSame(url.searchParams.get('token') ?? '', token)) return { kind: 'enter' };
  const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
  if (isSame(bearer, token) || isSame(cookieOf(headers.cookie ?? ''), token)) return { kind: 'yes' };
  return { kind: 'no', status: 401, why: 'token' };
}

/** `localhost:8080`, an address, or the name that it was told to listen on. A port is not looked at: kubectl port-forward has one of its own. */
function isOwnHost(header: string | undefined, host: string): boolean {
  const name = /^(?:\[([0-9a-fA-F:.]+)\]|([^:@/]+))(?::\d+)?$/.exec(header ?? '');
  const called = name?.[1] ?? name?.[2];
  return (
    called !== undefined && (called.toLowerCase() === 'localhost' || isIP(called) !== 0 || called.toLowerCase() === host.toLowerCase())
  );
}

function cookieOf(header: string): string {
  for (const part of header.split(';')) {
    const [name, value = ''] = part.trim().split('=');
    if (name === COOKIE) return value;
  }
  return '';
}

/** Takes as long whatever is wrong with it. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
