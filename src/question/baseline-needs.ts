// What the manifests themselves say must be able to connect: Services named in environment, arguments and ConfigMaps, Ingress backends,
// load balancers, scraping. What is said and cannot be turned into pods and ports is kept as open, with the reason.
import { type ApiServer, apiClientOf, apiServer, apiServerCalls, apiServerProxies } from '../lint/api-server.ts';
import { contextOf, type LintContext } from '../lint/context.ts';
import { type DeclaredNeed, declaredNeeds, portsMeant } from '../lint/declared-needs.ts';
import { scrapeTargets } from '../lint/scrape-targets.ts';
import { type Cluster, type Ingress, isLive, type Pod, type Service, type ServicePort, type Workload } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import { type Ip, printIp } from '../net/ip.ts';
import type { Protocol } from '../net/port-set.ts';
import { dig, textOf } from '../objects/read.ts';
import { addressEnd, addressesOf, podEnd } from '../policy/end.ts';
import type { ProfileChoice } from '../profile/choose.ts';
import type { Semantics } from '../profile/profile.ts';
import { backendsOf } from '../route/endpoints.ts';
import { carriersOf } from '../route/ingress-controllers.ts';
import { bareNames, mountedNeeds } from './baseline-names.ts';
import type { DeclaredEnd, NeedReason, OpenSubject } from './baseline-reasons.ts';

/**
 * Who connects: a workload of the input; `anyone` (clients of a load balancer, or somebody of whom nothing narrower is known); the pods of a
 * namespace that somebody named; `cluster`: some pod, nobody knows of which namespace; or addresses, for nodes and the API server.
 */
export type NeedSource =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'anyone' }
  | { readonly kind: 'cluster' }
  | { readonly kind: 'namespace'; readonly name: string }
  | { readonly kind: 'addresses'; readonly of: DeclaredEnd; readonly addresses: readonly Ip[] };

export interface Need {
  readonly source: NeedSource;
  readonly to: Workload;
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
  readonly because: NeedReason;
}

/** Said and not resolved. */
export interface OpenNeed {
  readonly who: string;
  readonly what: OpenSubject;
  readonly code:
    | 'outside-host' // a NetworkPolicy cannot name hosts
    | 'which-port' // the Service has several and none is said: all are opened
    | 'no-such-port'
    | 'no-pods' // the Service has no pod in the input
    | 'controller-unknown'
    | 'scraper-unknown'
    | 'api-server-closed' // a workload calls the API server, whose addresses are not known or not matched by ipBlocks: stays closed
    | 'api-server-unknown' // the API server calls a workload: opened to every address
    | 'node-addresses' // one end is a node: opened to the addresses that are known today
    | 'node-unknown' // one end is a node, and its addresses are not known, or ipBlocks do not match them
    | 'host-network' // no policy selects it
    | 'no-labels'
    | 'resolver-on-node';
  readonly origin: Origin | undefined;
}

/** A workload that calls the API server, which is not a pod. */
export interface ApiNeed {
  readonly workload: Workload;
  /** At least one. */
  readonly addresses: readonly Ip[];
  readonly ports: readonly number[];
  readonly because: NeedReason;
}

export interface Needs {
  readonly needs: readonly Need[];
  readonly toApiServer: readonly ApiNeed[];
  readonly open: readonly OpenNeed[];
}

/** Namespaces that somebody names for what is not in the input. */
export interface Elsewhere {
  readonly ingressController: string | undefined;
  readonly monitoring: string | undefined;
  /** Of the API server, where it is not in the input: `[10.20.0.5]`; [] where nobody says. */
  readonly apiServer: readonly Ip[];
}

