import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runs } from '../../tests/arbitraries/runs.ts';
import { semantics } from '../../tests/kernel/agreement.ts';
import { cluster as anyCluster } from '../../tests/kernel/random-cluster.ts';
import { clusterOf } from '../../tests/shop-manifests.ts';
import type { PodScope } from '../classes/pods-to-come.ts';
import { newPod } from '../model/new-pod.ts';
import type { Origin } from '../model/origin.ts';
import { ALL_PORTS, portSet } from '../net/port-set.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { decidePromise, type PromiseAnswer, type PromiseQuestion } from './promises.ts';

const origin: Origin = { document: { file: 'new.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' }, path: [] };
const inOf = (key: string, ...values: string[]) => ({ requirements: [{ key, operator: 'In' as const, values, origin }], origin });
const calico = semantics('calico');
const TCP_8080 = { protocol: 'TCP', port: 8080 } as const;
const anyPod: PodScope = {};
const shop: PodScope = { namespaces: { by: 'name', name: 'shop' } };

const NAMESPACES = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: shop}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: web, labels: {team: web}}}
---
{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: cart, labels: {app: cart}}, spec: {containers: [{name: c, image: i}]}}
---
`;
const CLOSED = `${NAMESPACES}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop, namespace: shop}
spec:
  podSelector: {}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: web}}}]
    ports: [{port: 8080}]
`;
const OPEN_FOR_FRONTENDS = `${CLOSED}  - from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: frontend}}}]
`;
const ADMIN = `${NAMESPACES}
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: {name: shop-is-private}
spec:
  tier: Admin
  priority: 10
  subject: {namespaces: {matchLabels: {team: shop}}}
  ingress:
  - {name: web, action: Accept, from: [{namespaces: {matchLabels: {team: web}}}]}
  - {name: rest, action: Deny, from: [{namespaces: {}}]}
