// What the manifests themselves say must be able to connect: Services named in environment, arguments and ConfigMaps, Ingress backends,
// load balancers, scraping. What is said and cannot be turned into pods and ports is kept as open, with the reason.
import { contextOf, type LintContext } from '../lint/context.ts';
import { type DeclaredNeed, declaredNeeds, needsIn, portsMeant } from '../lint/declared-needs.ts';
import { scrapeTargets } from '../lint/scrape-targets.ts';
import { type Cluster, type Ingress, isLive, type Pod, type Service, type ServicePort, type Workload } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { Protocol } from '../net/port-set.ts';
import { dig, isObject, listOf, textOf } from '../objects/read.ts';
import type { ProfileChoice } from '../profile/choose.ts';
import { backendsOf, selects } from '../route/endpoints.ts';
import { carriersOf } from '../route/ingress-controllers.ts';

/** Who connects: workloads of the input, everybody (a load balancer's clients), or the pods of a namespace that somebody named. */
export type NeedSource =
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'anyone' }
  | { readonly kind: 'namespace'; readonly name: string };

export interface Need {
  readonly source: NeedSource;
  readonly to: Workload;
  readonly ports: readonly { readonly protocol: Protocol; readonly port: number }[];
  /** `CART_ADDR cart:7070`, `Ingress shop/web`, `Service shop/front (LoadBalancer)`: for the comments. */
  readonly because: string;
}

/** Said and not resolved. */
export interface OpenNeed {
  readonly who: string;
  readonly what: string;
  readonly code:
    | 'outside-host' // a NetworkPolicy cannot name hosts
    | 'which-port' // the Service has several and none is said: all are opened
    | 'no-such-port'
    | 'no-pods' // the Service has no pod in the input
    | 'controller-unknown'
    | 'scraper-unknown'
    | 'host-network' // no policy selects it
    | 'no-labels'
    | 'resolver-on-node';
  readonly origin: Origin | undefined;
}

export interface Needs {
  readonly needs: readonly Need[];
  readonly open: readonly OpenNeed[];
}

/** Namespaces that somebody names for what is not in the input. */
export interface Elsewhere {
  readonly ingressController: string | undefined;
  readonly monitoring: string | undefined;
}

/** Needs between all workloads; the caller takes those that concern its namespaces. Never throws. */
export function needsOf(cluster: Cluster, choice: ProfileChoice, elsewhere: Elsewhere): Needs {
  const context = contextOf(cluster, choice, []);
  const collector = new Collector(cluster);
  for (const workload of [...context.cluster.workloads.values()]) collector.declared(context, workload);
  for (const service of context.cluster.services.values()) collector.exposed(service);
  for (const ingress of context.cluster.ingresses) collector.ingress(ingress, elsewhere.ingressController);
  collector.routes(elsewhere.ingressController);
  collector.scraped(context, elsewhere.monitoring);
  return { needs: collector.needs, open: collector.open };
}

