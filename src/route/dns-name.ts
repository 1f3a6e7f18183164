// What a host name means to a pod: its resolver's search list over the names that cluster DNS knows.
// Whether the pod can reach that resolver at all is for dns.ts.
import type { Cluster, Pod, Service } from '../model/cluster.ts';
import { type Ip, parseIp, sameIp } from '../net/ip.ts';
import { nearest } from '../profile/nearest.ts';
import { serviceAt } from './assumed.ts';
import { namesThatWork } from './dns-suggestions.ts';
import { selectedPods } from './endpoints.ts';

/** What cluster DNS answers, or that the name is not its business. */
export type HostMeaning =
  | { readonly kind: 'service'; readonly service: Service; readonly fqdn: string; readonly portName?: string }
  /** One pod of a headless Service: `db-0.db.payments`. */
  | { readonly kind: 'service-pod'; readonly service: Service; readonly pod: Pod; readonly fqdn: string }
  | { readonly kind: 'address'; readonly address: Ip; readonly fqdn: string }
  /** From the pod's own /etc/hosts, without a lookup. */
  | { readonly kind: 'hosts-file'; readonly address: Ip }
  | { readonly kind: 'self' }
  | { readonly kind: 'external'; readonly host: string }
  | Missing;

export interface Missing {
  readonly kind: 'missing';
  /** `resolver`: this pod asks a resolver that does not know the cluster's names. `unknown`: nobody has such a name. */
  readonly reason: 'no-such-name' | 'resolver';
  /** Names that would work from this pod: `['api.payments']`. */
  readonly works: readonly string[];
  /** What has this name without being in DNS: `shop/pod-b`, `web/frontend[Deployment]`. */
  readonly means: string | undefined;
  /** The Service that was surely meant, where only the resolver is wrong. */
  readonly service: Service | undefined;
}

export interface HostAnswer {
  readonly meaning: HostMeaning;
  /** Every name that the resolver asked for, in order. */
  readonly tried: readonly string[];
}

const CLUSTER_DOMAIN = 'cluster.local';

/**
 * The search list of a pod's resolv.conf. Kubernetes: "DNS for Services and Pods"; `Default` and a host-network pod with `ClusterFirst`
 * have their node's, which knows no cluster names.
 * `shop/cart` → `['shop.svc.cluster.local', 'svc.cluster.local', 'cluster.local']`.
 */
export function searchList(pod: Pod, domain: string = CLUSTER_DOMAIN): readonly string[] {
  const own = usesNodeResolver(pod) || pod.dns.policy === 'None' ? [] : [`${pod.namespace}.svc.${domain}`, `svc.${domain}`, domain];
  return [...new Set([...own, ...pod.dns.searches.map((name) => name.replace(/\.$/, '').toLowerCase())])];
}

export function usesNodeResolver(pod: Pod): boolean {
  return pod.dns.policy === 'Default' || (pod.hostNetwork && pod.dns.policy === 'ClusterFirst');
}

/** `options: [{ name: ndots, value: "2" }]` of dnsConfig; the kubelet writes 5, a resolver by itself takes 1. */
function ndotsOf(pod: Pod): number {
  const written = part(part(pod.spec, 'dnsConfig'), 'options');
  for (const option of Array.isArray(written) ? written : []) {
    if (part(option, 'name') === 'ndots') return Number.parseInt(String(part(option, 'value')), 10) || 0;
  }
  return usesNodeResolver(pod) || pod.dns.policy === 'None' ? 1 : 5;
}

