// A random shop with a question about two of its pods: what the random tests of fixes are made of.
import fc from 'fast-check';
import type { Plan } from '../arbitraries/plan.ts';
import { plans } from '../arbitraries/plans.ts';

export interface Case {
  readonly plan: Plan;
  readonly hand: number;
  readonly from: number;
  readonly to: number;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

export const cases: fc.Arbitrary<Case> = fc.record({
  plan: plans,
  hand: fc.nat(1_000_000),
  from: fc.nat(7),
  to: fc.nat(7),
  port: fc.constantFrom(53, 80, 81),
  protocol: fc.constantFrom('TCP', 'TCP', 'UDP'),
});

/** Pods become Deployments that select by a label of their own, so that the others may change. */
export function objectsOf({ pods, policies, namespaces }: Plan): readonly unknown[] {
  return [
    ...Object.entries(namespaces).map(([name, labels]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })),
    ...pods.map(({ name, namespace, labels, ports, hostNetwork }) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: { id: name } },
        template: {
          metadata: { labels: { id: name, ...labels } },
          spec: {
            ...(hostNetwork === true && { hostNetwork }),
            containers: [
              {
                name: 'main',
                ports: ports
                  .filter(({ role }) => role === 'main')
                  .map(({ name: own, port, protocol }) => ({ ...(own && { name: own }), containerPort: port, protocol })),
              },
            ],
          },
        },
      },
    })),
    ...policies.map(({ name, namespace, spec }) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name, namespace },
      spec,
    })),
  ];
}

/** The question of a case; undefined where both ends would be one pod. */
export function questionOf({ plan, from, to, port, protocol }: Case) {
  const [source, destination] = [plan.pods[from % plan.pods.length], plan.pods[to % plan.pods.length]];
  if (source === undefined || destination === undefined || source === destination) return undefined;
  return {
    from: `${source.namespace}/${source.name}`,
    to: `${destination.namespace}/${destination.name}:${port}/${protocol.toLowerCase()}`,
    namespace: 'default',
  };
}

const names = fc.constantFrom('frontend', 'front-end', 'cart');
const namespaces = fc.constantFrom('shop', 'pay');

const port = fc.record(
  { port: fc.constantFrom<number | string>(80, 81, 'http'), protocol: fc.constantFrom('TCP', 'UDP') },
  { requiredKeys: ['port'] },
);

const peer = fc.oneof(
  fc.record({ podSelector: fc.record({ matchLabels: fc.record({ app: names }) }) }),
  fc.record({
    podSelector: fc.record({ matchLabels: fc.record({ app: names, team: fc.constantFrom('red', 'blue') }, { requiredKeys: ['app'] }) }),
    namespaceSelector: fc.record({ matchLabels: fc.record({ 'kubernetes.io/metadata.name': namespaces }) }),
  }),
  fc.record({
    podSelector: fc.record({
      matchExpressions: fc.tuple(fc.record({ key: fc.constant('app'), operator: fc.constantFrom('In', 'NotIn'), values: fc.tuple(names) })),
    }),
  }),
);

const policies = fc.array(
  fc.record({
    direction: fc.constantFrom('ingress', 'ingress', 'egress'),
    peers: fc.array(peer, { minLength: 1, maxLength: 2 }),
    ports: fc.array(port, { minLength: 1, maxLength: 2 }),
    namespace: namespaces,
  }),
  { minLength: 1, maxLength: 3 },
);

/** Shops whose rules nearly let the question through: one word away, or two. */
export const nearMisses: fc.Arbitrary<Case> = fc
  .record({
    hand: fc.nat(1_000_000),
    pods: fc.array(fc.record({ namespace: namespaces, app: names, team: fc.constantFrom('red', 'blue') }), { minLength: 2, maxLength: 4 }),
    policies,
    protocol: fc.constantFrom('TCP', 'TCP', 'UDP'),
  })
  .map(({ hand, pods, policies: drawn, protocol }): Case => {
    const plan: Plan = {
      semantics: {},
      namespaces: { shop: {}, pay: {} },
      nodes: [],
      tiers: [],
      pods: pods.map(({ namespace, app, team }, i) => ({
        namespace,
        name: `p${i}`,
        labels: { app, team },
        ports: [{ name: 'http', port: 80, protocol: 'TCP', role: 'main' }],
        addresses: [],
      })),
      policies: drawn.map(({ direction, peers, ports, namespace }, i) => ({
        namespace,
        name: `policy-${i}`,
        faults: [],
        spec: {
          podSelector: {},
          policyTypes: [direction === 'ingress' ? 'Ingress' : 'Egress'],
          [direction]: [{ [direction === 'ingress' ? 'from' : 'to']: peers, ports }],
        },
      })),
    };
    return { plan, hand, from: 0, to: 1, port: 80, protocol };
  });
