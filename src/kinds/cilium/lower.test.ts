import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../manifest/load.ts';
import type { Cluster } from '../../model/cluster.ts';
import { parseIp } from '../../net/ip.ts';
import { decide } from '../../policy/decide.ts';
import { addressEnd, type End, podEnd } from '../../policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../profile/choose.ts';

const SHOP = `
{ apiVersion: v1, kind: Node, metadata: { name: n1 }, status: { addresses: [{ type: InternalIP, address: 10.0.0.1 }] } }
---
{ apiVersion: v1, kind: Node, metadata: { name: n2 }, status: { addresses: [{ type: InternalIP, address: 10.0.0.2 }] } }
---
${pod('frontend', 'n1', '10.1.1.1', 'serviceAccountName: frontend')}
---
${pod('cart', 'n1', '10.1.1.2')}
---
${pod('checkout', 'n2', '10.1.2.1')}
`;

function pod(app: string, node: string, ip: string, more = ''): string {
  return `{ apiVersion: v1, kind: Pod, metadata: { name: ${app}, namespace: shop, labels: { app: ${app}, pod-template-hash: x1 } }, spec: { nodeName: ${node}, ${more === '' ? '' : `${more},`} containers: [{ name: main, ports: [{ name: http, containerPort: 7070 }] }] }, status: { phase: Running, podIPs: [{ ip: ${ip} }] } }`;
}

const policy = (spec: string, kind = 'CiliumNetworkPolicy') =>
  `---\n{ apiVersion: cilium.io/v2, kind: ${kind}, metadata: { name: cart${kind === 'CiliumNetworkPolicy' ? ', namespace: shop' : ''} }, spec: ${spec} }\n`;

const config = (data: string) =>
  `---\n{ apiVersion: v1, kind: ConfigMap, metadata: { name: cilium-config, namespace: kube-system }, data: ${data} }\n`;

function outcome(text: string, from: string, to: string, port = 7070, cni = 'cilium-kpr'): string {
  const cluster = loadCluster([{ file: 'shop.yaml', text: `${SHOP}${text}` }]);
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  return decide(cluster, semanticsOf(choice), { source: end(cluster, from), destination: end(cluster, to), protocol: 'TCP', port }).outcome;
}

function end(cluster: Cluster, name: string): End {
  const address = parseIp(name);
  if (address !== undefined) return addressEnd(cluster, address);
  const found = cluster.podByRef.get(`shop/${name}`);
  if (found === undefined) throw new Error(name);
  return podEnd(found);
}

const CART = 'endpointSelector: { matchLabels: { app: cart } }';

describe('a CiliumNetworkPolicy', () => {
  const fromFrontend = policy(`{ ${CART}, ingress: [{ fromEndpoints: [{ matchLabels: { app: frontend } }] }] }`);

  it('isolates the pods that it selects and opens what it says', () => {
    expect(outcome(fromFrontend, 'frontend', 'cart')).toBe('allowed');
    expect(outcome(fromFrontend, 'checkout', 'cart')).toBe('denied');
    expect(outcome(fromFrontend, 'cart', 'checkout')).toBe('allowed');
  });

  it('is in force under Cilium only; where nobody knows the CNI nobody knows the verdict', () => {
    expect(outcome(fromFrontend, 'checkout', 'cart', 7070, 'calico')).toBe('allowed');
    expect(outcome(fromFrontend, 'checkout', 'cart', 7070, 'kubernetes')).toBe('undecided');
  });

  it('denies against every allow, its own and those of NetworkPolicies', () => {
    const deny = policy(
      `{ ${CART}, ingress: [{ fromEndpoints: [{}] }], ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: checkout } }] }] }`,
    );
    expect(outcome(deny, 'checkout', 'cart')).toBe('denied');
    expect(outcome(deny, 'frontend', 'cart')).toBe('allowed');
    const open = `---\n{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: all, namespace: shop }, spec: { podSelector: {}, ingress: [{}] } }\n`;
    expect(outcome(`${deny}${open}`, 'checkout', 'cart')).toBe('denied');
    expect(outcome(open, 'checkout', 'cart')).toBe('allowed');
  });

  it('lets the own node in, unless a rule denies it', () => {
    expect(outcome(fromFrontend, '10.0.0.1', 'cart')).toBe('allowed');
    expect(outcome(fromFrontend, '10.0.0.2', 'cart')).toBe('denied');
    const denied = policy(`{ ${CART}, ingressDeny: [{ fromEntities: [host] }] }`);
    expect(outcome(denied, '10.0.0.1', 'cart')).toBe('denied');
    expect(outcome(`${fromFrontend}${config('{ allow-localhost: policy }')}`, '10.0.0.1', 'cart')).toBe('denied');
  });

  it('tells the own node from the others on the way out', () => {
    const toHost = policy(`{ endpointSelector: {}, egress: [{ toEntities: [host] }] }`);
    expect(outcome(toHost, 'cart', '10.0.0.1')).toBe('allowed');
    expect(outcome(toHost, 'cart', '10.0.0.2')).toBe('denied');
    expect(outcome(toHost, 'checkout', '10.0.0.2')).toBe('allowed');
  });

  it('sees no label outside the identity filter, and service accounts', () => {
    const byHash = policy(`{ ${CART}, ingress: [{ fromEndpoints: [{ matchLabels: { pod-template-hash: x1 } }] }] }`);
    expect(outcome(byHash, 'frontend', 'cart')).toBe('denied');
    const byAccount = policy(
      `{ ${CART}, ingress: [{ fromEndpoints: [{ matchLabels: { io.cilium.k8s.policy.serviceaccount: frontend } }] }] }`,
    );
    expect(outcome(byAccount, 'frontend', 'cart')).toBe('allowed');
    expect(outcome(byAccount, 'checkout', 'cart')).toBe('denied');
  });

  it('isolates nobody where enableDefaultDeny is off', () => {
    const only = policy(
      `{ ${CART}, enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: checkout } }] }] }`,
    );
    expect(outcome(only, 'frontend', 'cart')).toBe('allowed');
    expect(outcome(only, 'checkout', 'cart')).toBe('denied');
  });

  it('opens every destination on the ports of Services that are not there', () => {
    const typo = policy(
      `{ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: catr } }], toPorts: [{ ports: [{ port: "443" }] }] }] }`,
    );
    expect(outcome(typo, 'cart', '203.0.113.7', 443)).toBe('allowed');
    expect(outcome(typo, 'cart', '203.0.113.7', 80)).toBe('denied');
  });

  it('leaves open whom a DNS name means, outside only', () => {
    const names = policy(`{ endpointSelector: {}, egress: [{ toFQDNs: [{ matchName: api.example.com }] }] }`);
    expect(outcome(names, 'cart', '203.0.113.7')).toBe('undecided');
    expect(outcome(names, 'cart', 'checkout')).toBe('denied');
  });

  it('leaves open what passes a handshake that is made to fail, and whom the rule does not mean stays out', () => {
    const authenticated = (mode: string, peers: string) =>
      policy(`{ ${CART}, ingress: [{ ${peers}, authentication: { mode: ${mode} } }] }`);
    const frontend = 'fromEndpoints: [{ matchLabels: { app: frontend } }]';
    expect(outcome(authenticated('test-always-fail', frontend), 'frontend', 'cart')).toBe('undecided');
    expect(outcome(authenticated('test-always-fail', frontend), 'checkout', 'cart')).toBe('denied');
    for (const mode of ['disabled', 'required']) expect(outcome(authenticated(mode, frontend), 'frontend', 'cart')).toBe('allowed');
    const everybody = authenticated('test-always-fail', 'toPorts: [{ ports: [{ port: "7070" }] }]');
    expect(outcome(everybody, '203.0.113.7', 'cart')).toBe('undecided');
    expect(outcome(everybody, '203.0.113.7', 'cart', 80)).toBe('denied');
    expect(outcome(authenticated('test-always-fail', 'fromEntities: [remote-node]'), '10.0.0.2', 'cart')).toBe('undecided');
  });

  it('that the agent refuses leaves open what it could touch', () => {
    const refused = policy(`{ ${CART}, ingress: [{ fromEndpoints: [{}], fromCIDR: [10.0.0.0/8] }] }`);
    expect(outcome(refused, 'frontend', 'cart')).toBe('undecided');
  });
});

