// The words of the page and of the server behind it. Facts in, English out.

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
  askFirst: 'Name both ends of a connection: a pod, a workload, a Service, an address, or a URL from a log.',
  mapAsText: 'The same as a table',
  mapColumns: ['From', 'To', 'Ports'],
  findingColumns: ['Where', 'What'],
  noFindings: 'No findings.',
  noAnswer: 'No answer',
  asJson: 'As JSON',
  asSvg: 'The picture alone (SVG)',
  notThere: 'There is no such page.',
  more: (count: number) => `and ${count} more; netverdict on the command line lists them all`,
} as const;

/** Why a request is refused, for who looks at the answer of the server. */
export const REFUSED = {
  host: 'this server answers to localhost and to addresses only: a name could belong to anybody',
  token: 'the address that netverdict printed has a token; open that one',
  method: 'this server only reads: GET and HEAD',
  origin: 'another site asks for this page',
  busy: 'too many connections',
} as const;

/** On stderr when it is up, and when it ends. `warning`: it can be reached from other machines. */
export const SERVING = {
  up: (url: string) => `open ${url}`,
  stop: 'Ctrl-C stops it',
  reachable: (host: string) => `it listens on ${host}: whoever reaches this machine and knows the token reads what is served`,
  stopped: 'stopped',
  portTaken: (host: string, port: number) => `cannot listen on ${host}:${port}: something else does`,
  portTakenHint: 'choose another with --port, or 0 for any that is free',
  cannotListen: (host: string, port: number, reason: string) => `cannot listen on ${host}:${port}: ${reason}`,
  badPort: (text: string) => `\`${text}\` is not a port: a number from 0 to 65535`,
} as const;
