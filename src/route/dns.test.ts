import { describe, expect, it } from 'vitest';
import {
  CART,
  clusterOf,
  denyAll,
  egress,
  KUBE_DNS,
  NODELOCAL_DNS,
  OPENSHIFT_DNS,
  PAYMENTS,
  semanticsNamed,
  WEB,
} from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { printIp } from '../net/ip.ts';
import { type DnsCheck, dnsOf } from './dns.ts';

function dns(cluster: Cluster, cni = 'calico-iptables', ref = 'web/frontend'): DnsCheck {
  const pod = cluster.podByRef.get(ref);
  if (pod === undefined) throw new Error(`no pod ${ref}`);
  return dnsOf(cluster, semanticsNamed(cni), pod);
}

const withSpec = (lines: string) => WEB.replace('      containers:', `${lines}\n      containers:`);

const TO_KUBE_DNS = `to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dns } } }]`;
const BOTH_53 = 'ports: [{ protocol: UDP, port: 53 }, { protocol: TCP, port: 53 }]';

describe('cluster DNS that is in the input', () => {
  it('is allowed where nothing isolates the pod', () => {
    const check = dns(clusterOf(WEB, KUBE_DNS));
    expect(check).toMatchObject({ outcome: 'allowed', notes: [], sees: undefined });
    expect(check.resolver).toMatchObject({
      kind: 'cluster',
      ref: 'kube-system/svc/kube-dns',
      assumed: false,
      knowsCluster: 'yes',
      ports: [
        { protocol: 'UDP', port: 53 },
        { protocol: 'TCP', port: 53 },
      ],
      pods: ['kube-system/coredns'],
    });
    expect(check.resolver.addresses.map(printIp)).toEqual(['10.96.0.10']);
  });

  it('a default deny cuts it, and the program sees a lookup that times out', () => {
    expect(dns(clusterOf(WEB, KUBE_DNS, denyAll('web', 'Egress')))).toMatchObject({
      outcome: 'denied',
      sees: 'resolver-timeout',
      notes: [],
    });
    expect(dns(clusterOf(WEB, KUBE_DNS, denyAll('web', 'Ingress')))).toMatchObject({ outcome: 'allowed' });
  });

  it('where the CNI rejects, the lookup fails at once', () => {
    expect(dns(clusterOf(WEB, KUBE_DNS, denyAll('web', 'Egress')), 'kube-router').sees).toBe('resolver-fails-at-once');
  });

  it('the portable rule admits it', () => {
    expect(dns(clusterOf(WEB, KUBE_DNS, egress('web', `[{ ${TO_KUBE_DNS}, ${BOTH_53} }]`))).outcome).toBe('allowed');
  });

  it('UDP alone is half of DNS; TCP alone is none of it', () => {
    const udp = dns(clusterOf(WEB, KUBE_DNS, egress('web', `[{ ${TO_KUBE_DNS}, ports: [{ protocol: UDP, port: 53 }] }]`)));
    expect(udp).toMatchObject({ outcome: 'partial', notes: ['dns-udp-only'], sees: undefined });
    expect([udp.resolver.udp.outcome, udp.resolver.tcp.outcome]).toEqual(['allowed', 'denied']);
    const tcp = dns(clusterOf(WEB, KUBE_DNS, egress('web', `[{ ${TO_KUBE_DNS}, ports: [{ port: 53 }] }]`)));
    expect(tcp).toMatchObject({ outcome: 'denied', notes: ['dns-tcp-only'], sees: 'resolver-timeout' });
  });

  it('a bare podSelector looks for DNS pods in its own namespace', () => {
    const rule = `[{ to: [{ podSelector: { matchLabels: { k8s-app: kube-dns } } }], ${BOTH_53} }]`;
    expect(dns(clusterOf(WEB, KUBE_DNS, egress('web', rule))).outcome).toBe('denied');
    expect(dns(clusterOf(WEB, egress('web', rule))).outcome).toBe('denied');
  });

  it('DNS pods that are isolated themselves answer nobody', () => {
    expect(dns(clusterOf(WEB, KUBE_DNS, denyAll('kube-system', 'Ingress')))).toMatchObject({ outcome: 'denied' });
  });

  it('no DNS pod that is ready is no policy', () => {
    const scaled = KUBE_DNS.replace('replicas: 2', 'replicas: 0');
    expect(dns(clusterOf(WEB, scaled))).toMatchObject({ outcome: 'broken', sees: 'resolver-timeout' });
  });

  it('the Service may be in the input without its pods: its selector and target ports are believed', () => {
    const service = KUBE_DNS.slice(KUBE_DNS.indexOf('apiVersion: v1\nkind: Service'));
    const check = dns(clusterOf(WEB, service, egress('web', `[{ ${TO_KUBE_DNS}, ${BOTH_53} }]`)));
    expect(check).toMatchObject({ outcome: 'allowed', resolver: { assumed: true, ref: 'kube-system/svc/kube-dns' } });
  });

  it('pods without a Service in the input are enough', () => {
    const pods = KUBE_DNS.slice(0, KUBE_DNS.lastIndexOf('---'));
    expect(dns(clusterOf(WEB, pods, denyAll('web', 'Egress')))).toMatchObject({
      outcome: 'denied',
      resolver: { assumed: false, ref: 'kube-system/coredns[Deployment]' },
    });
  });
});

