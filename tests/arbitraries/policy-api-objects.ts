// ClusterNetworkPolicy (v1alpha2), AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) as a person could write them, valid ones.
import fc from 'fast-check';
import { few, namespaceSelector, selector } from './few-words.ts';

const GROUP = 'policy.networking.k8s.io';

const podsOf = fc.record({ namespaceSelector, podSelector: selector });
const subject = fc.oneof(fc.record({ namespaces: namespaceSelector }), fc.record({ pods: podsOf }));
const inCluster = fc.oneof(fc.record({ namespaces: namespaceSelector }), fc.record({ pods: podsOf }));
const networks = fc
  .subarray(['10.0.0.0/24', '10.0.0.4/30', '0.0.0.0/0', '203.0.113.0/24', 'fd00::/64', '::/0'], { minLength: 1, maxLength: 3 })
  .map((networks) => ({ networks }));
const nodes = fc.constant({ nodes: {} });
const anywhere = fc.oneof({ weight: 4, arbitrary: inCluster }, { weight: 2, arbitrary: networks }, { weight: 1, arbitrary: nodes });

const number = fc.constantFrom(80, 443, 8080, 8081);
const range = fc.constantFrom({ start: 80, end: 443 }, { start: 8000, end: 8080 }, { start: 1, end: 65535 });
const portName = fc.constantFrom('http', 'grpc', 'metrics');

const destinationPort = fc.oneof(
  number.map((number) => ({ number })),
  range.map((range) => ({ range })),
);
const transport = fc
  .tuple(fc.constantFrom('tcp', 'tcp', 'udp', 'sctp'), destinationPort)
  .map(([name, destinationPort]) => ({ [name]: { destinationPort } }));
const named = portName.map((destinationNamedPort) => ({ destinationNamedPort }));
const protocol = fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP');
const port = fc.oneof(
  fc.record({ portNumber: fc.record({ protocol, port: number }) }),
  fc.record({ portRange: fc.tuple(protocol, range).map(([protocol, range]) => ({ protocol, ...range })) }),
  portName.map((namedPort) => ({ namedPort })),
);

/** Names of ports beside addresses are refused by the experimental channel, so such a rule says numbers only. */
const rule = (side: 'from' | 'to', field: 'protocols' | 'ports', actions: readonly string[]) => {
  const byNumber = field === 'protocols' ? transport : port.filter((one) => !('namedPort' in one));
  const byAny: fc.Arbitrary<object> = field === 'protocols' ? fc.oneof({ weight: 3, arbitrary: transport }, named) : port;
  const made = (peer: fc.Arbitrary<object>, ports: fc.Arbitrary<object>) =>
    fc.record(
      { action: fc.constantFrom(...actions), [side]: few(peer, 2, 1), [field]: few(ports, 2, 1) },
      { requiredKeys: ['action', side] },
    );
  return side === 'from' ? made(inCluster, byAny) : fc.oneof(made(inCluster, byAny), made(anywhere, byNumber));
};

/** Priorities often fall on each other: what a tie leaves open has to be left open by every evaluator. */
const priority = fc.constantFrom(0, 10, 10, 50, 1000);

function specOf(field: 'protocols' | 'ports', actions: readonly string[], more: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  return fc.record(
    { subject, ingress: few(rule('from', field, actions), 3, 1), egress: few(rule('to', field, actions), 3, 1), ...more },
    { requiredKeys: ['subject', ...Object.keys(more)] as never[] },
  );
}

const object = (version: string, kind: string, spec: fc.Arbitrary<unknown>) =>
  spec.map((spec) => (name: string) => ({ apiVersion: `${GROUP}/${version}`, kind, metadata: { name }, spec }));

const clusterPolicy = object(
  'v1alpha2',
  'ClusterNetworkPolicy',
  specOf('protocols', ['Accept', 'Deny', 'Pass'], { priority, tier: fc.constantFrom('Admin', 'Baseline') }),
);
const adminPolicy = object('v1alpha1', 'AdminNetworkPolicy', specOf('ports', ['Allow', 'Deny', 'Pass'], { priority }));
const baselinePolicy = object('v1alpha1', 'BaselineAdminNetworkPolicy', specOf('ports', ['Allow', 'Deny'], {}));

/** Up to four of them, with names of their own: `admin-0`. There is one BaselineAdminNetworkPolicy at most, and it is called `default`. */
export const policyApiObjects: fc.Arbitrary<readonly object[]> = fc
  .tuple(few(fc.oneof(clusterPolicy, adminPolicy), 3), fc.option(baselinePolicy, { nil: undefined }))
  .map(([ordered, last]) => [...ordered.map((make, i) => make(`admin-${i}`)), ...(last === undefined ? [] : [last('default')])]);