class Collector {
  readonly needs: Need[] = [];
  readonly open: OpenNeed[] = [];
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
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
      if (need.service === undefined) {
        this.open.push({ who, what: need.written, code: 'outside-host', origin: pod.origin });
        continue;
      }
      if (need.service.type === 'ExternalName') {
        this.open.push({ who, what: `${need.written} (${need.service.externalName ?? ''})`, code: 'outside-host', origin: pod.origin });
        continue;
      }
      const ports = portsMeant(need.service, need);
      if (ports.length === 0) {
        this.open.push({ who, what: need.written, code: 'no-such-port', origin: pod.origin });
        continue;
      }
      if (ports.length > 1 && need.port === undefined) this.open.push({ who, what: need.written, code: 'which-port', origin: pod.origin });
      this.#toService({ kind: 'workload', workload }, need.service, ports, need.written, who);
    }
  }

  /** Clients of a load balancer come from anywhere, and mostly by way of a node (semantics A.4): nothing narrower than everybody is true. */
  exposed(service: Service): void {
    if (service.type !== 'LoadBalancer' && service.type !== 'NodePort') return;
    this.#toService({ kind: 'anyone' }, service, service.ports, `Service ${service.ref} is a ${service.type}`, service.ref);
  }

  ingress(ingress: Ingress, named: string | undefined): void {
    const carriers = carriersOf(this.#cluster, ingress);
    for (const { service: name, port } of distinct(ingress.rules, (rule) => `${rule.service}:${rule.port}`)) {
      const service = this.#cluster.services.get(`${ingress.namespace}/${name}`);
      if (service === undefined) continue;
      const ports = service.ports.filter((own) => port === undefined || own.port === port || own.name === port);
      const because = `Ingress ${ingress.ref}`;
      if (carriers.kind === 'load-balancer') this.#toService({ kind: 'anyone' }, service, ports, because, service.ref);
      else if (!carriers.assumed) {
        for (const workload of workloadsBehind(
          this.#cluster,
          carriers.parties.flatMap(({ end }) => (end.kind === 'outside' ? [] : (end.pod ?? []))),
        ))
          this.#toService({ kind: 'workload', workload }, service, ports, because, service.ref);
      } else this.#fromController(named, service, ports, because, ingress.origin);
    }
  }

  /** Gateway API and OpenShift: who carries them is in no object that we could read. */
  routes(named: string | undefined): void {
    for (const kind of ['HTTPRoute', 'GRPCRoute', 'Route']) {
      for (const { value, namespace, name, origin } of this.#cluster.extras.get(kind) ?? []) {
        const refs =
          kind === 'Route'
            ? [dig(value, 'spec', 'to')]
            : listOf(dig(value, 'spec', 'rules')).flatMap((rule) => listOf(dig(rule, 'backendRefs')));
        for (const ref of refs) {
          const service = this.#cluster.services.get(`${textOf(dig(ref, 'namespace')) ?? namespace}/${textOf(dig(ref, 'name'))}`);
          if (service === undefined) continue;
          const port = dig(ref, 'port');
          const ports = service.ports.filter((own) => port === undefined || own.port === port);
          this.#fromController(named, service, ports, `${kind} ${namespace}/${name}`, origin);
        }
      }
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
      const because = `metrics, as ${by} says`;
      const sources: readonly NeedSource[] =
        named !== undefined ? [{ kind: 'namespace', name: named }] : scrapers.map((workload) => ({ kind: 'workload', workload }) as const);
      if (sources.length === 0)
        this.open.push({ who: `${to.namespace}/${to.name}`, what: `port ${port}, ${because}`, code: 'scraper-unknown', origin });
      for (const source of sources) this.needs.push({ source, to, ports: [{ protocol: 'TCP', port }], because });
    }
  }

  #fromController(named: string | undefined, service: Service, ports: readonly ServicePort[], because: string, origin: Origin): void {
    if (named === undefined) this.open.push({ who: service.ref, what: because, code: 'controller-unknown', origin });
    else this.#toService({ kind: 'namespace', name: named }, service, ports, because, service.ref);
  }

  #toService(source: NeedSource, service: Service, ports: readonly ServicePort[], because: string, who: string): void {
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

/** ConfigMaps that are mounted as files. Lines of which the last part is an address count, as for environment variables. */
function mountedNeeds(cluster: Cluster, pod: Pod): readonly DeclaredNeed[] {
  const names = listOf(dig(pod.spec, 'volumes')).flatMap((volume) => [
    textOf(dig(volume, 'configMap', 'name')),
    ...listOf(dig(volume, 'projected', 'sources')).map((source) => textOf(dig(source, 'configMap', 'name'))),
  ]);
  const maps = (cluster.extras.get('ConfigMap') ?? []).filter(({ namespace, name }) => namespace === pod.namespace && names.includes(name));
  return maps.flatMap(({ value }) => {
    const data = dig(value, 'data');
    const texts = isObject(data) ? Object.values(data).filter((text): text is string => typeof text === 'string') : [];
    // Hosts outside are left: a file of settings names many that nobody calls.
    return texts
      .flatMap((text) => text.split('\n').flatMap((line) => needsIn(cluster, pod, '', line)))
      .filter(({ service }) => service !== undefined);
  });
}

/** These variables hold the name of something else that may well be called like a Service. */
const HOLDS_NO_HOST = /(name|user|username|password|db|database|schema|app|role|profile|type|label|prefix|topic|queue|key)$/i;

/** An argument or a variable that is just the name of a Service of its own namespace, and not of the one in front of this pod. */
function bareNames(cluster: Cluster, pod: Pod): readonly DeclaredNeed[] {
  const containers = [...listOf(dig(pod.spec, 'containers')), ...listOf(dig(pod.spec, 'initContainers'))];
  const texts = containers.flatMap((container) => [
    ...listOf(dig(container, 'args')),
    ...listOf(dig(container, 'command')).slice(1),
    ...listOf(dig(container, 'env'))
      .filter((variable) => !HOLDS_NO_HOST.test(textOf(dig(variable, 'name')) ?? ''))
      .map((variable) => dig(variable, 'value')),
  ]);
  return texts.flatMap((text): readonly DeclaredNeed[] => {
    const service =
      typeof text === 'string' && /^[a-z][a-z0-9-]*$/.test(text) ? cluster.services.get(`${pod.namespace}/${text}`) : undefined;
    if (service === undefined || selects(service, pod)) return [];
    return [{ written: service.name, service, replica: undefined, host: service.name, port: undefined }];
  });
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
