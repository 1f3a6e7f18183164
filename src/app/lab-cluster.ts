// Objects → everything that a lab with a namespace per pod needs: who is there and with what address, who stands behind Services,
// what DNS knows, which rules hang on which node. The same objects and addresses give the same lab again.

import { type Assumption, complete } from '../lab/complete.ts';
import { zoneOf } from '../lab/dns-zone.ts';
import { planOf } from '../lab/netns-plan.ts';
import type { LabContent } from '../lab/netns-up.ts';
import { type Addresses, KUBE_DNS, parsed, serviceKey, servicesIn, withServiceAddresses } from '../lab/served.ts';
import { type KubeObject, objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import { toCluster } from '../manifest/to-cluster.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { printCidr } from '../net/cidr.ts';
import { printIp } from '../net/ip.ts';
import { compile, TABLE } from '../nft/compile.ts';
import type { Decided } from '../nft/decided.ts';
import type { Ruleset } from '../nft/ruleset.ts';
import { ASSUMED_DNS_POD } from '../route/assumed.ts';
import { resolversOf } from '../route/resolver.ts';

export interface LabCluster {
  /** Every pod and every Service has an address. */
  readonly cluster: Cluster;
  readonly content: LabContent;
  readonly addresses: Addresses;
  readonly assumptions: readonly Assumption[];
  /** True when the input has no DNS pods and one was added. */
  readonly addedDns: boolean;
}

export interface LabChoice {
  readonly semantics: Decided['semantics'];
  readonly namespace: string;
  /** Denied packets vanish. */
  readonly faithful: boolean;
  readonly generation: number;
}

export function labCluster(objects: readonly KubeObject[], choice: LabChoice, given: Addresses = {}): LabCluster {
  const read = toCluster(objects, [], choice.namespace);
  const dns = missingDns(read);
  const raw = dns.length === 0 ? read : toCluster([...objects, ...dns], [], choice.namespace);
  const completed = complete(withGiven(raw, given));
  const cluster = withServiceAddresses(completed.cluster, given);
  const services = servicesIn(cluster);
  const [resolver] = resolversOf(cluster, ASKING);
  const dnsPorts = (['UDP', 'TCP'] as const).flatMap((protocol) =>
    (resolver?.servers[protocol] ?? []).map(({ ref, port }) => ({ ref, protocol, port: port ?? 53 })),
  );
  const servers = resolver?.addresses ?? [];
  const nameservers =
    servers.length > 0
      ? servers
      : cluster.pods.filter(({ ref }) => dnsPorts.some((dnsPort) => dnsPort.ref === ref)).flatMap(({ addresses }) => addresses);
  const plan = planOf({ cluster, services, dnsPorts, nameservers: nameservers.slice(0, 3), inside: insideOf(cluster) });
  const rules = new Map(plan.nodes.map(({ id, name }) => [id, rulesOf(cluster, name, choice)]));
  return {
    cluster,
    content: { plan, services, zone: zoneOf(cluster, services), rules },
    addresses: Object.fromEntries([
      ...cluster.pods.filter(({ hostNetwork }) => !hostNetwork).map(({ ref, addresses }) => [ref, addresses.map(printIp)]),
      ...[...cluster.nodes].map(([name, { addresses }]) => [`node/${name}`, addresses.map(printIp)]),
      ...[...cluster.services.values()].map((service) => [serviceKey(service), service.clusterIps.map(printIp)]),
    ]),
    assumptions: completed.assumptions,
    addedDns: dns.some(({ kind }) => kind === 'Pod'),
  };
}

/** A pod as most are: it asks the cluster's DNS. */
const ASKING: Pod = { ...ASSUMED_DNS_POD, ref: 'default/asking', dns: { ...ASSUMED_DNS_POD.dns, policy: 'ClusterFirst' } };

/**
 * What every cluster has and manifests leave out: DNS pods with the usual label, and their Service with the usual address (semantics A.6).
 * [] when the input has both.
 */
function missingDns(cluster: Cluster): readonly KubeObject[] {
  const [resolver] = resolversOf(cluster, ASKING);
  if (resolver === undefined || resolver.kind !== 'cluster') return [];
  const service = [...cluster.services.values()].find(({ namespace, name }) => resolver.ref === `${namespace}/svc/${name}`);
  const namespace = service?.namespace ?? 'kube-system';
  const targets = service?.ports.filter(({ port }) => port === 53) ?? [];
  const targetOf = (protocol: 'UDP' | 'TCP') => targets.find((port) => port.protocol === protocol)?.targetPort ?? 53;
  const container = (protocol: 'UDP' | 'TCP') => {
    const target = targetOf(protocol);
    const name = typeof target === 'string' ? target : protocol === 'UDP' ? 'dns' : 'dns-tcp';
    return { name, protocol, containerPort: typeof target === 'number' ? target : 53 };
  };
  const labels = Object.fromEntries(service?.selector ?? ASSUMED_DNS_POD.labels);
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name: 'coredns', labels },
    spec: { dnsPolicy: 'Default', containers: [{ name: 'coredns', image: 'coredns', ports: [container('UDP'), container('TCP')] }] },
  };
  const kubeDns = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace, name: 'kube-dns', labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      selector: labels,
      ...(!usesAddress(cluster, KUBE_DNS) && { clusterIP: KUBE_DNS }),
      ports: [
        { name: 'dns', protocol: 'UDP', port: 53 },
        { name: 'dns-tcp', protocol: 'TCP', port: 53 },
      ],
    },
  };
  const missing = [...(service === undefined ? [kubeDns] : []), ...(resolver.assumed ? [pod] : [])];
  return missing.flatMap((value) => objectsOf(parseText('(cluster DNS)', JSON.stringify(value)).documents).objects);
}

