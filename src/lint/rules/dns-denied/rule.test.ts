import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { dnsDenied } from './rule.ts';

const egress = (name: string, rules: string, selector = '{}') =>
  policy(name, `podSelector: ${selector}\npolicyTypes: [Egress]\negress:\n${rules}`);
const toCart = egress('to-cart', '- to: [{ podSelector: { matchLabels: { app: cart } } }]');
const toDns = (ports: string) =>
  `- to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]\n  ports: [${ports}]`;
const both = '{ port: 53, protocol: UDP }, { port: 53, protocol: TCP }';

describe('dns-denied', () => {
  it('is one finding for all pods of a namespace that fare alike', () => {
    expect(said(dnsDenied, stream(toCart, SHOP, DNS))).toEqual([
      '`shop/cart[Deployment]`, `shop/checkout[Deployment]`, `shop/frontend[Deployment]` in `shop` cannot reach DNS (kube-system/svc/kube-dns, 53/UDP, 53/TCP), because no policy allows it; every lookup times out',
    ]);
  });
  it('counts the union of the policies on a pod, not one policy', () => {
    expect(found(dnsDenied, stream(toCart, egress('dns', toDns(both)), SHOP, DNS))).toEqual([]);
    expect(found(dnsDenied, stream(toCart, egress('dns', toDns(both), '{ matchLabels: { app: cart } }'), SHOP, DNS))).toEqual([
      '1 error denied',
    ]);
  });
  it('knows that a port without protocol is TCP', () => {
    expect(found(dnsDenied, stream(egress('dns', toDns('{ port: 53 }')), SHOP, DNS))).toEqual(['1 error tcpOnly']);
  });
  it('does not take a pod that is shut for a mistake', () => {
    expect(found(dnsDenied, stream(policy('deny', 'podSelector: {}\npolicyTypes: [Ingress, Egress]'), SHOP, DNS))).toEqual([
      '1 note denied',
    ]);
  });
  it('is a warning for pods that are opened to addresses only, on a CNI where no address means a pod', () => {
    const out = stream(egress('out', '- to: [{ ipBlock: { cidr: 203.0.113.0/24 } }]'), SHOP, DNS);
    expect(found(dnsDenied, out, { cni: 'cilium' })).toEqual(['1 warning denied']);
    expect(found(dnsDenied, out)).toEqual([]);
  });
  it('gives DNS that is not in the input the benefit of the doubt', () => {
    const unknown =
      '- to: [{ namespaceSelector: { matchLabels: { purpose: system } } }]\n  ports: [{ port: 53, protocol: UDP }, { port: 53 }]';
    expect(found(dnsDenied, stream(egress('dns', unknown), SHOP))).toEqual([]);
    expect(found(dnsDenied, stream(toCart, SHOP))).toEqual(['1 error denied']);
  });
  it('takes a rule for 5353 as one for the DNS pods of OpenShift', () => {
    const openshift = egress('dns', '- to: [{ namespaceSelector: {} }]\n  ports: [{ port: 5353, protocol: UDP }]');
    expect(found(dnsDenied, stream(openshift, SHOP))).toEqual([]);
    expect(found(dnsDenied, stream(openshift, SHOP, DNS))).toEqual(['1 error denied']);
  });
  it('has nothing to say where nobody isolates', () => {
    expect(found(dnsDenied, stream(policy('in', 'podSelector: {}'), SHOP, DNS))).toEqual([]);
  });
});