/** Needs between all workloads; the caller takes those that concern its namespaces. Never throws. */
export function needsOf(cluster: Cluster, choice: ProfileChoice, elsewhere: Elsewhere): Needs {
  const context = contextOf(cluster, choice, []);
  const collector = new Collector(cluster, context.semantics);
  for (const workload of [...context.cluster.workloads.values()]) collector.declared(context, workload);
  for (const service of context.cluster.services.values()) collector.exposed(service);
  for (const ingress of context.cluster.ingresses) collector.ingress(ingress, elsewhere.ingressController);
  collector.routes(elsewhere.ingressController);
  collector.scraped(context, elsewhere.monitoring);
  const known = apiServer(context);
  const server = { ...known, addresses: elsewhere.apiServer.length > 0 ? elsewhere.apiServer : known.addresses };
  collector.calledByApiServer(context, server);
  collector.callingApiServer(context, server);
  return { needs: collector.needs, toApiServer: collector.toApiServer, open: collector.open };
}

class Collector {
  readonly needs: Need[] = [];
  readonly toApiServer: ApiNeed[] = [];
  readonly open: OpenNeed[] = [];
  readonly #cluster: Cluster;
  readonly #semantics: Semantics;

  constructor(cluster: Cluster, semantics: Semantics) {
    this.#cluster = cluster;
    this.#semantics = semantics;
  }