/** One field of a value that nobody has checked; undefined when it has none. */
export function part(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** `hostAliases: [{ ip: 10.0.0.7, hostnames: [db.shop.example] }]` is written into /etc/hosts, which comes before any resolver. */
function hostAlias(pod: Pod | undefined, host: string): Ip | undefined {
  const aliases = part(pod?.spec, 'hostAliases');
  for (const alias of Array.isArray(aliases) ? aliases : []) {
    const names = part(alias, 'hostnames');
    const ip = part(alias, 'ip');
    const isMeant = Array.isArray(names) && names.some((name) => typeof name === 'string' && name.toLowerCase() === host);
    if (isMeant && typeof ip === 'string') return parseIp(ip);
  }
  return undefined;
}

interface Asker {
  /** The pod that looks the name up; undefined for a source that is no pod, which asks the world's DNS. */
  readonly pod: Pod | undefined;
  /** Does its resolver know the cluster's names? dns.ts finds out. */
  readonly knowsCluster: boolean;
}

/**
 * `resolveHost(cluster, { pod: frontend, knowsCluster: true }, 'api.payments', false)` →
 * `{ meaning: { kind: 'service', … }, tried: ['api.payments.web.svc.cluster.local', 'api.payments.svc.cluster.local'] }`.
 * `absolute`: the name ended in a dot, so nothing is appended.
 */
export function resolveHost(
  cluster: Cluster,
  { pod, knowsCluster }: Asker,
  host: string,
  absolute: boolean,
  domain = CLUSTER_DOMAIN,
): HostAnswer {
  if (host === 'localhost' || host.endsWith('.localhost')) return { meaning: { kind: 'self' }, tried: [] }; // RFC 6761 6.3, and /etc/hosts
  const alias = hostAlias(pod, host);
  if (alias !== undefined) return { meaning: { kind: 'hosts-file', address: alias }, tried: [] };
  const other = otherDomain(cluster, host, domain);
  if (other !== undefined) return resolveHost(cluster, { pod, knowsCluster }, host, absolute, other);
  const candidates = candidatesOf(pod, host, absolute, domain);
  const tried: string[] = [];
  for (const fqdn of candidates) {
    tried.push(fqdn);
    const found = lookUp(cluster, fqdn, domain);
    if (found === undefined) continue;
    if (knowsCluster) return { meaning: found, tried };
    return { meaning: missing('resolver', [], found), tried: candidates };
  }
  const inCluster = knowsCluster ? undefined : lookUpAsPod(cluster, pod, host, domain);
  if (inCluster !== undefined) return { meaning: missing('resolver', [], inCluster), tried: candidates };
  if (!isForTheCluster(cluster, host, domain)) return { meaning: { kind: 'external', host }, tried: candidates };
  const { works, means } = namesThatWork(cluster, pod, host, domain);
  return { meaning: { kind: 'missing', reason: 'no-such-name', works, means, service: undefined }, tried: candidates };
}

/**
 * Clusters may have another domain than `cluster.local`, and no manifest says which. `api.payments.svc.corp.example` shows it, when there
 * is such a Service; a domain that is only misspelt is none.
 */
function otherDomain(cluster: Cluster, host: string, domain: string): string | undefined {
  const found = /^(?:.+\.)?([^.]+)\.([^.]+)\.svc\.(.+)$/.exec(host);
  const [, name = '', namespace = '', written = ''] = found ?? [];
  if (found === null || written === domain || nearest(written, [domain]).length > 0) return undefined;
  return serviceAt(cluster, namespace, name) === undefined ? undefined : written;
}

function candidatesOf(pod: Pod | undefined, host: string, absolute: boolean, domain: string): readonly string[] {
  if (absolute || pod === undefined) return [host];
  const searched = searchList(pod, domain).map((suffix) => `${host}.${suffix}`);
  const dots = host.split('.').length - 1;
  return dots < ndotsOf(pod) ? [...searched, host] : [host, ...searched];
}

function missing(reason: Missing['reason'], works: readonly string[], found: HostMeaning): Missing {
  return { kind: 'missing', reason, works, means: undefined, service: 'service' in found ? found.service : undefined };
}

/** The answer that cluster DNS would have for a pod that asks it. */
function lookUpAsPod(cluster: Cluster, pod: Pod | undefined, host: string, domain: string): HostMeaning | undefined {
  const suffixes = [...(pod === undefined ? [] : [`.${pod.namespace}.svc.${domain}`]), `.svc.${domain}`, `.${domain}`, ''];
  for (const suffix of suffixes) {
    const found = lookUp(cluster, `${host}${suffix}`, domain);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Kubernetes: "DNS-Based Service Discovery" specification. undefined: NXDOMAIN, or a name outside the cluster's domain. */
function lookUp(cluster: Cluster, fqdn: string, domain: string): Exclude<HostMeaning, Missing> | undefined {
  if (!fqdn.endsWith(`.${domain}`)) return undefined;
  const labels = fqdn.slice(0, -domain.length - 1).split('.');
  const zone = labels.at(-1);
  const namespace = labels.at(-2) ?? '';
  if (zone === 'pod' && labels.length === 3) {
    const address = dashedIp(labels[0] ?? '');
    return address && { kind: 'address', address, fqdn };
  }
  if (zone !== 'svc' || labels.length < 3) return undefined;
  const service = serviceAt(cluster, namespace, labels.at(-3) ?? '');
  if (service === undefined) return undefined;
  if (labels.length === 3) return { kind: 'service', service, fqdn };
  if (labels.length === 5 && labels[0]?.startsWith('_') && labels[1]?.startsWith('_')) {
    const portName = labels[0].slice(1); // an SRV name: _http._tcp.api.payments.svc
    return service.ports.some(({ name }) => name === portName) ? { kind: 'service', service, fqdn, portName } : undefined;
  }
  const pod = labels.length === 4 ? podByHostname(cluster, service, labels[0] ?? '') : undefined;
  return pod && { kind: 'service-pod', service, pod, fqdn };
}

/** `10-0-0-7`, `2001-db8--1`. */
function dashedIp(label: string): Ip | undefined {
  return parseIp(label.replaceAll('-', '.')) ?? parseIp(label.replaceAll('-', ':'));
}

/**
 * Pods of a Service with a name of their own: `hostname` with `subdomain` equal to the Service's name, which the StatefulSet controller
 * sets too. CoreDNS names the others by their address: `10-0-0-7.db.payments.svc`.
 */
function podByHostname(cluster: Cluster, service: Service, hostname: string): Pod | undefined {
  const pods = selectedPods(cluster, service);
  const named = pods.find(({ dns }) => (dns.hostname ?? '') === hostname && dns.subdomain === service.name);
  if (named !== undefined) return named;
  const address = dashedIp(hostname);
  if (address !== undefined) return pods.find((pod) => pod.addresses.some((ip) => sameIp(ip, address)));
  return undefined;
}

/** Top-level domains that namespaces are hardly called; two letters are a country. */
const WORLD = new Set(
  'com net org edu gov mil int info biz io dev app cloud tech online site shop store xyz example test invalid internal local lan corp home arpa'.split(
    ' ',
  ),
);

/**
 * Is a name that cluster DNS has not got still one that was meant for it? Certainly under its own domain or with `.svc`, and without a dot;
 * else when a namespace or a Service of the input has a part of it (or nearly) and the end is no usual top-level domain.
 */
function isForTheCluster(cluster: Cluster, host: string, domain: string): boolean {
  const labels = host.split('.');
  if (labels.length === 1 || host.endsWith(`.${domain}`) || labels.at(-1) === 'svc' || labels.at(-1) === 'pod') return true;
  const svc = labels.lastIndexOf('svc');
  if (svc >= 2) return cluster.namespaces.has(labels[svc - 1] ?? '') || nearest(labels.slice(svc + 1).join('.'), [domain]).length > 0;
  if (labels.length > 3) return false;
  const last = labels.at(-1) ?? '';
  if (cluster.namespaces.has(last)) return true;
  if (WORLD.has(last) || /^[a-z]{2}$/.test(last)) return false;
  const isService = [...cluster.services.values()].some(({ name }) => name === labels.at(-2));
  const isNearly = nearest(last, [...cluster.namespaces.keys()]).length > 0;
  return labels.length === 2 ? isService || isNearly : isService && isNearly;
}
