// CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy and CiliumCIDRGroup as a person could write them, valid ones.
import fc from 'fast-check';
import { few, labels, NAMESPACES, selector } from './few-words.ts';

const NAMESPACE_LABEL = 'k8s:io.kubernetes.pod.namespace';

/** A peer may name a namespace; without one, a namespaced policy means its own. */
const endpoints = fc.oneof(
  selector,
  fc.tuple(labels, fc.constantFrom(...NAMESPACES)).map(([own, namespace]) => ({ matchLabels: { ...own, [NAMESPACE_LABEL]: namespace } })),
  fc.constantFrom('red', 'blue').map((team) => ({ matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': team } })),
  fc.constant({ matchExpressions: [{ key: NAMESPACE_LABEL, operator: 'Exists' }] }),
);
const entities = fc.subarray(['all', 'cluster', 'world', 'host', 'remote-node'], { minLength: 1, maxLength: 2 });
const cidr = fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '203.0.113.0/24', 'fd00::/64', '::/0', '2001:db8::/32');
const cidrSet = fc.oneof(
  cidr.map((cidr) => ({ cidr })),
  fc.constant({ cidr: '0.0.0.0/0', except: ['203.0.113.0/25'] }),
  fc.constant({ cidrGroupRef: 'partners' }),
);

/** At most one way to say the peer in a section, as Cilium asks. None at all means every peer. */
const peer = (side: 'from' | 'to') =>
  fc.oneof(
    { weight: 4, arbitrary: few(endpoints, 2, 1).map((list) => ({ [`${side}Endpoints`]: list })) },
    { weight: 2, arbitrary: entities.map((list) => ({ [`${side}Entities`]: list })) },
    { weight: 1, arbitrary: few(cidr, 2, 1).map((list) => ({ [`${side}CIDR`]: list })) },
    { weight: 1, arbitrary: few(cidrSet, 2, 1).map((list) => ({ [`${side}CIDRSet`]: list })) },
    { weight: 1, arbitrary: fc.constant({}) },
  );

const port = fc.oneof(
  fc.record({ port: fc.constantFrom('80', '443', '8080', '8081'), protocol: fc.constantFrom('TCP', 'UDP', 'SCTP', 'ANY') }),
  fc.constant({ port: '8000', endPort: 8090, protocol: 'TCP' }),
  fc.record({ port: fc.constantFrom('http', 'grpc', 'metrics'), protocol: fc.constantFrom('TCP', 'UDP') }),
);
const ports = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 3, arbitrary: few(port, 2, 1).map((ports) => ({ toPorts: [{ ports }] })) },
);

const section = (side: 'from' | 'to') => fc.tuple(peer(side), ports).map(([ends, opened]) => ({ ...ends, ...opened }));

const spec = fc
  .record({
    endpointSelector: selector,
    ingress: few(section('from'), 2),
    egress: few(section('to'), 2),
    ingressDeny: few(section('from'), 1),
    egressDeny: few(section('to'), 1),
    enableDefaultDeny: fc.option(fc.record({ ingress: fc.boolean(), egress: fc.boolean() }), { nil: undefined, freq: 4 }),
  })
  .map((drawn) =>
    Object.fromEntries(Object.entries(drawn).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))),
  )
  // A spec without any section is refused.
  .filter((drawn) => ['ingress', 'egress', 'ingressDeny', 'egressDeny'].some((key) => key in drawn));

const namespaced = fc.tuple(fc.constantFrom(...NAMESPACES), spec).map(([namespace, spec]) => (name: string) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name, namespace },
  spec,
}));
const clusterwide = spec.map((spec) => (name: string) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name },
  spec,
}));

/** One to four of them, and the group of addresses that they may name. */
export const ciliumObjects: fc.Arbitrary<readonly object[]> = few(fc.oneof({ weight: 3, arbitrary: namespaced }, clusterwide), 4, 1).map(
  (made) => [
    ...made.map((make, i) => make(`cilium-${i}`)),
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumCIDRGroup',
      metadata: { name: 'partners' },
      spec: { externalCIDRs: ['203.0.113.0/26', '2001:db8::/48'] },
    },
  ],
);
