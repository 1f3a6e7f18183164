import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { why } from '../question/why.ts';

const pod = (name: string, namespace = 'shop', ip = '10.1.0.1') => `
{ apiVersion: v1, kind: Pod, metadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }, spec: { containers: [{ name: main, ports: [{ containerPort: 7070 }, { containerPort: 53, protocol: UDP }, { containerPort: 53 }] }] }, status: { phase: Running, podIP: ${ip}, conditions: [{ type: Ready, status: 'True' }] } }
`;
const SHOP = [
  pod('frontend'),
  pod('cart', 'shop', '10.1.0.2'),
  pod('coredns', 'kube-system', '10.1.0.53'),
  '{ apiVersion: v1, kind: Service, metadata: { name: cart, namespace: shop }, spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }] } }',
  '{ apiVersion: v1, kind: Service, metadata: { name: kube-dns, namespace: kube-system }, spec: { clusterIP: 10.96.0.10, selector: { app: coredns }, ports: [{ name: dns, port: 53, protocol: UDP }, { name: dns-tcp, port: 53, protocol: TCP }] } }',
];
const policy = (app: string, spec: string) =>
  `{ apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: { name: ${app}, namespace: shop }, spec: { endpointSelector: { matchLabels: { app: ${app} } }, ${spec} } }`;
const http = (rules: string) =>
  policy(
    'cart',
    `ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: "7070" }], rules: { http: [${rules}] } }, { ports: [{ port: "9090" }] }] }]`,
  );
const named = (names: string, dns: string) =>
  policy(
    'frontend',
    `egress: [{ toEntities: [cluster], toPorts: [{ ports: [{ port: "53", protocol: ANY }]${dns === '' ? '' : `, rules: { dns: [${dns}] }`} }] }, { toFQDNs: [${names}] }]`,
  );

function asked(to: string, cni: string, ...texts: readonly string[]) {
  const answer = why(clusterOf(...SHOP, ...texts), semanticsNamed(cni), { from: 'shop/frontend', to, namespace: 'shop', symptom: '403' });
  if (answer.kind === 'error') throw new Error(answer.errors.map(({ code }) => code).join());
  const [connection] = answer.connections;
  if (connection === undefined) throw new Error('no connection');
  return connection;
}

describe('a URL against the http rules of Cilium', () => {
  const said = (path: string, rules: string) => {
    const { outcome, obstacles, notes, symptom } = asked(`http://cart.shop${path}`, 'cilium', http(rules));
    return [outcome, ...[...obstacles, ...notes].map(({ code }) => code), symptom?.fits];
  };

  it.each([
    ['/public/x', '{ path: "/public/.*" }', ['allowed', 'request-passes', 'no']],
    ['/public/x', '{}', ['allowed', 'request-passes', 'no']],
    ['/admin', '{ path: "/public/.*" }', ['allowed', 'request-refused', 'yes']],
    ['/admin', '{ path: "/public/.*" }, { path: "/admin" }', ['allowed', 'request-passes', 'no']],
    ['/orders', '{ method: POST, path: "/orders" }', ['allowed', 'request-refused', 'yes']],
    ['/orders?id=1', '{ path: "/orders" }', ['allowed', 'request-refused', 'yes']],
    ['/orders?id=1', '{ path: "/orders.*" }', ['allowed', 'request-passes', 'no']],
    ['/orders', '{ path: "/orders", headers: ["X-Team: shop"] }', ['allowed', 'request-may-pass', 'no']],
    ['/orders', '{ path: "(?i)/Orders" }', ['allowed', 'request-may-pass', 'no']],
    ['/orders', '{ host: "other.shop" }', ['allowed', 'request-refused', 'yes']],
  ])('GET %s with [%s]: %j', (path, rules, wanted) => {
    expect(said(path, rules)).toEqual(wanted);
  });

  it('names the method that the path would take', () => {
    const [refused] = asked('http://cart.shop/orders', 'cilium', http('{ method: POST, path: "/orders" }')).obstacles;
    expect(refused?.facts.methods).toEqual(['POST']);
  });

  it('prints no query, which may have a secret in it', () => {
    const { obstacles } = asked('http://cart.shop/orders?token=s3cret', 'cilium', http('{ path: "/orders" }'));
    expect(obstacles.map(({ facts }) => facts.request)).toEqual(['GET /orders?…']);
    expect(JSON.stringify(obstacles)).not.toContain('s3cret');
  });

  it('is not asked where requests are not looked at: on other ports, in TLS, under another CNI', () => {
    const rules = http('{ path: "/public/.*" }');
    expect(asked('shop/pod/cart:9090', 'cilium', rules).legs[0]?.explanation.verdict.ingress).not.toHaveProperty('rules.0.rule.further');
    expect(asked('https://cart.shop:80/admin', 'cilium', rules).obstacles).toEqual([]);
    expect(asked('http://cart.shop/admin', 'calico', rules).obstacles).toEqual([]);
  });
});

describe('a name outside against rules with names', () => {
  const said = (host: string, cni: string, ...texts: readonly string[]) => {
    const { outcome, codes } = asked(`https://${host}/`, cni, ...texts);
    return [outcome, ...codes];
  };
  const ANY = '{ matchPattern: "*" }';

  it('is allowed where one of them means it, and denied where none does', () => {
    expect(said('api.example.com', 'cilium', named('{ matchName: api.example.com }', ANY))).toEqual(['allowed']);
    expect(said('eu.api.example.com', 'cilium', named('{ matchPattern: "*.example.com" }', ANY))).toEqual(['denied', 'name-not-in-rule']);
    expect(said('203.0.113.7', 'cilium', named('{ matchName: api.example.com }', ANY))).toEqual(['undecided', 'name-unresolved']);
  });

  it('is not looked up where the rules for DNS mean other names', () => {
    const rules = named('{ matchName: api.example.com }', '{ matchPattern: "*.internal" }');
    expect(said('api.example.com', 'cilium', rules)).toEqual(['broken', 'lookup-refused']);
  });

  it('is left open where Cilium sees no lookup', () => {
    expect(said('api.example.com', 'cilium', named('{ matchName: api.example.com }', ''))).toEqual(['undecided', 'names-not-learnt']);
  });

  it('is held against domainNames of a ClusterNetworkPolicy, which needs no rule for lookups', () => {
    const rules = `{ apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: { name: names }, spec: { tier: Admin, priority: 1, subject: { namespaces: {} }, egress: [{ action: Accept, to: [{ domainNames: ["*.example.com"] }] }, { action: Deny, to: [{ networks: ["203.0.113.0/24"] }] }] } }`;
    expect(said('api.example.com', 'kubernetes', rules)[0]).toBe('allowed');
    expect(said('www.example.org', 'kubernetes', rules)[0]).not.toBe('allowed');
  });
});
