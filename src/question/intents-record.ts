// `test --record`: what is so now, as an intents file: for every workload and port who may reach it and who may not, DNS, and the way out.
// A file made so holds on the same state, and stops to hold when a policy is dropped that decided something.
import { type Cluster, isLive, type Workload } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Expect } from './intent.ts';
import { runIntents } from './intents.ts';
import { type ConnectionAnswer, why } from './why.ts';

/** One intent as it will be written. */
export interface Recorded {
  /** Who was asked about, at least one; `from` may have them folded. */
  readonly clients: readonly string[];
  readonly from: readonly string[];
  readonly to: string;
  readonly port: string | undefined;
  readonly expect: Expect;
}

/** What is so and cannot be pinned, for the comments of the file. `no-control`: a denial that nothing vouches for. */
export type LeftOut =
  | { readonly what: string; readonly why: 'undecided' | 'partial' | 'broken' | 'no-port' }
  | { readonly what: Recorded; readonly why: 'no-control' };

export interface Recording {
  readonly intents: readonly Recorded[];
  readonly leftOut: readonly LeftOut[];
}

/** More pairs than this are too many to pin: about half a minute. */
export const MOST_PAIRS = 50_000;

export type TooManyPairs = { readonly tooMany: number };

/** `inside`: only destinations in these namespaces; [] for all. Never throws. */
export function recordIntents(cluster: Cluster, semantics: Semantics, inside: readonly string[]): Recording | TooManyPairs {
  const workloads = [...cluster.workloads.values()].filter(({ pods }) => pods.some(isLive)).sort((a, b) => (a.ref < b.ref ? -1 : 1));
  const wanted = workloads.filter(({ namespace }) => inside.length === 0 || inside.includes(namespace));
  const pairs = wanted.length * (workloads.length + 1);
  if (pairs > MOST_PAIRS) return { tooMany: pairs };
  const nameOf = namer(workloads);
  const recorder = new Recorder(cluster, semantics, nameOf);
  for (const target of wanted) recorder.target(target, [...workloads.filter((other) => other !== target).map(nameOf), 'internet']);
  // What cannot be in the input as a workload: the way out, and a DNS that is believed to be there.
  const beyond = [
    { to: 'internet', port: '443' },
    ...(hasDns(workloads)
      ? []
      : [
          { to: 'kube-system/svc/kube-dns', port: '53/udp' },
          { to: 'kube-system/svc/kube-dns', port: '53' },
        ]),
  ];
  for (const { to, port } of beyond) recorder.beyond(wanted.map(nameOf), to, port);
  return recorder.recording();
}

function hasDns(workloads: readonly Workload[]): boolean {
  return workloads.some(({ pods }) =>
    pods.some(({ labels }) => labels.get('k8s-app') === 'kube-dns' || labels.has('dns.operator.openshift.io/daemonset-dns')),
  );
}

/** `shop/cart`, with its kind where the name alone means two things. */
function namer(workloads: readonly Workload[]): (workload: Workload) => string {
  const words: Readonly<Record<string, string>> = {
    Deployment: 'deploy',
    StatefulSet: 'sts',
    DaemonSet: 'ds',
    Job: 'job',
    CronJob: 'cronjob',
    ReplicaSet: 'rs',
    Pod: 'pod',
  };
  const count = new Map<string, number>();
  for (const { namespace, name } of workloads) count.set(`${namespace}/${name}`, (count.get(`${namespace}/${name}`) ?? 0) + 1);
  return ({ namespace, name, kind }) => {
    const plain = `${namespace}/${name}`;
    const word = words[kind];
    return (count.get(plain) ?? 0) > 1 && word !== undefined ? `${namespace}/${word}/${name}` : plain;
  };
}

class Recorder {
  readonly #cluster: Cluster;
  readonly #semantics: Semantics;
  readonly #nameOf: (workload: Workload) => string;
  readonly #intents: Recorded[] = [];
  readonly #leftOut: LeftOut[] = [];

  constructor(cluster: Cluster, semantics: Semantics, nameOf: (workload: Workload) => string) {
    this.#cluster = cluster;
    this.#semantics = semantics;
    this.#nameOf = nameOf;
  }