  declared(context: LintContext, workload: Workload): void {
    const pod = workload.pods.find(isLive);
    if (pod === undefined) return;
    const said = new Map<string, DeclaredNeed>();
    for (const need of [...declaredNeeds(context, pod), ...mountedNeeds(this.#cluster, pod), ...bareNames(this.#cluster, pod)]) {
      const key = `${need.service?.ref ?? need.host}:${need.port ?? ''}`;
      const isSaid =
        need.port === undefined && need.service !== undefined && [...said.values()].some(({ service }) => service === need.service);
      if (!said.has(key) && !isSaid) said.set(key, need);
    }
    for (const need of said.values()) {
      const who = `${workload.namespace}/${workload.name}`;
      const written: NeedReason = { code: 'written', text: need.written };
      if (need.service === undefined) {
        this.open.push({ who, what: written, code: 'outside-host', origin: pod.origin });
        continue;
      }
      if (need.service.type === 'ExternalName') {
        const text = `${need.written} (${need.service.externalName ?? ''})`;
        this.open.push({ who, what: { code: 'written', text }, code: 'outside-host', origin: pod.origin });
        continue;
      }
      const ports = portsMeant(need.service, need);
      if (ports.length === 0) {
        this.open.push({ who, what: written, code: 'no-such-port', origin: pod.origin });
        continue;
      }
      if (ports.length > 1 && need.port === undefined) this.open.push({ who, what: written, code: 'which-port', origin: pod.origin });
      this.#toService(this.#sourceOf(workload, written), need.service, ports, written, who);
    }
  }

  /** Clients of a load balancer come from anywhere, and mostly by way of a node (semantics A.4): nothing narrower than everybody is true. */
  exposed(service: Service): void {
    if (service.type !== 'LoadBalancer' && service.type !== 'NodePort') return;
    const because: NeedReason = { code: 'exposed', service: service.ref, type: service.type };
    this.#toService({ kind: 'anyone' }, service, service.ports, because, service.ref);
  }

  ingress(ingress: Ingress, named: string | undefined): void {
    const carriers = carriersOf(this.#cluster, ingress);
    for (const { namespace, service: name, port } of distinct(ingress.rules, (rule) => `${rule.namespace}/${rule.service}:${rule.port}`)) {
      const service = this.#cluster.services.get(`${namespace}/${name}`);
      if (service === undefined) continue;
      const ports = service.ports.filter((own) => port === undefined || own.port === port || own.name === port);
      const because: NeedReason = { code: 'object', kind: ingress.kind, name: ingress.ref };
      if (carriers.kind === 'load-balancer') this.#toService({ kind: 'anyone' }, service, ports, because, service.ref);
      else if (!carriers.assumed) {
        for (const workload of workloadsBehind(
          this.#cluster,
          carriers.parties.flatMap(({ end }) => (end.kind === 'outside' ? [] : (end.pod ?? []))),
        ))
          this.#toService(this.#sourceOf(workload, because), service, ports, because, service.ref);
      } else this.#fromController(named, service, ports, because, ingress.origin);
    }
  }

  /** Routes of OpenShift: who carries them is in no object that we read. */
  routes(named: string | undefined): void {
    for (const { value, namespace, name, origin } of this.#cluster.extras.get('Route') ?? []) {
      const service = this.#cluster.services.get(`${namespace}/${textOf(dig(value, 'spec', 'to', 'name'))}`);
      if (service === undefined) continue;
      this.#fromController(named, service, service.ports, { code: 'object', kind: 'Route', name: `${namespace}/${name}` }, origin);
    }
  }

  scraped(context: LintContext, named: string | undefined): void {
    const scrapers = workloadsBehind(this.#cluster, this.#cluster.pods.filter(isPrometheus));
    const seen = new Set<string>();
    for (const { pod, port, by, origin } of scrapeTargets(context)) {
      const to = this.#cluster.workloads.get(pod.workload);
      const key = `${pod.workload} ${port}`;
      if (to === undefined || seen.has(key) || !isLive(pod)) continue;
      seen.add(key);
      const because: NeedReason = { code: 'metrics', by };
      const sources: readonly NeedSource[] =
        named !== undefined ? [{ kind: 'namespace', name: named }] : scrapers.map((workload) => this.#sourceOf(workload, because));
      if (sources.length === 0)
        this.open.push({ who: `${to.namespace}/${to.name}`, what: { code: 'scraped-port', port, by }, code: 'scraper-unknown', origin });
      // Closed would be an outage of the monitoring that nobody sees: who scrapes is a pod, so every pod may until it is named.
      for (const source of sources.length > 0 ? sources : [{ kind: 'cluster' } as const])
        this.needs.push({ source, to, ports: [{ protocol: 'TCP', port }], because });
    }
  }

  #fromController(named: string | undefined, service: Service, ports: readonly ServicePort[], because: NeedReason, origin: Origin): void {
    if (named === undefined) this.open.push({ who: service.ref, what: because, code: 'controller-unknown', origin });
    // A controller may be a pod, a node or a load balancer; a backend that is declared and closed would be an outage.
    const source: NeedSource = named === undefined ? { kind: 'anyone' } : { kind: 'namespace', name: named };
    this.#toService(source, service, ports, because, service.ref);
  }

  /** Policies see a pod in its node's network as the node (semantics A.8). */
  #sourceOf(workload: Workload, because: NeedReason): NeedSource {
    if (!isOnNode(workload)) return { kind: 'workload', workload };
    const who = `${workload.namespace}/${workload.name}`;
    const addresses = nodeAddressesOf(this.#cluster, this.#semantics, workload);
    this.open.push({ who, what: because, code: addresses.length > 0 ? 'node-addresses' : 'node-unknown', origin: workload.origin });
    return addresses.length > 0 ? { kind: 'addresses', of: { kind: 'named', name: who }, addresses } : { kind: 'anyone' };
  }

  calledByApiServer(context: LintContext, server: ApiServer): void {
    const proxies = workloadsBehind(this.#cluster, apiServerProxies(context));
    for (const { object, kind, service, port } of apiServerCalls(context)) {
      const because: NeedReason = { code: 'object', kind, name: object.name };
      const ports = service.ports.filter((own) => own.port === port);
      const addresses = this.#matchable(server.addresses);
      for (const workload of proxies) this.#toService({ kind: 'workload', workload }, service, ports, because, service.ref);
      if (addresses.length > 0)
        this.#toService({ kind: 'addresses', of: { kind: 'api-server' }, addresses }, service, ports, because, service.ref);
      else if (proxies.length === 0) {
        this.open.push({ who: service.ref, what: because, code: 'api-server-unknown', origin: object.origin });
        this.#toService({ kind: 'anyone' }, service, ports, because, service.ref);
      }
    }
  }

  callingApiServer(context: LintContext, { addresses, ports }: ApiServer): void {
    for (const workload of context.cluster.workloads.values()) {
      const pod = workload.pods.find((each) => isLive(each) && !each.hostNetwork);
      const client = pod === undefined ? undefined : apiClientOf(context, pod);
      if (client === undefined) continue;
      const because: NeedReason =
        client.binding === undefined ? { code: 'controller' } : { code: 'rights', binding: client.binding.name, account: client.account };
      const known = this.#matchable(addresses);
      const who = `${workload.namespace}/${workload.name}`;
      // The port of the API server is that of every web server: opened to every address it would open the internet, so it stays closed.
      if (known.length === 0) this.open.push({ who, what: because, code: 'api-server-closed', origin: workload.origin });
      else this.toApiServer.push({ workload, addresses: known, ports, because });
    }
  }

  /** All of them or none: a rule that names half of the addresses works half of the time. */
  #matchable(addresses: readonly Ip[]): readonly Ip[] {
    const areMatched = addresses.every(
      (address) => this.#semantics.ipBlockMatchesNode === 'yes' || addressEnd(this.#cluster, address).kind === 'outside',
    );
    return areMatched ? addresses : [];
  }

  #toService(source: NeedSource, service: Service, ports: readonly ServicePort[], because: NeedReason, who: string): void {
    const byWorkload = new Map<string, { readonly to: Workload; readonly ports: Map<string, Need['ports'][number]> }>();
    for (const own of ports) {
      for (const { pod, port } of backendsOf(this.#cluster, service, own) ?? []) {
        const to = pod === undefined ? undefined : this.#cluster.workloads.get(pod.workload);
        if (to === undefined || port === undefined) continue;
        const found = byWorkload.get(to.ref) ?? { to, ports: new Map() };
        found.ports.set(`${own.protocol} ${port}`, { protocol: own.protocol, port });
        byWorkload.set(to.ref, found);
      }
    }
    if (byWorkload.size === 0) this.open.push({ who, what: because, code: 'no-pods', origin: service.origin });
    for (const { to, ports: found } of byWorkload.values()) {
      const isItself = source.kind === 'workload' && source.workload === to;
      // One replica talks to nobody else of its kind.
      if (isItself && to.replicas === 1) continue;
      this.needs.push({ source, to, ports: [...found.values()], because });
    }
  }
}

/** True for a workload whose pods all run in the network of their node. */
export function isOnNode({ pods }: Workload): boolean {
  const live = pods.filter(isLive);
  return live.length > 0 && live.every(({ hostNetwork }) => hostNetwork);
}

/** Where the pods of such a workload run or may run; [] where that is not known, or an ipBlock does not match a node on this CNI. */
export function nodeAddressesOf(cluster: Cluster, semantics: Semantics, { kind, pods }: Workload): readonly Ip[] {
  if (semantics.ipBlockMatchesNode !== 'yes') return [];
  const own = pods.filter(isLive).map(podEnd).map(addressesOf);
  // What is not bound to a node may run on each of them tomorrow.
  const nodes = [...cluster.nodes.values()].flatMap(({ addresses }) => addresses);
  const isSettled = kind === 'Pod' && own.every((addresses) => addresses.length > 0);
  const all = isSettled || nodes.length === 0 ? (own.some((addresses) => addresses.length === 0) ? [] : own.flat()) : nodes;
  return [...new Map(all.map((ip) => [printIp(ip), ip])).values()];
}

function isPrometheus({ labels, ...pod }: Pod): boolean {
  return (
    isLive({ labels, ...pod }) && [labels.get('app.kubernetes.io/name'), labels.get('app'), labels.get('k8s-app')].includes('prometheus')
  );
}

function workloadsBehind(cluster: Cluster, pods: readonly Pod[]): readonly Workload[] {
  return [...new Set(pods.map(({ workload }) => workload))].flatMap((ref) => cluster.workloads.get(ref) ?? []);
}

function distinct<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
