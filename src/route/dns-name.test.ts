import { describe, expect, it } from 'vitest';
import { CART, clusterOf, PAYMENTS, WEB } from '../../tests/shop-manifests.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import { type HostAnswer, resolveHost, searchList } from './dns-name.ts';

const shop = clusterOf(WEB, PAYMENTS, CART);
const pod = (ref: string, cluster: Cluster = shop): Pod => {
  const found = cluster.podByRef.get(ref);
  if (found === undefined) throw new Error(`no pod ${ref}`);
  return found;
};

function said({ meaning }: HostAnswer): string {
  switch (meaning.kind) {
    case 'service':
      return `svc ${meaning.service.ref}${meaning.portName === undefined ? '' : ` ${meaning.portName}`}`;
    case 'service-pod':
      return `pod ${meaning.pod.ref}`;
    case 'address':
      return printIp(meaning.address);
    case 'external':
      return `external ${meaning.host}`;
    case 'hosts-file':
      return `hosts ${printIp(meaning.address)}`;
    case 'self':
      return 'self';
    case 'missing':
      return `missing ${meaning.reason}: ${meaning.works.join() || '-'}${meaning.means === undefined ? '' : ` (${meaning.means})`}`;
  }
}

const ask = (from: string, host: string, cluster: Cluster = shop) =>
  resolveHost(cluster, { pod: pod(from, cluster), knowsCluster: true }, host.replace(/\.$/, ''), host.endsWith('.'));

describe('a host name means what the search list of the pod makes of it', () => {
  it.each([
    ['shop/cart', 'cart', 'svc shop/cart'],
    ['web/frontend', 'api.payments', 'svc payments/api'],
    ['web/frontend', 'api.payments.svc', 'svc payments/api'],
    ['web/frontend', 'api.payments.svc.cluster.local', 'svc payments/api'],
    ['web/frontend', 'api.payments.svc.cluster.local.', 'svc payments/api'],
    ['web/frontend', 'api.payments.', 'missing no-such-name: api.payments (payments/api[Deployment])'],
    ['web/frontend', '_http._tcp.api.payments.svc.cluster.local', 'svc payments/api http'],
    ['web/frontend', '_nope._tcp.api.payments.svc.cluster.local', 'missing no-such-name: -'],
    ['web/frontend', 'api.payments.svc.k8s.shop.example', 'svc payments/api'],
    ['web/frontend', '10-244-1-7.shop.pod.cluster.local', '10.244.1.7'],
    ['web/frontend', '10-244-1-7.shop.pod', '10.244.1.7'],
    ['web/frontend', 'localhost', 'self'],
    ['web/frontend', 'kubernetes.default', 'svc default/kubernetes'],
    ['web/frontend', 'kubernetes.default.svc', 'svc default/kubernetes'],
    ['web/frontend', 'api.stripe.com', 'external api.stripe.com'],
    ['web/frontend', 'stripe.com', 'external stripe.com'],
    ['web/frontend', 'api.io', 'external api.io'],
  ])('%s asks for %s', (from, host, wanted) => {
    expect(said(ask(from, host))).toBe(wanted);
  });

  it('lists what it tried, in order', () => {
    expect(ask('web/frontend', 'api.payments').tried).toEqual(['api.payments.web.svc.cluster.local', 'api.payments.svc.cluster.local']);
    expect(ask('web/frontend', 'api').tried).toEqual(['api.web.svc.cluster.local', 'api.svc.cluster.local', 'api.cluster.local', 'api']);
  });
});

describe('pods of a headless Service have names of their own', () => {
  it('a StatefulSet numbers them up to its replicas', () => {
    expect(said(ask('payments/api', 'db-0.db'))).toBe('pod payments/db-0');
    expect(said(ask('web/frontend', 'db-1.db.payments.svc.cluster.local'))).toBe('pod payments/db-1');
    expect(said(ask('web/frontend', 'db-2.db.payments.svc.cluster.local'))).toMatch(/^missing/);
    expect(said(ask('web/frontend', 'db-0.api.payments.svc.cluster.local'))).toMatch(/^missing/);
  });
  it('hostname and subdomain of a live pod, and its address', () => {
    const live = clusterOf(
      PAYMENTS,
      WEB,
      `
apiVersion: v1
kind: Pod
metadata: { name: db-x, namespace: payments, labels: { app: db } }
spec: { hostname: primary, subdomain: db, containers: [] }
status: { podIP: 10.244.1.9 }
`,
    );
    expect(said(ask('web/frontend', 'primary.db.payments', live))).toBe('pod payments/db-x');
    expect(said(ask('web/frontend', '10-244-1-9.db.payments.svc', live))).toBe('pod payments/db-x');
    expect(said(ask('web/frontend', '10-244-1-8.db.payments.svc', live))).toMatch(/^missing/);
  });
});

