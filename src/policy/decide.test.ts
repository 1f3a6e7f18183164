// The first example to read: what isolates a pod, and what lets a connection in.
import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { decide } from './decide.ts';
import { podEnd } from './end.ts';

const pod = (name: string, address: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main }] }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }`;

const onCart = (spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ${spec} }`;

/** shop/frontend → shop/cart:7070, with the policies that are given. */
function frontendToCart(...policies: readonly string[]) {
  const cluster = clusterOf(pod('frontend', '10.244.0.10'), pod('cart', '10.244.0.11'), ...policies);
  const endOf = (ref: string) => podEnd(cluster.podByRef.get(ref) ?? expect.fail(ref));
  return decide(cluster, semanticsNamed('calico'), {
    source: endOf('shop/frontend'),
    destination: endOf('shop/cart'),
    protocol: 'TCP',
    port: 7070,
  });
}

describe('one connection', () => {
  it('no policy selects either end: allowed, because nothing is isolated', () => {
    expect(frontendToCart()).toMatchObject({
      outcome: 'allowed',
      egress: { outcome: 'not-isolated' },
      ingress: { outcome: 'not-isolated' },
    });
  });

  it.each([
    ['a policy without rules isolates its pods', 'policyTypes: [Ingress]', 'denied'],
    ['an empty rule admits everyone', 'ingress: [{}]', 'allowed'],
    ['a rule admits the peers that it names', 'ingress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }] }]', 'allowed'],
    ['… and nobody else', 'ingress: [{ from: [{ podSelector: { matchLabels: { app: checkout } } }] }]', 'denied'],
    ['… on the ports that it names', 'ingress: [{ ports: [{ port: 7070 }] }]', 'allowed'],
    ['… and on no other', 'ingress: [{ ports: [{ port: 8080 }] }]', 'denied'],
    ['a bare podSelector is for the policy’s own namespace', 'ingress: [{ from: [{ podSelector: {} }] }]', 'allowed'],
    ['an egress-only policy leaves ingress alone', 'policyTypes: [Egress]', 'allowed'],
  ])('%s', (_, spec, outcome) => {
    expect(frontendToCart(onCart(spec)).outcome).toBe(outcome);
  });

  it('policies add up: one that denies everything does not take away what another allows', () => {
    const denyAll = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }`;
    expect(frontendToCart(denyAll)).toMatchObject({ outcome: 'denied', ingress: { policies: [{ ref: 'shop/default-deny' }] } });
    expect(frontendToCart(denyAll, onCart('ingress: [{}]')).outcome).toBe('allowed');
  });

  it('both ends have to allow it', () => {
    const shutIn = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec: { podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress] }`;
    expect(frontendToCart(shutIn, onCart('ingress: [{}]'))).toMatchObject({
      outcome: 'denied',
      egress: { outcome: 'denied' },
      ingress: { outcome: 'allowed' },
    });
  });
});
