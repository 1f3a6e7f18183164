// Asks a real kernel about given connections, where prove.ts asks about all that matter: the flat lab with the pods of a cluster,
// the compiled rules, one packet for each connection. The lab's own controls come first: without them nothing is believed.
import { Failure } from '../failure.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { type Family, type Ip, ipKey } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { compile } from '../nft/compile.ts';
import { decided } from '../nft/decided.ts';
import type { End } from '../policy/end.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Observation } from './compare.ts';
import { complete } from './complete.ts';
import { controlsIn, withControls } from './controls.ts';
import type { Shot } from './stage.ts';
import { TIERS } from './tiers.ts';
import { findTools } from './tools.ts';
import { isUsable } from './usable.ts';

/** `{ source: podEnd(frontend), destination: podEnd(cart), protocol: 'TCP', port: 7070 }`. */
export interface Ask {
  readonly source: End;
  readonly destination: End;
  readonly protocol: Protocol;
  readonly port: number;
}

export interface KernelAnswers {
  /** For each Ask what was observed, once per address family; [] where no packet could be made (no usable address). */
  readonly observed: readonly (readonly Observation[])[];
  readonly kernel: string;
}

export interface AskOptions {
  readonly onProgress?: (done: number, all: number) => void;
}

/**
 * `askKernel(shop, semantics, [{ source, destination, protocol: 'TCP', port: 7070 }])` → `{ observed: [['denied-ingress']], kernel: '6.1.0' }`.
 * Failures: those of findTools and the lab, `lab-not-enforcing` when a control fails.
 */
export async function askKernel(
  cluster: Cluster,
  semantics: Semantics,
  asks: readonly Ask[],
  options: AskOptions = {},
): Promise<KernelAnswers> {
  const { cluster: whole } = complete(withControls(withEnds(cluster, asks)), familiesOf(cluster));
  const choice = decided(semantics);
  const controls = controlsIn(whole, choice.semantics);
  const shots = asks.map((ask) => shotsOf(whole, ask));
  const stage = await TIERS.flat(findTools(), whole);
  try {
    await stage.enforce((point) => compile(whole, choice.semantics, { form: 'explaining', denials: 'reject', ...point }));
    const first = controls.map(
      ({ probe }): Shot => ({
        source: probe.source.address,
        destination: probe.destination.address,
        protocol: probe.protocol,
        port: probe.port,
      }),
    );
    const all = await stage.shoot([...first, ...shots.flat()], { ...(options.onProgress && { onProgress: options.onProgress }) });
    const failed = controls.filter(({ wanted }, i) => all[i] !== wanted).length;
    if (failed > 0) throw new Failure('lab-not-enforcing', { failed, controls: controls.length, first: undefined });
    let next = first.length;
    const observed = shots.map((own) => own.map(() => all[next++] as Observation));
    return { observed, kernel: stage.facts.kernel };
  } finally {
    await stage.close();
  }
}

/** Pods that the question only imagines (another replica, an assumed DNS pod) get a place in the lab too. */
function withEnds(cluster: Cluster, asks: readonly Ask[]): Cluster {
  const known = new Set(cluster.pods.map(({ ref }) => ref));
  const more = new Map<string, Pod>();
  for (const { source, destination } of asks)
    for (const end of [source, destination]) if (end.kind === 'pod' && !known.has(end.pod.ref)) more.set(end.pod.ref, end.pod);
  const named = [...more.values()].filter(({ namespace }) => !cluster.namespaces.has(namespace));
  const namespaces = new Map(cluster.namespaces);
  for (const { namespace: name } of named)
    namespaces.set(name, { name, labels: new Map([['kubernetes.io/metadata.name', name]]), implied: true, origin: undefined });
  return { ...cluster, namespaces, pods: [...cluster.pods, ...more.values()] };
}

/** What pods without known addresses get: what the others have, else IPv4. */
function familiesOf({ pods }: Cluster): readonly Family[] {
  const known = new Set(pods.flatMap(({ addresses }) => addresses.map(({ family }) => family)));
  return known.size === 0 ? [4] : ([4, 6] as const).filter((family) => known.has(family));
}

function shotsOf(cluster: Cluster, { source, destination, protocol, port }: Ask): readonly Shot[] {
  const taken = new Set(cluster.pods.flatMap(({ addresses }) => addresses.map(ipKey)));
  const from = addressesOf(cluster, source, taken);
  const to = addressesOf(cluster, destination, taken);
  return ([4, 6] as const).flatMap((family): Shot[] => {
    const [a, b] = [from, to].map((list) => list.find((ip) => ip.family === family));
    return a === undefined || b === undefined ? [] : [{ source: a, destination: b, protocol, port }];
  });
}

function addressesOf(cluster: Cluster, end: End, taken: ReadonlySet<string>): readonly Ip[] {
  switch (end.kind) {
    case 'pod':
      return cluster.podByRef.get(end.pod.ref)?.addresses ?? [];
    case 'node': {
      const host = end.pod === undefined ? undefined : cluster.podByRef.get(end.pod.ref);
      return host?.addresses ?? (end.name === undefined ? undefined : cluster.nodes.get(end.name)?.addresses) ?? end.addresses;
    }
    case 'outside':
      // An address that a pod was given here stands for that pod.
      return isUsable(end.address) && !taken.has(ipKey(end.address)) ? [end.address] : [];
  }
}