describe('a name that is not in DNS comes with one that works', () => {
  it.each([
    ['web/frontend', 'api', 'missing no-such-name: api.payments (payments/api[Deployment])'],
    ['shop/cart', 'api.web', 'missing no-such-name: api.payments'],
    ['web/frontend', 'api.paymets', 'missing no-such-name: api.payments'],
    ['web/frontend', 'api.payments.svc.cluster.locl', 'missing no-such-name: api.payments (payments/api[Deployment])'],
    ['web/frontend', 'nobody.payments.svc.k8s.shop.example', 'missing no-such-name: -'],
    ['web/frontend', 'nobody.nowhere.svc.k8s.shop.example', 'external nobody.nowhere.svc.k8s.shop.example'],
    ['payments/api', 'apy', 'missing no-such-name: api'],
    ['web/frontend', 'apy.payments', 'missing no-such-name: api.payments'],
    ['web/frontend', 'nothing', 'missing no-such-name: -'],
  ])('%s asks for %s', (from, host, wanted) => {
    expect(said(ask(from, host))).toBe(wanted);
  });

  it("a pod's own name is nobody's; the Service in front of it has one", () => {
    const cluster = clusterOf(
      WEB,
      `
apiVersion: v1
kind: Pod
metadata: { name: pod-b, namespace: backend, labels: { app: b } }
spec: { containers: [] }
---
apiVersion: v1
kind: Service
metadata: { name: b, namespace: backend }
spec: { selector: { app: b }, ports: [{ port: 8080 }] }
`,
    );
    expect(said(ask('web/frontend', 'pod-b', cluster))).toBe('missing no-such-name: b.backend (backend/pod-b)');
    expect(said(ask('web/frontend', 'pod-b.backend', cluster))).toBe('missing no-such-name: b.backend (backend/pod-b)');
    expect(said(ask('web/frontend', 'b.backend', cluster))).toBe('svc backend/b');
  });
});

describe('dnsPolicy and dnsConfig change what a name means', () => {
  const with_ = (spec: string) => clusterOf(PAYMENTS, WEB.replace('      containers:', `${spec}\n      containers:`));

  it('hostAliases come before any resolver', () => {
    const cluster = with_('      hostAliases: [{ ip: 10.0.0.7, hostnames: [db.shop.example, api.payments] }]');
    expect(said(ask('web/frontend', 'api.payments', cluster))).toBe('hosts 10.0.0.7');
    expect(said(ask('web/frontend', 'DB.shop.example'.toLowerCase(), cluster))).toBe('hosts 10.0.0.7');
    expect(said(ask('web/frontend', 'api.payments.svc', cluster))).toBe('svc payments/api');
  });
  it('ndots lets a name with a dot go out first', () => {
    const cluster = with_('      dnsConfig: { options: [{ name: ndots, value: "1" }] }');
    expect(ask('web/frontend', 'api.payments', cluster).tried[0]).toBe('api.payments');
    expect(said(ask('web/frontend', 'api.payments', cluster))).toBe('svc payments/api');
  });
  it('searches are added to the usual ones, and are all there is with None', () => {
    const added = with_('      dnsConfig: { searches: [payments.svc.cluster.local] }');
    expect(searchList(pod('web/frontend', added))).toEqual([
      'web.svc.cluster.local',
      'svc.cluster.local',
      'cluster.local',
      'payments.svc.cluster.local',
    ]);
    expect(said(ask('web/frontend', 'api', added))).toBe('svc payments/api');
    const none = with_('      dnsPolicy: None\n      dnsConfig: { nameservers: [10.96.0.10] }');
    expect(said(ask('web/frontend', 'api.payments', none))).toMatch(/^missing no-such-name/);
    expect(said(ask('web/frontend', 'api.payments.svc.cluster.local', none))).toBe('svc payments/api');
  });
  it("a resolver that does not know the cluster's names finds no Service, and the Service is named all the same", () => {
    const cluster = with_('      dnsPolicy: Default');
    const asker = { pod: pod('web/frontend', cluster), knowsCluster: false };
    const answer = resolveHost(cluster, asker, 'api.payments', false);
    expect(answer.meaning).toMatchObject({ kind: 'missing', reason: 'resolver', service: { ref: 'payments/api' } });
    expect(answer.tried).toEqual(['api.payments']);
    expect(said(resolveHost(cluster, asker, 'api.stripe.com', false))).toBe('external api.stripe.com');
  });
  it('nobody outside the cluster knows its names', () => {
    const asker = { pod: undefined, knowsCluster: false };
    expect(resolveHost(shop, asker, 'api.payments.svc.cluster.local', false).meaning).toMatchObject({
      kind: 'missing',
      reason: 'resolver',
    });
    expect(said(resolveHost(shop, asker, 'shop.example', false))).toBe('external shop.example');
  });
});
