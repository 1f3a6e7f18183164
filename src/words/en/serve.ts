// The words of the page and of its server. Facts in, English out.

export const PAGE = {
  product: 'netverdict',
  path: 'Path',
  map: 'Map',
  findings: 'Findings',
  skip: 'Skip to the answer',
  from: 'From',
  to: 'To',
  ask: 'Why?',
  fromExample: 'web/frontend',
  toExample: 'payments/svc/api-server:80, or a URL from a log',
  askFirst: 'Enter both ends of a connection: a pod, workload, Service, address, or a URL from a log.',
  mapAsText: 'Show as a table',
  mapColumns: ['From', 'To', 'Ports'],
  findingColumns: ['Where', 'What'],
  noFindings: 'No findings.',
  noAnswer: 'No answer',
  asJson: 'JSON',
  asSvg: 'Picture only (SVG)',
  notThere: 'page not found',
  more: (count: number) => `${count} more are not shown here; the JSON has all of them`,
} as const;

/** Why a request is refused. */
export const REFUSED = {
  host: 'this server answers only to localhost and to IP addresses, because any other name could be made to point here',
  token: 'open the address that netverdict printed, because it contains the token',
  method: 'this server is read-only; use GET or HEAD',
  origin: 'requests from other sites are refused',
  busy: 'too many open streams',
} as const;

/** On stderr when the server is up, and when it cannot start. */
export const SERVING = {
  stop: 'press Ctrl-C to stop',
  reachable: (host: string, hasToken: boolean) =>
    `listening on ${host}, so anyone who can reach this machine${hasToken ? ' and has the token' : ''} can read what is served`,
  notWatched: (reason: string) => `the cluster is not being watched: ${reason}`,
  portTaken: (host: string, port: number) => `port ${port} on ${host} is already in use`,
  portTakenHint: 'choose another one with --port; 0 takes any free port',
  cannotListen: (host: string, port: number, reason: string) => `cannot listen on ${host}:${port}: ${reason}`,
  badPort: (text: string) => `\`${text}\` is not a port number from 0 to 65535`,
} as const;