function usesAddress(cluster: Cluster, address: string): boolean {
  return [...cluster.services.values()].some(({ clusterIps }) => clusterIps.some((ip) => printIp(ip) === address));
}

function withGiven(cluster: Cluster, given: Addresses): Cluster {
  const pods = cluster.pods.map((pod) => {
    const own = given[pod.ref];
    return own === undefined || pod.hostNetwork || pod.addresses.length > 0 ? pod : { ...pod, addresses: parsed(own) };
  });
  const nodes = new Map(
    [...cluster.nodes].map(([name, node]) => {
      const own = given[`node/${name}`];
      return [name, own === undefined || node.addresses.length > 0 ? node : { ...node, addresses: parsed(own) }];
    }),
  );
  return { ...cluster, pods, nodes, podByRef: new Map(pods.map((pod) => [pod.ref, pod])) };
}

/** The usual networks of pods and Services, those of the nodes, and every Service's address: from outside there is no way to it. */
function insideOf({ nodes, services }: Cluster): readonly string[] {
  return [
    ...['10.244.0.0/16', 'fd00:10:244::/48', '10.96.0.0/12', 'fd00:10:96::/48'],
    ...[...nodes.values()].flatMap(({ podCidrs }) => podCidrs.map(printCidr)),
    ...[...services.values()].flatMap(({ clusterIps }) => clusterIps.map((ip) => `${printIp(ip)}/${ip.family === 4 ? 32 : 128}`)),
  ];
}

/** On the way through a node, and for plugins that police a pod's way to its own node, into it. */
function rulesOf(cluster: Cluster, node: string, { semantics, faithful, generation }: LabChoice): readonly Ruleset[] {
  const options = { node, generation, denials: faithful ? 'drop' : 'reject' } as const;
  return [
    compile(cluster, semantics, { ...options, hook: 'forward', exemptPairs: true }),
    ...(semantics.podToOwnNode === 'always'
      ? []
      : [compile(cluster, semantics, { ...options, hook: 'input', exemptPairs: true, table: `${TABLE}-own-node` })]),
  ];
}