  target(workload: Workload, sources: readonly string[]): void {
    const to = this.#nameOf(workload);
    const byPort = new Map<string, Map<string, string[]>>();
    for (const from of sources) {
      const answer = why(this.#cluster, this.#semantics, { from, to, namespace: workload.namespace });
      if (answer.kind === 'error') {
        if (answer.errors.some(({ code }) => code === 'port-needed')) return void this.#leftOut.push({ what: to, why: 'no-port' });
        continue;
      }
      for (const connection of answer.connections) add(byPort, portText(connection), connection.outcome, from);
    }
    for (const [port, outcomes] of byPort) this.#pin(outcomes, to, port);
  }

  beyond(sources: readonly string[], to: string, port: string): void {
    const outcomes = new Map<string, string[]>();
    for (const from of sources) {
      const answer = why(this.#cluster, this.#semantics, { from, to: `${to}:${port}`, namespace: 'default' });
      const [connection] = answer.kind === 'error' ? [] : answer.connections;
      if (connection !== undefined) outcomes.set(connection.outcome, [...(outcomes.get(connection.outcome) ?? []), from]);
    }
    this.#pin(outcomes, to, port);
  }

  #pin(outcomes: ReadonlyMap<string, readonly string[]>, to: string, port: string): void {
    const place = `${to}:${port}`;
    for (const [outcome, from] of [...outcomes].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (outcome === 'allowed' || outcome === 'denied') {
        this.#intents.push({ clients: from, from: this.#folded(from), to, port, expect: outcome });
      } else this.#leftOut.push({ what: `${from.join(', ')} → ${place}`, why: outcome as 'undecided' | 'partial' | 'broken' });
    }
  }

  /** More than MOST_NAMED of one namespace, and all of it: as `shop/*`. */
  #folded(names: readonly string[]): readonly string[] {
    const all = new Map<string, number>();
    for (const { namespace, pods } of this.#cluster.workloads.values())
      if (pods.some(isLive)) all.set(namespace, (all.get(namespace) ?? 0) + 1);
    const byNamespace = new Map<string, string[]>();
    for (const name of names) {
      const namespace = name.includes('/') ? (name.split('/')[0] ?? '') : '';
      byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), name]);
    }
    return [...byNamespace].flatMap(([namespace, list]) =>
      list.length > MOST_NAMED && list.length >= (all.get(namespace) ?? 0) - 1 ? [`${namespace}/*`] : list,
    );
  }

  /** Only what holds now is written: a denial that nothing vouches for is said in a comment. */
  recording(): Recording {
    const origin: Origin = { document: { file: 'recorded', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };
    const end = (text: string) => ({ kind: 'text', text, origin }) as const;
    const file = {
      groups: new Map(),
      intents: this.#intents.map(({ from, to, port, expect }) => {
        const [number = '', protocol] = (port ?? '').split('/');
        const asked = { port: /^\d+$/.test(number) ? Number(number) : number, protocol: protocol?.toUpperCase() as 'UDP' | undefined };
        return {
          name: to,
          from: from.map(end),
          to: [end(to)],
          ports: port === undefined ? [] : [asked],
          expect,
          control: undefined,
          origin,
        };
      }),
    };
    const run = runIntents(this.#cluster, this.#semantics, file, 'default');
    if ('tooMany' in run) return { intents: this.#intents, leftOut: this.#leftOut };
    const holding = this.#intents.filter((_, i) => run.results[i]?.holds === true);
    const others = this.#intents.filter((_, i) => run.results[i]?.holds !== true);
    return { intents: holding, leftOut: [...this.#leftOut, ...others.map((what): LeftOut => ({ what, why: 'no-control' }))] };
  }
}

const MOST_NAMED = 10;

function portText({ route, legs }: ConnectionAnswer): string {
  const port = route.port ?? legs[0]?.leg.port ?? '';
  return route.protocol === 'TCP' ? `${port}` : `${port}/${route.protocol.toLowerCase()}`;
}

function add(byPort: Map<string, Map<string, string[]>>, port: string, outcome: string, from: string): void {
  const outcomes = byPort.get(port) ?? new Map<string, string[]>();
  outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), from]);
  byPort.set(port, outcomes);
}