describe('OpenShift', () => {
  const RULE = (port: number) =>
    `[{ to: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } } }], ports: [{ protocol: UDP, port: ${port} }, { protocol: TCP, port: ${port} }] }]`;
  it('listens on 5353 behind 53, and only the target port counts', () => {
    expect(dns(clusterOf(WEB, OPENSHIFT_DNS, egress('web', RULE(5353))))).toMatchObject({
      outcome: 'allowed',
      resolver: { ref: 'openshift-dns/svc/dns-default', ports: [{ port: 5353 }, { port: 5353 }] },
    });
    expect(dns(clusterOf(WEB, OPENSHIFT_DNS, egress('web', RULE(53)))).outcome).toBe('denied');
  });
});

describe('OpenShift without its DNS pods in the input', () => {
  it('believes that they listen on 5353', () => {
    const service = OPENSHIFT_DNS.split('---')[1] ?? '';
    const rule = (port: number) =>
      egress('web', `[{ to: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: ${port} }, { protocol: TCP, port: ${port} }] }]`);
    expect(dns(clusterOf(WEB, service, rule(5353)))).toMatchObject({ outcome: 'allowed', resolver: { assumed: true } });
    expect(dns(clusterOf(WEB, service, rule(53))).outcome).toBe('denied');
  });
});

