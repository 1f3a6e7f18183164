import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';
import { isError, parseName } from './name.ts';

const pod = (name: string) => `
{ apiVersion: v1, kind: Pod, metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }, spec: { containers: [{ name: main, ports: [{ containerPort: 7070 }] }] }, status: { phase: Running, conditions: [{ type: Ready, status: 'True' }] } }
`;
const service = (name: string, more = '') => `
{ apiVersion: v1, kind: Service, metadata: { name: ${name}, namespace: shop }, spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }]${more} } }
`;
const rule = (ports: string) => `
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: cart, namespace: shop }, spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }]${ports} }] } }
`;
const WITH_PORTS = rule(', ports: [{ port: 7070 }]');

function asked(to: string, cni: string, ...texts: readonly string[]) {
  const cluster = clusterOf(pod('frontend'), pod('cart'), ...texts);
  const answer = why(cluster, semanticsNamed(cni), { from: 'shop/frontend', to, namespace: 'shop' });
  if (answer.kind === 'error') return answer.errors.map(({ code }) => code);
  return answer.connections.map(({ outcome, codes }) => [outcome, ...codes]);
}

describe('a ping', () => {
  it.each([
    ['shop/cart/icmp', 8],
    ['shop/pod/cart/ICMP', 8],
    ['10.1.0.2/icmp/3', 3],
    ['[2001:db8::1]/icmp', 8],
    ['example.com/icmp', 8],
  ])('%s is one of type %i', (text, type) => {
    const name = parseName(text, { namespace: 'shop', knowsIcmp: true });
    expect(isError(name) ? name : [name.icmp, name.port]).toEqual([type, undefined]);
  });

  it.each([
    ['shop/cart:7070/icmp', 'icmp-has-no-port'],
    ['shop/cart/icmp/0', 'bad-icmp-type'],
    ['shop/cart/icmp/256', 'bad-icmp-type'],
    ['shop/cart/icmp/echo', 'bad-icmp-type'],
  ])('%s is not one: %s', (text, code) => {
    expect(asked(text, 'calico')).toEqual([code]);
  });

  it('in a URL is a path like any other', () => {
    const name = parseName('https://shop.example/icmp', { namespace: 'shop', knowsIcmp: true });
    expect(isError(name) ? name : name.icmp).toBeUndefined();
  });

  it('passes a rule without ports, and is denied by one with ports where the CNI drops it', () => {
    expect(asked('shop/pod/cart/icmp', 'calico', rule(''))).toEqual([['allowed']]);
    expect(asked('shop/pod/cart/icmp', 'calico', WITH_PORTS)).toEqual([['denied', 'icmp-not-in-rule']]);
    expect(asked('shop/pod/cart/icmp', 'kube-router', WITH_PORTS)).toEqual([['allowed']]);
  });

  it('is undecided at an isolated pod while nobody has said which CNI it is', () => {
    expect(asked('shop/pod/cart/icmp', 'kubernetes', WITH_PORTS)).toEqual([['undecided', 'profile-differs']]);
    expect(asked('shop/pod/cart/icmp', 'kubernetes')).toEqual([['allowed']]);
  });

  it('to the address of a Service gets to none of its pods; the name of a headless one is its pods', () => {
    expect(asked('shop/svc/cart/icmp', 'calico', service('cart'))).toEqual([['undecided', 'ping-to-a-service']]);
    expect(asked('shop/svc/carts/icmp', 'calico', service('carts', ', clusterIP: None'), WITH_PORTS)).toEqual([
      ['denied', 'icmp-not-in-rule'],
    ]);
  });

  it('fits where policies tell it from the port', () => {
    const cluster = clusterOf(pod('frontend'), pod('cart'), WITH_PORTS);
    const fits = (to: string, symptom: 'ping-works' | 'ping-fails', cni: string) => {
      const answer = why(cluster, semanticsNamed(cni), { from: 'shop/frontend', to, namespace: 'shop', symptom });
      return answer.kind === 'error' ? answer.errors : answer.connections.map((one) => [one.symptom?.fits, one.symptom?.because]);
    };
    expect(fits('shop/pod/cart:7070', 'ping-fails', 'calico')).toEqual([['yes', 'ports-admit-no-ping']]);
    expect(fits('shop/pod/cart:9090', 'ping-works', 'kube-router')).toEqual([['yes', 'rules-admit-ping-alone']]);
    expect(fits('shop/pod/cart:9090', 'ping-works', 'calico')).toEqual([['maybe', 'ping-is-denied-too']]);
  });
});
