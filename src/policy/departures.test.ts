import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { printRuleRef } from '../model/policy.ts';
import { parseIp } from '../net/ip.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { decide } from './decide.ts';
import { departureOf, printShapes } from './departures.ts';
import { addressEnd, type End, podEnd } from './end.ts';
import { kubeRouterOn } from './kube-router.ts';

const pod = (name: string, ip: string, ports: string, namespace = 'shop') => `
---
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }
spec: { containers: [{ name: main, ports: [${ports}] }] }
status: { phase: Running, podIP: ${ip}, podIPs: [{ ip: ${ip} }] }`;

const SHOP =
  pod('frontend', '10.244.0.10', '{ name: http, containerPort: 8080 }') +
  pod('cart', '10.244.0.11', '{ name: http, containerPort: 7070 }, { name: metrics, containerPort: 9090 }') +
  pod('checkout', '10.244.0.13', '{ name: http, containerPort: 7070 }') +
  pod('scraper', '10.244.0.20', '{ name: http, containerPort: 9100 }', 'monitoring');

const policy = (name: string, spec: string) => `
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;

function kubeRouter() {
  const choice = chooseProfile('k3s');
  if (isUnknown(choice)) throw new Error('k3s?');
  return semanticsOf(choice);
}

/** `denied, open by leak of shop/both ingress[0]`, or the outcome alone. */
function asked(policies: string, from: string, to: string, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): string {
  const cluster = loadCluster([{ file: 'shop.yaml', text: SHOP + policies }]);
  const endOf = (name: string): End => {
    const found = cluster.podByRef.get(name);
    return found === undefined ? addressEnd(cluster, parseIp(name) ?? expect.fail(name)) : podEnd(found);
  };
  const connection = { source: endOf(from), destination: endOf(to), protocol, port };
  const verdict = decide(cluster, kubeRouter(), connection);
  const departure = departureOf(kubeRouterOn(cluster), connection, verdict);
  if (departure === undefined) return verdict.outcome;
  return `${verdict.outcome}, ${departure.enforced} by ${printShapes(departure)} of ${departure.rules.map(printRuleRef).join()}`;
}

const BOTH = policy('both', '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }] }');
const SPLIT =
  policy('in', '{ podSelector: {}, policyTypes: [Ingress], ingress: [{ from: [{ podSelector: {} }] }] }') +
  policy('out', '{ podSelector: {}, policyTypes: [Egress] }');

describe('kube-router', () => {
  it('lets an ingress rule open egress inside a policy of both directions', () => {
    expect(asked(BOTH, 'shop/frontend', 'shop/cart', 7070)).toBe('denied, open by leak of shop/both ingress[0]');
    expect(asked(BOTH, 'shop/frontend', 'monitoring/scraper', 9100)).toBe('denied');
    expect(asked(BOTH, 'shop/frontend', '8.8.8.8', 443)).toBe('denied');
    expect(asked(SPLIT, 'shop/frontend', 'shop/cart', 7070)).toBe('denied');
  });

  it('lets an egress rule open ingress the same way', () => {
    const mirrored = policy('both', '{ podSelector: {}, policyTypes: [Ingress, Egress], egress: [{ to: [{ podSelector: {} }] }] }');
    expect(asked(mirrored, 'shop/frontend', 'shop/cart', 7070)).toBe('denied, open by leak of shop/both egress[0]');
  });

  it('opens every port where a rule’s names are found on no pod', () => {
    const named = policy('named', '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: grpc }] }] }');
    expect(asked(named, 'shop/frontend', 'shop/cart', 5353, 'UDP')).toBe('denied, open by unresolved of shop/named ingress[0]');
    expect(asked(named, 'monitoring/scraper', 'shop/cart', 5353, 'UDP')).toBe('denied');
    const found = policy('named', '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }], ports: [{ port: metrics }] }] }');
    expect(asked(found, 'shop/frontend', 'shop/cart', 9090)).toBe('allowed');
    expect(asked(found, 'shop/frontend', 'shop/cart', 7070)).toBe('denied');
  });

  it('opens the number of a name to everyone where egress names no peer, and shuts another number of that name', () => {
    const open = policy('out', '{ podSelector: {}, policyTypes: [Egress], egress: [{ ports: [{ port: http }] }] }');
    expect(asked(open, 'shop/frontend', '8.8.8.8', 7070)).toBe('denied, open by everyone of shop/out egress[0]');
    expect(asked(open, 'shop/frontend', 'monitoring/scraper', 9100)).toBe('allowed, shut by everyone of shop/out egress[0]');
    expect(asked(open, 'shop/frontend', 'shop/cart', 7070)).toBe('allowed');
    const named = policy(
      'out',
      '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: http }] }] }',
    );
    expect(asked(named, 'shop/frontend', 'monitoring/scraper', 9100)).toBe('allowed');
    expect(asked(named, 'shop/frontend', '8.8.8.8', 7070)).toBe('denied');
  });

  it('opens a pod on the names of another that shares one name and number with it', () => {
    const metrics = policy('in', '{ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: metrics }] }] }');
    expect(asked(metrics, 'monitoring/scraper', 'shop/checkout', 9090)).toBe('denied, open by shared of shop/in ingress[0]');
    expect(asked(metrics, 'monitoring/scraper', 'shop/frontend', 9090)).toBe('denied');
    expect(asked(metrics, 'monitoring/scraper', 'shop/cart', 9090)).toBe('allowed');
  });

  it('cuts with an except what another block of the same rule admits', () => {
    const blocks = '{ ipBlock: { cidr: 10.0.0.0/8, except: [10.9.0.0/16] } }, { ipBlock: { cidr: 10.9.8.0/22 } }';
    const wide = '{ ipBlock: { cidr: 10.0.0.0/8, except: [10.9.8.0/24] } }, { ipBlock: { cidr: 10.9.0.0/16 } }';
    const from = (list: string) => policy('in', `{ podSelector: {}, ingress: [{ from: [${list}] }] }`);
    expect(asked(from(wide), '10.9.8.7', 'shop/cart', 7070)).toBe('allowed, shut by except of shop/in ingress[0]');
    // The longer prefix decides, and here that is the block.
    expect(asked(from(blocks), '10.9.8.7', 'shop/cart', 7070)).toBe('allowed');
    const two = policy(
      'in',
      '{ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.9.8.0/24] } }] }, { from: [{ ipBlock: { cidr: 10.9.0.0/16 } }] }] }',
    );
    expect(asked(two, '10.9.8.7', 'shop/cart', 7070)).toBe('allowed');
  });

  it('looks for the name of a port only on pods that a selector of the rule names', () => {
    const block = policy(
      'out',
      '{ podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.244.0.0/16 } }], ports: [{ port: http }] }] }',
    );
    expect(asked(block, 'shop/frontend', 'shop/cart', 7070)).toBe('allowed, shut by blockname of shop/out egress[0]');
    expect(asked(block, 'shop/frontend', 'shop/cart', 9090)).toBe('denied');
  });

  it('names two shapes that only meet together, and either of two', () => {
    const both = policy(
      'both',
      '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }], ports: [{ port: grpc }] }] }',
    );
    expect(asked(both, 'shop/frontend', 'shop/cart', 7070)).toBe('denied, open by leak+unresolved of shop/both ingress[0]');
    const either = policy(
      'both',
      '{ podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }], ports: [{ port: grpc }] }] }',
    );
    expect(asked(either, 'shop/frontend', 'shop/cart', 7070)).toContain('denied, open by leak|unresolved of');
  });

  it('does what the API says about everything else', () => {
    expect(asked('', 'shop/frontend', 'shop/cart', 7070)).toBe('allowed');
    expect(asked(policy('none', '{ podSelector: {} }'), 'shop/frontend', 'shop/cart', 7070)).toBe('denied');
    expect(asked(policy('none', '{ podSelector: {} }'), 'shop/cart', 'monitoring/scraper', 9100)).toBe('allowed');
  });
});
