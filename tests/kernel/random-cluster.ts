// Small random clusters, as the objects that `kubectl get -o json` would print: few names, so that selectors, blocks and ports often meet.
// Everything that can tell packets apart is in here: both families, ranges, named ports with different numbers, `except`, host networks.
import fc from 'fast-check';
import { loadCluster } from '../../src/manifest/load.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { calicoObjects } from '../arbitraries/calico-objects.ts';
import { ciliumObjects } from '../arbitraries/cilium-objects.ts';
import { few, labels, NAMESPACES, namespaceSelector, selector } from '../arbitraries/few-words.ts';
import { policyApiObjects } from '../arbitraries/policy-api-objects.ts';

const block4 = fc.record(
  {
    cidr: fc.constantFrom('10.0.0.0/8', '10.0.0.0/24', '0.0.0.0/0', '203.0.113.0/24'),
    except: fc.subarray(['10.0.0.4/30', '10.0.0.8/32'], { minLength: 1 }),
  },
  { requiredKeys: ['cidr'] },
);
const block6 = fc.record(
  { cidr: fc.constantFrom('fd00::/64', '::/0', '2001:db8::/32'), except: fc.constant(['fd00::4/126']) },
  { requiredKeys: ['cidr'] },
);
/** The API refuses an `except` outside its block; such a policy would be unreadable and say nothing. */
const inside = (block: { readonly cidr: string; readonly except?: readonly string[] }) =>
  ['203.0.113.0/24', '2001:db8::/32'].includes(block.cidr) ? { cidr: block.cidr } : block;

const peer = fc.oneof(
  { weight: 3, arbitrary: fc.record({ podSelector: selector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector, podSelector: selector }) },
  { weight: 2, arbitrary: fc.oneof(block4, block6).map((block) => ({ ipBlock: inside(block) })) },
);

const protocol = fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP');
const port = fc.oneof(
  { weight: 3, arbitrary: fc.record({ protocol, port: fc.constantFrom(80, 443, 8080, 8081) }) },
  { weight: 2, arbitrary: fc.record({ protocol, port: fc.constantFrom(8000, 8080), endPort: fc.constantFrom(8080, 8090, 9000) }) },
  { weight: 3, arbitrary: fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port: fc.constantFrom('http', 'grpc', 'metrics') }) },
  { weight: 1, arbitrary: fc.record({ protocol }) },
  { weight: 1, arbitrary: fc.constant({ port: 80 }) },
);

const rule = (side: 'from' | 'to') =>
  fc.record({ [side]: few(peer, 3), ports: few(port, 3) }, { requiredKeys: [] }) as fc.Arbitrary<Record<string, unknown>>;

const policySpec = fc.record(
  {
    podSelector: selector,
    policyTypes: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
    ingress: few(rule('from'), 2),
    egress: few(rule('to'), 2),
  },
  { requiredKeys: ['podSelector', 'policyTypes'] },
);

const containerPorts = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('http', 'grpc', 'metrics'),
    containerPort: fc.constantFrom(80, 8080, 8081, 9000),
    protocol: fc.constantFrom('TCP', 'TCP', 'UDP'),
  }),
  { maxLength: 3, selector: ({ name }) => name },
);

const podShape = fc.record({
  namespace: fc.constantFrom(...NAMESPACES),
  labels,
  ports: containerPorts,
  families: fc.constantFrom('4', '6', '46', '46', ''),
  node: fc.constantFrom('node-1', 'node-2', undefined),
  hostNetwork: fc.constantFrom(false, false, false, false, true),
  phase: fc.constantFrom('Running', 'Running', 'Running', 'Running', 'Succeeded', undefined),
});

/** The objects of one cluster, for `loadCluster` or for a file. `further`: its policies of other kinds. */
const objectsWith = (further: fc.Arbitrary<readonly object[]>): fc.Arbitrary<readonly object[]> =>
  fc
    .record({
      pods: fc.array(podShape, { minLength: 2, maxLength: 7 }),
      policies: few(fc.tuple(fc.constantFrom(...NAMESPACES), policySpec), 5),
      further: fc.oneof({ weight: 1, arbitrary: fc.constant([]) }, { weight: 2, arbitrary: further }),
    })
    .map(({ pods, policies, further }) => [
      ...NAMESPACES.map((name, i) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { team: i === 0 ? 'red' : 'blue' } },
      })),
      ...['node-1', 'node-2'].map((name, i) => ({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name },
        status: {
          addresses: [
            { type: 'InternalIP', address: `10.0.9.${i + 1}` },
            { type: 'InternalIP', address: `fd00:9::${i + 1}` },
          ],
        },
      })),
      ...pods.map((pod, i) => podObject(pod, i)),
      ...policies.map(([namespace, spec], i) => ({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: `policy-${i}`, namespace },
        spec,
      })),
      ...further,
    ]);

/** The objects of one cluster: with the cluster-wide kinds, Cilium's or Calico's beside its NetworkPolicies in two of three. */
export const objectLists = {
  'cluster-wide': objectsWith(policyApiObjects),
  cilium: objectsWith(ciliumObjects),
  calico: objectsWith(calicoObjects),
} as const;

/** NetworkPolicies, and in two of three clusters the cluster-wide kinds beside them. */
export const cluster: fc.Arbitrary<Cluster> = objectLists['cluster-wide'].map(clusterOf);
/** For a profile of Cilium: its own kinds beside NetworkPolicies. */
export const ciliumCluster: fc.Arbitrary<Cluster> = objectLists.cilium.map(clusterOf);
/** For a profile of Calico's. */
export const calicoCluster: fc.Arbitrary<Cluster> = objectLists.calico.map(clusterOf);

export function clusterOf(objects: readonly object[]): Cluster {
  return loadCluster([{ file: 'random.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) }]);
}

type PodShape = typeof podShape extends fc.Arbitrary<infer T> ? T : never;

function podObject({ namespace, labels, ports, families, node, hostNetwork, phase }: PodShape, i: number): object {
  const ips = [...families].map((family) => ({ ip: family === '4' ? `10.0.0.${i + 2}` : `fd00::${i + 2}` }));
  const own = hostNetwork ? [] : ips;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${i}`, namespace, labels },
    spec: {
      containers: [{ name: 'main', image: 'example/app', ports }],
      ...(hostNetwork && { hostNetwork }),
      ...(node !== undefined && { nodeName: node }),
    },
    status: { ...(phase !== undefined && { phase }), ...(own.length > 0 && { podIP: own[0]?.ip, podIPs: own }) },
  };
}
