// A line from a program's log, pasted whole: the destination that it names, and what was seen. Knows the shapes that Go, Node.js, curl, Java,
// Python, PostgreSQL, nginx and Envoy write; what the destination means is for others.

/** What a line says was seen, in the words of `why --symptom` where it has one. `lookup-failed` is a lookup without an answer. */
export type Seen = 'timeout' | 'refused' | 'unreachable' | 'reset' | 'nxdomain' | '5xx' | 'lookup-failed';

export interface LogLine {
  /** `10.0.0.7:8080`, `http://api.payments:8080/health`, `api`. */
  readonly destination: string;
  /** undefined where the line does not say. */
  readonly seen: Seen | undefined;
}

const HOST = String.raw`(\[[0-9a-f:.]+\]|[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)`;

/** Most telling first: what was dialled, then the name that was looked up, then a URL. The groups are host and port. */
const SHAPES: readonly RegExp[] = [
  new RegExp(String.raw`\bdial (?:tcp|udp)[46]? ${HOST}:(\d+)`, 'i'), // Go: net.OpError
  new RegExp(String.raw`\bconnect E[A-Z]+ ${HOST}:(\d+)`, 'i'), // Node.js
  new RegExp(String.raw`\bupstream:? "?https?://${HOST}(?::(\d+))?`, 'i'), // nginx
  // QUOTED: libpq
  new RegExp(String.raw`\bserver at "${HOST}"[^,]*, port (\d+)`, 'i'), // libpq 14 and newer
  new RegExp(String.raw`\bhost "${HOST}".{0,60}\bport (\d+)`, 'i'), // libpq before
  new RegExp(String.raw`\b(?:connect|connection) to (?:host )?${HOST},? port (\d+)`, 'i'), // curl, ssh, nc
  new RegExp(String.raw`\bconnect(?:ing)? to ${HOST} \([0-9.]+:(\d+)\)`, 'i'), // wget of busybox
  // QUOTED: libmysqlclient
  new RegExp(String.raw`\bMySQL server on '${HOST}:(\d+)'`, 'i'), // MySQL's client library
  new RegExp(String.raw`\bhost='${HOST}', port=(\d+)`, 'i'), // Python: urllib3
  new RegExp(String.raw`\b(?:connect|connection) to ${HOST}:(\d+)`, 'i'), // Java: HttpClient
  new RegExp(String.raw`: ${HOST}/[0-9.]+:(\d+)\s*$`, 'i'), // Java, Netty: host/address:port
  new RegExp(String.raw`\bremote address:? ${HOST}:(\d+)`, 'i'), // Envoy, with the address in its text
];
const LOOKUPS: readonly RegExp[] = [
  new RegExp(String.raw`\blookup ${HOST}(?: on |:)`, 'i'), // Go
  new RegExp(String.raw`\bgetaddrinfo E[A-Z_]+ ${HOST}`, 'i'), // Node.js
  new RegExp(String.raw`\b(?:could not resolve host|unknownhostexception|bad address|host not found in upstream):? ['"]?${HOST}`, 'i'),
  // QUOTED: libpq
  new RegExp(String.raw`\bcould not translate host name "${HOST}"`, 'i'), // libpq
  // QUOTED: urllib3
  new RegExp(String.raw`\bfailed to resolve '${HOST}'`, 'i'), // Python: urllib3
];

/** In this order: a lookup that fails in a line about a timeout is the lookup's failure. */
const SEEN: readonly (readonly [Seen, RegExp])[] = [
  [
    'lookup-failed',
    /EAI_AGAIN|temporary failure in name resolution|server misbehaving|\blookup \S+(?: on \S+)?: .*(?:i\/o timeout|timed out)/i,
  ],
  ['nxdomain', /no such host|ENOTFOUND|NXDOMAIN|not known|could not resolve|unknownhost|bad address|host not found/i],
  ['unreachable', /no route to host|EHOSTUNREACH|host is unreachable/i],
  // MySQL prints Linux's errno alone: 111 is ECONNREFUSED, 110 ETIMEDOUT.
  ['refused', /refused|delayed connect error: 111|MySQL server on \S+ \(111\)/i],
  ['reset', /ECONNRESET|reset by peer|connection termination/i],
  ['timeout', /time(?:d)?[ -]?out|ETIMEDOUT|deadline exceeded|MySQL server on \S+ \(110\)/i],
  ['5xx', /\b50[234]\b/],
];

/** Of a longer text only the beginning is looked at; no name of an end is longer either. Characters. */
const LONGEST = 2000;

/**
 * `dial tcp 10.0.0.7:8080: i/o timeout` → `{ destination: '10.0.0.7:8080', seen: 'timeout' }`; `getaddrinfo EAI_AGAIN api` →
 * `{ destination: 'api', seen: 'lookup-failed' }`. undefined for a text without blanks, and for one that names no destination. Never throws.
 */
export function logLine(text: string): LogLine | undefined {
  if (!/\s/.test(text)) return undefined;
  const destination = dialled(text) ?? lookedUp(text) ?? urlIn(text);
  return destination === undefined ? undefined : { destination, seen: seenIn(text) };
}

/** What a line says was seen, whether or not it names a destination: `upstream connect error … connection timeout` → `timeout`. */
export function seenIn(text: string): Seen | undefined {
  const start = text.slice(0, LONGEST);
  return /\s/.test(start) ? SEEN.find(([, shape]) => shape.test(start))?.[0] : undefined;
}

function dialled(text: string): string | undefined {
  for (const shape of SHAPES) {
    const [, host, port] = shape.exec(text) ?? [];
    if (host !== undefined) return port === undefined ? host : `${host}:${port}`;
  }
  return undefined;
}

/** The port of a lookup that failed stands in the URL beside it, if anywhere. */
function lookedUp(text: string): string | undefined {
  for (const shape of LOOKUPS) {
    const host = shape.exec(text)?.[1];
    if (host !== undefined) return urlIn(text) ?? host;
  }
  return undefined;
}

function urlIn(text: string): string | undefined {
  return /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/i.exec(text)?.[0].replace(/[,;:.)]+$/, '');
}
