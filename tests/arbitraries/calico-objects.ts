// Calico's NetworkPolicy, GlobalNetworkPolicy, Tier and sets of networks as a person could write them, valid ones.
import fc from 'fast-check';
import { APPS, few, NAMESPACES } from './few-words.ts';

const app = fc.constantFrom(...APPS);
const podSelector = fc.oneof(
  fc.constant('all()'),
  app.map((name) => `app == '${name}'`),
  app.map((name) => `app != '${name}'`),
  fc.constantFrom("tier in {'a', 'b'}", 'has(tier)', '!has(tier)', "app == 'cart' && tier == 'a'", "app == 'cart' || has(tier)"),
);
const namespaceSelector = fc.constantFrom('all()', "team == 'red'", "kubernetes.io/metadata.name == 'bank'", 'global()');
const nets = fc.subarray(['10.0.0.0/8', '10.0.0.4/30', '0.0.0.0/0', '203.0.113.0/24'], { minLength: 1, maxLength: 2 });

const port = fc.constantFrom<number | string>(80, 443, 8080, '8000:8090', 'http', 'grpc');
const numbered = fc.constantFrom<number | string>(80, 443, 8080, '8000:8090');

/** The other end of a rule: pods, addresses or both, and what is taken out of them. */
const peer = fc.oneof(
  { weight: 3, arbitrary: fc.record({ selector: podSelector }) },
  { weight: 2, arbitrary: fc.record({ namespaceSelector }) },
  { weight: 2, arbitrary: fc.record({ nets, notNets: fc.constant(['203.0.113.0/25']) }, { requiredKeys: ['nets'] }) },
  { weight: 1, arbitrary: fc.record({ selector: podSelector, namespaceSelector, notSelector: app.map((name) => `app == '${name}'`) }) },
);

const rule = (side: 'source' | 'destination') =>
  fc
    .record({
      action: fc.constantFrom('Allow', 'Allow', 'Allow', 'Allow', 'Deny', 'Pass', 'Log'),
      protocol: fc.constantFrom('TCP', 'TCP', 'UDP', 'SCTP', undefined, undefined, undefined),
      peer: fc.option(peer, { nil: {}, freq: 4 }),
      ports: fc.option(few(port, 2, 1), { nil: undefined }),
      notPorts: fc.option(few(numbered, 1, 1), { nil: undefined, freq: 5 }),
    })
    .map(({ action, protocol, peer, ports, notPorts }) => {
      // Ports need a protocol that has some.
      const opened = protocol === undefined ? {} : { ...(ports && { ports }), ...(notPorts && { notPorts }) };
      const destination = side === 'destination' ? { ...peer, ...opened } : opened;
      return {
        action,
        ...(protocol && { protocol }),
        ...(side === 'source' && Object.keys(peer).length > 0 && { source: peer }),
        ...(Object.keys(destination).length > 0 && { destination }),
      };
    });

const spec = fc.record(
  {
    tier: fc.constantFrom('default', 'default', 'security'),
    order: fc.constantFrom(10, 100, 1000, 2000),
    selector: podSelector,
    types: fc.subarray(['Ingress', 'Egress'], { minLength: 1 }),
    ingress: few(rule('source'), 4, 1),
    egress: few(rule('destination'), 4, 1),
  },
  { requiredKeys: ['tier', 'selector', 'types'] },
);

/** Rules of a direction that `types` leaves out are refused by nobody and do nothing. */
const object = (kind: string, namespace: string | undefined, spec: unknown) => (name: string) => ({
  apiVersion: 'projectcalico.org/v3',
  kind,
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  spec,
});

const namespaced = fc.tuple(fc.constantFrom(...NAMESPACES), spec).map(([namespace, spec]) => object('NetworkPolicy', namespace, spec));
const global = spec.map((spec) => object('GlobalNetworkPolicy', undefined, spec));

/** One to four of them, and the tier and the set of networks that they may name. */
export const calicoObjects: fc.Arbitrary<readonly object[]> = fc
  .tuple(few(fc.oneof(namespaced, global), 4, 1), fc.constantFrom('Deny', 'Pass'))
  .map(([made, defaultAction]) => [
    ...made.map((make, i) => make(`calico-${i}`)),
    { apiVersion: 'projectcalico.org/v3', kind: 'Tier', metadata: { name: 'security' }, spec: { order: 50, defaultAction } },
    {
      apiVersion: 'projectcalico.org/v3',
      kind: 'GlobalNetworkSet',
      metadata: { name: 'partners', labels: { app: 'cart' } },
      spec: { nets: ['203.0.113.0/26'] },
    },
  ]);