describe('the agent’s settings', () => {
  it('always: every pod is isolated; never: nothing is', () => {
    expect(outcome(config('{ enable-policy: always }'), 'frontend', 'cart')).toBe('denied');
    expect(outcome(config('{ enable-policy: default }'), 'frontend', 'cart')).toBe('allowed');
    const shut = policy(`{ ${CART}, ingress: [{}] }`);
    expect(outcome(shut, 'frontend', 'cart')).toBe('denied');
    expect(outcome(`${shut}${config('{ enable-policy: never }')}`, 'frontend', 'cart')).toBe('allowed');
  });

  it('enable-k8s-cluster-network-policy: false, and ClusterNetworkPolicies do nothing', () => {
    const shut = `---
{ apiVersion: policy.networking.k8s.io/v1alpha2, kind: ClusterNetworkPolicy, metadata: { name: shut }, spec: { tier: Admin, priority: 10, subject: { namespaces: {} }, ingress: [{ action: Deny, from: [{ namespaces: {} }] }] } }
`;
    expect(outcome(shut, 'frontend', 'cart')).toBe('denied');
    expect(outcome(`${shut}${config('{ enable-k8s-cluster-network-policy: "true" }')}`, 'frontend', 'cart')).toBe('denied');
    expect(outcome(`${shut}${config('{ enable-k8s-cluster-network-policy: "false" }')}`, 'frontend', 'cart')).toBe('allowed');
  });

  it('host firewall: nodes are subjects where it is on', () => {
    const host = policy('{ nodeSelector: {}, ingress: [{ fromEntities: [cluster] }] }', 'CiliumClusterwideNetworkPolicy');
    expect(outcome(host, '203.0.113.7', '10.0.0.1')).toBe('allowed');
    expect(outcome(`${host}${config('{ enable-host-firewall: "true" }')}`, '203.0.113.7', '10.0.0.1')).toBe('denied');
    expect(outcome(`${host}${config('{ enable-host-firewall: "true" }')}`, 'cart', '10.0.0.1')).toBe('allowed');
  });
});

describe('a NetworkPolicy under Cilium', () => {
  const dead = `---\n{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: dead, namespace: shop }, spec: { podSelector: {}, policyTypes: [Egress], ingress: [{ from: [{ podSelector: { matchLabels: { app: frontend } } }] }], egress: [{}] } }\n`;

  it('applies the section that policyTypes leaves out', () => {
    expect(outcome(dead, 'checkout', 'cart')).toBe('denied');
    expect(outcome(dead, 'frontend', 'cart')).toBe('allowed');
    expect(outcome(dead, 'checkout', 'cart', 7070, 'calico')).toBe('allowed');
  });
});