`;

function answer(
  yaml: string,
  expected: 'never' | 'always',
  from: PodScope,
  to: PodScope,
  port?: typeof TCP_8080 | { readonly protocol: 'TCP'; readonly port: number },
  cni = 'calico',
) {
  const scoped = (scope: PodScope) => ({ scopes: [scope], pods: [] });
  return decidePromise(clusterOf(yaml), semantics(cni), {
    expect: expected,
    from: scoped(from),
    to: scoped(to),
    ports: port === undefined ? ALL_PORTS : portSet(port.protocol, port.port, port.port),
  });
}

function shown(found: PromiseAnswer): string {
  if (found.kind === 'nothing') return `nothing ${found.side}`;
  if (found.kind !== 'broken') return found.kind;
  const { from, to, port } = found.example;
  return `${from.pod.ref} → ${to.pod.ref}:${port}`;
}

describe('a promise', () => {
  const strangers: PodScope = {
    namespaces: { by: 'labels', selector: { requirements: [{ key: 'team', operator: 'NotIn', values: ['web'], origin }], origin } },
  };
  const web: PodScope = { namespaces: { by: 'labels', selector: inOf('team', 'web') } };

  it('holds for every pod where the policies leave no gap, and is broken by a pod that could be created', () => {
    expect(shown(answer(CLOSED, 'never', strangers, shop))).toBe('holds');
    expect(shown(answer(OPEN_FOR_FRONTENDS, 'never', strangers, shop))).toBe('shop/app=frontend → shop/cart:1');
  });

  it('is broken by pods of the input before it is by others', () => {
    const withFrontend = `{apiVersion: v1, kind: Pod, metadata: {namespace: shop, name: front, labels: {app: frontend}}, spec: {containers: [{name: c, image: i}]}}\n---\n${OPEN_FOR_FRONTENDS}`;
    expect(shown(answer(withFrontend, 'never', strangers, shop))).toBe('shop/front → shop/cart:1');
  });

  it('that every pod can connect holds on the port that is open, and on no other', () => {
    expect(shown(answer(CLOSED, 'always', web, shop, TCP_8080))).toBe('holds');
    expect(shown(answer(CLOSED, 'always', web, shop, { protocol: 'TCP', port: 8081 }))).toMatch(/ → shop\/cart:8081$/);
    expect(shown(answer(CLOSED, 'always', anyPod, shop, TCP_8080))).not.toBe('holds');
  });

  it('is decided by ClusterNetworkPolicies where the CNI has them', () => {
    expect(shown(answer(ADMIN, 'never', strangers, shop, TCP_8080, 'kube-network-policies'))).toBe('holds');
    expect(shown(answer(ADMIN, 'never', web, shop, TCP_8080, 'kube-network-policies'))).toMatch(/ → shop\/cart:8080$/);
  });

  it('counts every name that a pod may give to the port', () => {
    const named = CLOSED.replace('port: 8080', 'port: http');
    expect(shown(answer(named, 'never', web, shop, TCP_8080))).toBe('web/ → shop/:8080');
    expect(shown(answer(named, 'never', strangers, shop, TCP_8080))).toBe('holds');
  });

  it('is undecided where an ipBlock may cover a pod whose address nobody knows', () => {
    const block = CLOSED.replace('namespaceSelector: {matchLabels: {team: web}}', 'ipBlock: {cidr: 10.0.0.0/8}');
    expect(answer(block, 'never', strangers, shop, TCP_8080)).toMatchObject({
      kind: 'undecided',
      because: [{ doubt: { code: 'address-unknown' } }],
    });
    expect(shown(answer(block, 'never', strangers, shop, { protocol: 'TCP', port: 81 }))).toBe('holds');
  });

  it('is undecided where a policy cannot be read', () => {
    const unreadable = CLOSED.replace('podSelector: {}', 'podSelector: {matchLabels: [7]}');
    expect(answer(unreadable, 'never', strangers, shop)).toMatchObject({ kind: 'undecided' });
  });

  it('about a namespace that is not there means nothing', () => {
    expect(answer(CLOSED, 'never', anyPod, { namespaces: { by: 'name', name: 'shpo' } })).toEqual({ kind: 'nothing', side: 'to' });
  });

  it('that holds has no counter-example among pods that somebody creates; one that is broken has one that `decide` agrees with', () => {
    const labels = fc.record(
      { app: fc.constantFrom('frontend', 'cart', 'checkout', 'stock'), tier: fc.constantFrom('a', 'b', 'c') },
      { requiredKeys: [] },
    );
    const created = fc.record({
      labels,
      namespace: fc.constantFrom('shop', 'bank', 'ops', 'elsewhere'),
      team: fc.constantFrom('red', 'blue', 'green', undefined),
      ports: fc.constantFrom<readonly string[]>([], ['http'], ['metrics'], ['http', 'metrics']),
    });
    const scope = fc.constantFrom<PodScope>(
      anyPod,
      shop,
      { pods: inOf('app', 'cart') },
      { namespaces: { by: 'labels', selector: inOf('team', 'red', 'blue') } },
    );
    const seen = { holds: 0, broken: 0 };
    fc.assert(
      fc.property(
        anyCluster,
        scope,
        scope,
        fc.array(fc.tuple(created, created), { minLength: 4, maxLength: 12 }),
        fc.constantFrom('never' as const, 'always' as const),
        (cluster, from, to, pairs, expected) => {
          const question: PromiseQuestion = {
            expect: expected,
            from: { scopes: [from], pods: [] },
            to: { scopes: [to], pods: [] },
            ports: portSet('TCP', 80, 80),
          };
          const found = decidePromise(cluster, calico, question);
          if (found.kind === 'broken') {
            seen.broken++;
            const { outcome } = found.example.verdict;
            expect(expected === 'never' ? ['allowed', 'partial'] : ['denied', 'partial', 'broken']).toContain(outcome);
            return;
          }
          if (found.kind !== 'holds') return;
          for (const pair of pairs) {
            const namespaces = new Map(cluster.namespaces);
            const pods = pair.map(({ labels: own, namespace, team, ports }) => {
              const set = new Map([['kubernetes.io/metadata.name', namespace], ...(team === undefined ? [] : [['team', team] as const])]);
              if (!namespaces.has(namespace))
                namespaces.set(namespace, { name: namespace, labels: set, implied: false, origin: undefined });
              return newPod({
                namespace,
                labels: new Map(Object.entries(own)),
                origin,
                ports: ports.map((name) => ({ name, port: 80, protocol: 'TCP', container: 'c', role: 'main', path: [] })),
              });
            });
            const [source, second] = pods as [(typeof pods)[0], (typeof pods)[0]];
            const target = { ...second, ref: `${second.ref} 2` };
            const state = { ...cluster, namespaces };
            const isIn = (wanted: PodScope, pod: typeof source) => {
              const { labels: own } = namespaces.get(pod.namespace) as { readonly labels: ReadonlyMap<string, string> };
              if (wanted === anyPod) return true;
              if (wanted === shop) return pod.namespace === 'shop';
              return wanted.pods === undefined ? ['red', 'blue'].includes(own.get('team') ?? '') : pod.labels.get('app') === 'cart';
            };
            if (!isIn(from, source) || !isIn(to, target)) continue;
            const { outcome } = decide(state, calico, { source: podEnd(source), destination: podEnd(target), protocol: 'TCP', port: 80 });
            seen.holds++;
            expect(outcome).toBe(expected === 'never' ? 'denied' : 'allowed');
          }
        },
      ),
      runs(300),
    );
    expect(seen.holds).toBeGreaterThan(10);
    expect(seen.broken).toBeGreaterThan(10);
  });
});
