// What people copy from logs and settings: URLs, database connection strings, user@host. Finds host, port and path in them;
// what the host means is for others. Passwords and query parameters are dropped here and appear nowhere later.
import type { Protocol } from '../net/port-set.ts';

/** `{ scheme: 'postgresql', authority: 'db.payments:5432', path: '/orders' }`. */
export interface ConnectionString {
  readonly scheme: string | undefined;
  readonly authority: string;
  readonly path: string | undefined;
}

/**
 * `jdbc:postgresql://db.payments:5432/orders?ssl=true` → `{ scheme: 'postgresql', authority: 'db.payments:5432', path: '/orders' }`.
 * Also `user:secret@db:5432/orders`, Go's `user:secret@tcp(db:3306)/orders`, libpq's `host=db port=5432 dbname=orders`.
 * undefined when the text has none of these shapes. Never throws.
 */
export function connectionString(text: string): ConnectionString | undefined {
  return keywords(text) ?? url(text) ?? withoutScheme(text);
}

function url(text: string): ConnectionString | undefined {
  const plain = text.replace(/^(jdbc|r2dbc):/i, '');
  const oracle = /^oracle:thin:(?:[^@]*)@(?:\/\/)?(.*)$/i.exec(plain);
  if (oracle) return split('oracle', oracle[1] ?? '');
  const found = /^([a-z][a-z0-9+.:-]*):\/\/(.*)$/is.exec(plain);
  if (found === null) return undefined;
  // gRPC writes `dns:///host:port`: an empty resolver, then the host.
  return split((found[1] ?? '').toLowerCase(), (found[2] ?? '').replace(/^\/+/, ''));
}

function split(scheme: string | undefined, rest: string): ConnectionString {
  const end = rest.search(/[/?#;]/);
  const whole = end < 0 ? rest : rest.slice(0, end);
  const after = end < 0 ? '' : rest.slice(end);
  const path = after.startsWith('/') ? (after.split(/[?#]/, 1)[0] ?? '') : undefined;
  const authority = whole.slice(whole.lastIndexOf('@') + 1);
  const inNetwork = /^(?:tcp|udp)\((.*)\)$/i.exec(authority); // go-sql-driver/mysql: user:password@tcp(host:port)/database
  return { scheme, authority: inNetwork?.[1] ?? authority, path };
}

/** `user:secret@host:5432/x`. */
function withoutScheme(text: string): ConnectionString | undefined {
  return (text.split('/', 1)[0] ?? '').includes('@') ? split(undefined, text) : undefined;
}

/** `host=db.payments port=5432 dbname=orders` (libpq), `Server=tcp:db.payments,1433;Database=orders` (ADO.NET). */
function keywords(text: string): ConnectionString | undefined {
  const host = /(?:^|[\s;])(?:host|hostname|server|data source)\s*=\s*'?(?:tcp:)?([^\s;']+)/i.exec(text)?.[1];
  if (host === undefined) return undefined;
  const port = /(?:^|[\s;])port\s*=\s*'?(\d+)/i.exec(text)?.[1];
  const scheme = /(?:^|\s)dbname\s*=/i.test(text) ? 'postgresql' : undefined;
  const authority = host.replace(/,(\d+)$/, ':$1');
  return { scheme, authority: port === undefined ? authority : `${authority}:${port}`, path: undefined };
}

/** Ports that a client takes when the text has none. gRPC has none that its implementations agree on. */
const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['amqp', 5672],
  ['amqps', 5671],
  ['cassandra', 9042],
  ['clickhouse', 9000],
  ['cockroachdb', 26257],
  ['elasticsearch', 9200],
  ['etcd', 2379],
  ['ftp', 21],
  ['http', 80],
  ['https', 443],
  ['kafka', 9092],
  ['ldap', 389],
  ['ldaps', 636],
  ['mariadb', 3306],
  ['memcached', 11211],
  ['mongodb', 27017],
  ['mongodb+srv', 27017],
  ['mqtt', 1883],
  ['mqtts', 8883],
  ['mysql', 3306],
  ['nats', 4222],
  ['oracle', 1521],
  ['postgres', 5432],
  ['postgresql', 5432],
  ['redis', 6379],
  ['rediss', 6379],
  ['sftp', 22],
  ['smtp', 25],
  ['smtps', 465],
  ['sqlserver', 1433],
  ['ssh', 22],
  ['ws', 80],
  ['wss', 443],
  ['zookeeper', 2181],
]);

/** `postgresql+asyncpg` counts as `postgresql`; undefined when the scheme has no port of its own. */
export function defaultPort(scheme: string): number | undefined {
  return DEFAULT_PORTS.get(scheme) ?? DEFAULT_PORTS.get(scheme.split('+', 1)[0] ?? '');
}

/** Schemes that say the protocol: every known one is TCP (`dns:///` is gRPC's), `udp://` and `sctp://` say it themselves. Others say nothing. */
export function schemeProtocol(scheme: string): Protocol | undefined {
  if (scheme === 'udp' || scheme === 'sctp' || scheme === 'tcp') return scheme.toUpperCase() as Protocol;
  return defaultPort(scheme) !== undefined || ['grpc', 'grpcs', 'dns', 'tls'].includes(scheme) ? 'TCP' : undefined;
}

/** These name something on the machine itself. */
export function leavesNoMachine(scheme: string): boolean {
  return ['unix', 'http+unix', 'file', 'data', 'npipe'].includes(scheme);
}