describe('NodeLocal DNSCache answers on the node', () => {
  const BLOCK = `[{ to: [{ ipBlock: { cidr: 169.254.20.10/32 } }], ${BOTH_53} }]`;
  const POLICED = 'cilium-kpr'; // no exemption for a pod's own node

  it('is the resolver when its pods are in the input', () => {
    const check = dns(clusterOf(WEB, KUBE_DNS, NODELOCAL_DNS));
    expect(check).toMatchObject({
      outcome: 'allowed',
      resolver: { kind: 'node-local', ref: 'kube-system/node-local-dns[DaemonSet]', pods: [] },
    });
    expect(check.resolver.addresses.map(printIp)).toEqual(['169.254.20.10']);
  });

  it('a rule for the DNS pods does not mean it; a block for its address does, where the plugin lets blocks match nodes', () => {
    const rule = egress('web', `[{ ${TO_KUBE_DNS}, ${BOTH_53} }]`);
    const cluster = clusterOf(WEB, KUBE_DNS, NODELOCAL_DNS, rule);
    expect(dns(cluster, POLICED).outcome).toBe('denied');
    expect(dns(cluster, 'kubernetes').outcome).toBe('undecided');
    expect(dns(clusterOf(WEB, KUBE_DNS, NODELOCAL_DNS, egress('web', BLOCK)), 'calico-iptables').outcome).toBe('allowed');
    expect(dns(clusterOf(WEB, KUBE_DNS, NODELOCAL_DNS, egress('web', BLOCK)), POLICED).outcome).toBe('denied');
  });

  it("is the pod's own node, also where the input does not say which that is", () => {
    const because = (cni: string) => {
      const { egress: verdict } =
        dns(clusterOf(WEB, KUBE_DNS, NODELOCAL_DNS, denyAll('web', 'Egress')), cni).resolver.udp.legs[0]?.answer.verdict ?? {};
      return verdict?.outcome === 'undecided' ? verdict.because.map(({ code }) => code) : verdict?.outcome;
    };
    expect(because('kubernetes')).toEqual(['profile-differs']);
    expect(because(POLICED)).toBe('denied');
  });

  it('with an unknown address it may answer by its own or by the Service address', () => {
    const template = NODELOCAL_DNS.replace('169.254.20.10', '__PILLAR__LOCAL__DNS__,__PILLAR__DNS__SERVER__');
    const check = dns(clusterOf(WEB, KUBE_DNS, template));
    expect(check.resolver.addresses.map(printIp)).toEqual(['169.254.20.10', '10.96.0.10']);
    const equals = NODELOCAL_DNS.replace("'-localip', '169.254.20.10'", "'--localip=169.254.20.11,10.96.0.10'");
    expect(dns(clusterOf(WEB, KUBE_DNS, equals)).resolver.addresses.map(printIp)).toEqual(['169.254.20.11', '10.96.0.10']);
  });

  it('a cache that is an ordinary pod is the one on the same node', () => {
    const cache = (name: string, node: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: kube-system, labels: { k8s-app: node-local-dns } }
spec: { nodeName: ${node}, containers: [{ name: c, ports: [{ name: dns, containerPort: 53, protocol: UDP }] }] }
`;
    const client = '{ apiVersion: v1, kind: Pod, metadata: { name: debug, namespace: web }, spec: { nodeName: worker-2, containers: [] } }';
    const check = dns(clusterOf(cache('near', 'worker-2'), cache('far', 'worker-1'), client), 'cilium-kpr', 'web/debug');
    expect(check).toMatchObject({ outcome: 'allowed', resolver: { kind: 'node-local', pods: ['kube-system/near'] } });
  });
});

describe('plain application manifests have no DNS pods', () => {
  const deny = (rules: string) => dns(clusterOf(WEB, PAYMENTS, egress('web', rules)));

  it('the usual ones are assumed', () => {
    expect(deny(`[{ ${TO_KUBE_DNS}, ${BOTH_53} }]`)).toMatchObject({
      outcome: 'allowed',
      notes: ['dns-assumed'],
      resolver: { assumed: true, ref: 'kube-system/svc/kube-dns' },
    });
    expect(deny('[{ to: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: 53 }, { port: 53 }] }]').outcome).toBe('allowed');
    expect(deny('[{ to: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: dns }, { port: dns-tcp }] }]').outcome).toBe('allowed');
    expect(deny('[{}]').outcome).toBe('allowed');
  });

  it('a denial is certain when no rule speaks of port 53', () => {
    expect(deny('[]')).toMatchObject({ outcome: 'denied', sees: 'resolver-timeout' });
    expect(deny('[{ to: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]').outcome).toBe('denied');
  });

  it('a rule whose peer is in the input does not mean DNS', () => {
    expect(deny('[{ to: [{ podSelector: { matchLabels: { app: frontend } } }] }]').outcome).toBe('denied');
    const toPayments = 'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: payments } }';
    expect(deny(`[{ to: [{ ${toPayments} }] }]`).outcome).toBe('denied');
    expect(deny(`[{ to: [{ ${toPayments}, podSelector: { matchLabels: { app: misspelt } } }] }]`).outcome).toBe('denied');
    const frontends = '{ namespaceSelector: {}, podSelector: { matchLabels: { app: frontend } } }';
    expect(deny(`[{ to: [${frontends}], ${BOTH_53} }]`).outcome).toBe('denied');
    const toMonitoring = 'namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } }';
    expect(deny(`[{ to: [{ ${toMonitoring} }] }]`).outcome).toBe('denied');
  });

  it.each([
    ['a custom pod label', '{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: coredns } } }', BOTH_53],
    ['a custom namespace label', '{ namespaceSelector: { matchLabels: { name: kube-system } } }', BOTH_53],
    [
      "OpenShift's namespace and port",
      '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } } }',
      BOTH_53.replaceAll('53', '5353'),
    ],
    ["OpenShift's namespace, any port", '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: openshift-dns } } }', ''],
    ['an address that may be the one', '{ ipBlock: { cidr: 10.0.0.0/8 } }', BOTH_53],
  ])('%s leaves it open', (_, peer, ports) => {
    const check = deny(`[{ to: [${peer}]${ports === '' ? '' : `, ${ports}`} }]`);
    expect(check.outcome).toBe('undecided');
    expect(check.sees).toBeUndefined();
  });

  it('says which rules may mean the DNS pods', () => {
    const check = deny(`[{ to: [{ namespaceSelector: { matchLabels: { name: kube-system } } }], ${BOTH_53} }]`);
    const maybe = check.resolver.udp.legs.flatMap(({ answer }) => answer.maybe.map(({ policy, rule }) => `${policy.ref} ${rule.index}`));
    expect(maybe).toEqual(['web/egress 0']);
  });
});

describe('a pod may ask somebody else', () => {
  it("dnsPolicy Default is the node's resolver, somewhere outside", () => {
    const web = withSpec('      dnsPolicy: Default');
    expect(dns(clusterOf(web, KUBE_DNS))).toMatchObject({ outcome: 'allowed', resolver: { kind: 'node', knowsCluster: 'no' } });
    expect(dns(clusterOf(web, KUBE_DNS, denyAll('web', 'Egress'))).outcome).toBe('denied');
    expect(dns(clusterOf(web, KUBE_DNS, egress('web', `[{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }], ${BOTH_53} }]`))).outcome).toBe(
      'undecided',
    );
    expect(dns(clusterOf(web, KUBE_DNS, egress('web', `[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ${BOTH_53} }]`))).outcome).toBe(
      'allowed',
    );
  });

  it('a host-network pod with ClusterFirst does so too', () => {
    expect(dns(clusterOf(withSpec('      hostNetwork: true'), KUBE_DNS)).resolver).toMatchObject({ kind: 'node' });
    const both = withSpec('      hostNetwork: true\n      dnsPolicy: ClusterFirstWithHostNet');
    expect(dns(clusterOf(both, KUBE_DNS)).resolver).toMatchObject({ kind: 'cluster' });
  });

  it('a nameserver in dnsConfig: a public one, the cluster DNS by its address, and unknown ones', () => {
    const custom = (server: string, ...more: readonly string[]) =>
      dns(clusterOf(withSpec(`      dnsPolicy: None\n      dnsConfig: { nameservers: [${server}] }`), ...more));
    const to8888 = egress('web', `[{ to: [{ ipBlock: { cidr: 8.8.8.8/32 } }], ${BOTH_53} }]`);
    expect(custom('8.8.8.8', to8888)).toMatchObject({
      outcome: 'allowed',
      resolver: { kind: 'named', ref: '8.8.8.8', knowsCluster: 'no' },
    });
    expect(custom('8.8.4.4', to8888)).toMatchObject({ outcome: 'denied' });
    expect(custom('8.8.4.4, 8.8.8.8', to8888)).toMatchObject({ outcome: 'partial', notes: ['dns-some-nameservers'] });
    expect(custom('10.96.0.10', KUBE_DNS)).toMatchObject({ outcome: 'allowed', resolver: { kind: 'cluster' } });
    expect(custom('169.254.20.10')).toMatchObject({ outcome: 'allowed', resolver: { kind: 'node-local', knowsCluster: 'yes' } });
    expect(custom('10.96.0.10').resolver).toMatchObject({ kind: 'named', knowsCluster: 'unknown' });
    const toDns = egress('web', `[{ ${TO_KUBE_DNS}, ${BOTH_53} }]`);
    expect(custom('10.96.0.10', toDns).outcome).toBe('undecided');
    expect(custom('10.96.0.10', denyAll('web', 'Egress')).outcome).toBe('denied');
    expect(custom('10.20.30.40', KUBE_DNS, toDns).outcome).toBe('denied');
  });

  it('a DNS server of the own shop, by the address of its Service', () => {
    const own = `
apiVersion: v1
kind: Service
metadata: { name: resolver, namespace: shop }
spec: { clusterIP: 10.96.7.7, selector: { app: cart }, ports: [{ name: dns, port: 53, protocol: UDP, targetPort: 1053 }, { name: t, port: 53, targetPort: 1053 }] }
`;
    const web = withSpec('      dnsPolicy: None\n      dnsConfig: { nameservers: [10.96.7.7] }');
    const rule = (port: number) =>
      egress('web', `[{ to: [{ namespaceSelector: {} }], ports: [{ protocol: UDP, port: ${port} }, { port: ${port} }] }]`);
    expect(dns(clusterOf(web, CART, own, rule(1053)))).toMatchObject({ outcome: 'allowed', resolver: { ref: 'shop/svc/resolver' } });
    expect(dns(clusterOf(web, CART, own, rule(53))).outcome).toBe('denied');
  });

  it('dnsPolicy None without nameservers asks nobody', () => {
    expect(dns(clusterOf(withSpec('      dnsPolicy: None')))).toMatchObject({ outcome: 'broken', resolver: { ref: 'none' } });
  });
});
