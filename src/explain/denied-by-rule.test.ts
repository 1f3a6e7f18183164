// Which rule a denial by a cluster-wide policy keeps from deciding, and which rules before it came near.
import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import type { Pod } from '../model/cluster.ts';
import { decide } from '../policy/decide.ts';
import { explain } from './cause.ts';

const POD = (namespace: string, name: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: main }] }
`;

const policy = (name: string, priority: number, ...rules: readonly (readonly [action: string, app?: string])[]) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec:
  tier: Admin
  priority: ${priority}
  subject: { namespaces: {} }
  ingress:
${rules
  .map(([action, app]) => {
    const peer = app === undefined ? 'namespaces: {}' : `pods: { podSelector: { matchLabels: { app: ${app} } } }`;
    return `    - action: ${action}\n      from: [{ ${peer} }]\n`;
  })
  .join('')}`;

const ALLOWED = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-in, namespace: shop }
spec: { podSelector: {}, ingress: [{}] }
`;

function ingressOf(...texts: readonly string[]) {
  const cluster = clusterOf(POD('web', 'frontend'), POD('shop', 'cart'), ...texts);
  const end = (ref: string) => ({ kind: 'pod', pod: cluster.podByRef.get(ref) as Pod }) as const;
  const connection = { source: end('web/frontend'), destination: end('shop/cart'), protocol: 'TCP', port: 7070 } as const;
  const semantics = semanticsNamed('kube-network-policies');
  const verdict = decide(cluster, semantics, connection);
  expect(verdict.ingress.outcome).toBe('denied');
  return explain(cluster, semantics, connection, verdict).ingress;
}

const shadowedBy = (...texts: readonly string[]) => {
  const { facts = {} } = ingressOf(...texts).causes[0] ?? {};
  return [facts.shadowed, facts.shadowedAction, facts.shadowedAt];
};

describe('a rule that denies', () => {
  const deny = policy('deny', 10, ['Deny']);
  it.each([
    ['the rest of its own policy', [policy('deny', 10, ['Deny'], ['Accept', 'frontend'])], ['deny ingress[1]', 'allow', '3.yaml:12']],
    ['a worse priority of its tier', [deny, policy('late', 20, ['Pass'])], ['late ingress[0]', 'pass', '4.yaml:10']],
    ['a NetworkPolicy', [deny, ALLOWED], ['shop/cart-in ingress[0]', 'allow', '4.yaml:5']],
    ['what would be asked first of several', [deny, ALLOWED, policy('late', 20, ['Pass'])], ['late ingress[0]', 'pass', '5.yaml:10']],
  ])('keeps from deciding: %s', (_, texts, expected) => expect(shadowedBy(...texts)).toEqual(expected));

  it.each([
    ['nothing that comes before it', [policy('early', 5, ['Accept', 'checkout']), deny]],
    ['nothing that means other pods', [deny, policy('late', 20, ['Accept', 'checkout'])]],
    ['no other denial', [deny, policy('late', 20, ['Deny'])]],
  ])('keeps from deciding %s', (_, texts) => expect(shadowedBy(...texts)).toEqual([undefined, undefined, undefined]));

  it('has near misses before it: an Accept of a better priority that asks for one other label, and a Pass', () => {
    const { misses } = ingressOf(policy('early', 5, ['Accept', 'front-end'], ['Pass', 'checkout']), deny, policy('late', 20, ['Accept']));
    expect(misses.map(({ ref, differences }) => [ref.policy.name, ref.rule.action, differences.length])).toEqual([
      ['early', 'allow', 1],
      ['early', 'pass', 1],
    ]);
  });
});
