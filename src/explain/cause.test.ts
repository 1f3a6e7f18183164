import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { readOverrides } from '../profile/overrides.ts';
import type { Semantics } from '../profile/profile.ts';
import { why } from '../question/why.ts';
import { causeSentence } from '../words/en/cause.ts';
import { explain } from './cause.ts';

const pod = (name: string, address: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main }] }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }`;
const DENY = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }`;
const SHOP = [pod('frontend', '10.244.0.10'), pod('cart', '10.244.0.11')];

function semanticsOfCni(name: string): Semantics {
  const choice = chooseProfile(name);
  if (isUnknown(choice)) throw new Error(name);
  return semanticsOf(choice);
}

/** The sentences of all causes of frontend → cart:7070. */
function told(manifests: readonly string[], semantics: Semantics): readonly string[] {
  const cluster = clusterOf(...manifests);
  const connection = connectionIn(cluster);
  return explain(cluster, semantics, connection, decide(cluster, semantics, connection)).causes.map((cause) => causeSentence(cause).text);
}

function verdictOf(manifests: readonly string[], semantics: Semantics): string {
  const cluster = clusterOf(...manifests);
  return decide(cluster, semantics, connectionIn(cluster)).outcome;
}

function connectionIn(cluster: Cluster) {
  const endOf = (ref: string) => podEnd(cluster.podByRef.get(ref) ?? expect.fail(ref));
  return { source: endOf('shop/frontend'), destination: endOf('shop/cart'), protocol: 'TCP', port: 7070 } as const;
}

describe('where nothing is enforced', () => {
  const off: Semantics = { ...semanticsOfCni('cilium'), enforces: 'no', switchedOff: { setting: 'policy-audit-mode', value: 'true' } };

  it('a switch is named, with the policies that would deny', () => {
    expect(told([...SHOP, DENY], off)).toEqual([
      'a setting of this cluster stops cilium from enforcing policies (policy audit mode: true), so all traffic passes whatever they say; shop/default-deny would deny this connection, and it passes now',
    ]);
  });

  it('a switch in the input is named under a profile of one’s own too, and the user’s word stands above it', () => {
    const audit = `
apiVersion: v1
kind: ConfigMap
metadata: { name: cilium-config, namespace: kube-system }
data: { policy-audit-mode: "true" }`;
    const own = (cells: object): Semantics => {
      const choice = chooseProfile('shop-cni', readOverrides({ profiles: { 'shop-cni': { like: 'cilium-kpr', cells } } }));
      return isUnknown(choice) ? expect.fail(choice.unknown) : semanticsOf(choice);
    };
    expect(told([...SHOP, DENY, audit], own({}))).toEqual([
      'a setting of this cluster stops shop-cni from enforcing policies (policy audit mode: true), so all traffic passes whatever they say; shop/default-deny would deny this connection, and it passes now',
    ]);
    expect(verdictOf([...SHOP, DENY, audit], own({}))).toBe('allowed');
    expect(verdictOf([...SHOP, DENY, audit], own({ enforces: 'yes' }))).toBe('denied');
    expect(verdictOf([...SHOP, DENY, audit.replace('true', 'false')], own({}))).toBe('denied');
  });

  it('nothing would be denied where no policy denies', () => {
    expect(told(SHOP, off)).toEqual([
      'a setting of this cluster stops cilium from enforcing policies (policy audit mode: true), so all traffic passes whatever they say',
    ]);
  });

  it('a plugin that cannot enforce says what would be denied elsewhere', () => {
    expect(told([...SHOP, DENY], semanticsOfCni('flannel'))).toEqual([
      'flannel does not enforce NetworkPolicies, so all traffic passes whatever they say; shop/default-deny would deny this connection, and it passes now',
    ]);
  });
});

describe('where a pod runs', () => {
  const on = (address: string, more: string) => `
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart${more.startsWith('label') ? ', eks.amazonaws.com/fargate-profile: shop' : ''} } }
spec: { ${more.startsWith('label') ? '' : more} containers: [{ name: main, ports: [{ name: grpc, containerPort: 7070 }] }] }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }] }`;
  const frontend = pod('frontend', '10.244.0.10');
  const windows = on('10.244.0.11', 'nodeSelector: { kubernetes.io/os: windows },');
  const windowsNode = 'apiVersion: v1\nkind: Node\nmetadata: { name: win-1, labels: { kubernetes.io/os: windows } }\n';
  const notPoliced = (place: string) =>
    `shop/cart runs on ${place}, where aws-vpc-cni does not enforce NetworkPolicies, so the packets pass although policies deny them`;

  it.each([
    ['its selector says Windows', [windows], 'a Windows node'],
    ['its os says Windows', [on('10.244.0.11', 'os: { name: windows },')], 'a Windows node'],
    ['its node is Windows', [on('10.244.0.11', 'nodeName: win-1,'), windowsNode], 'a Windows node'],
    ['it is on Fargate', [on('10.244.0.11', 'label')], 'Fargate'],
  ])('AWS does not police it: %s', (_, objects, place) => {
    expect(told([frontend, DENY, ...objects], semanticsOfCni('aws'))).toContain(notPoliced(place));
    expect(told([frontend, DENY, ...objects], semanticsOfCni('calico')).join()).not.toContain('does not enforce');
  });

  it('nothing is said of Linux, nor where no policy denies', () => {
    const linux = on('10.244.0.11', 'nodeSelector: { kubernetes.io/os: linux },');
    expect(told([frontend, DENY, linux], semanticsOfCni('aws')).join()).not.toContain('does not enforce');
    expect(told([frontend, windows], semanticsOfCni('aws'))).toEqual([]);
  });

  it('the other end may still stop it', () => {
    const egress = DENY.replace('default-deny', 'deny-egress').replace(
      '{}, policyTypes: [Ingress]',
      '{ matchLabels: { app: frontend } }, policyTypes: [Egress]',
    );
    expect(told([frontend, DENY, egress, windows], semanticsOfCni('aws'))).toContain(
      'shop/cart runs on a Windows node, where aws-vpc-cni does not enforce NetworkPolicies, so only the other end stops them',
    );
  });

  it('Azure NPM on Windows does not know what some rules need', () => {
    const rule = (ports: string) =>
      `${DENY.replace('default-deny', 'cart').replace(', policyTypes: [Ingress]', `, ingress: [{ ports: [${ports}] }]`)}`;
    const named = told([frontend, windows, rule('{ port: grpc }')], semanticsOfCni('azure-npm'));
    expect(named.join()).toContain('azure-npm does not support named ports; shop/cart ingress[0] needs that');
    expect(told([frontend, windows, rule('{ port: 7070 }')], semanticsOfCni('azure-npm'))).toEqual([]);
    expect(told([frontend, windows, rule('{ port: grpc }, { port: 7070 }')], semanticsOfCni('azure-npm'))).toEqual([]);
    expect(told([frontend, windows, rule('{ port: grpc }')], semanticsOfCni('antrea'))).toEqual([]);
  });
});

describe('an egress rule before a Service’s own address, on AWS', () => {
  const service = (selector: string) => `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { clusterIP: 10.96.0.20, selector: { ${selector} }, ports: [{ port: 7070 }] }`;
  const cart = pod('cart', '10.244.0.11').replace('{ app: cart }', '{ app: cart, tier: back }');
  const toCart = (labels: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec: { podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [{ to: [{ podSelector: { matchLabels: { ${labels} } } }] }] }`;
  const asked = (manifests: readonly string[], cni: string) => {
    const answer = why(clusterOf(...manifests), semanticsOfCni(cni), {
      from: 'shop/frontend',
      to: 'shop/svc/cart:7070',
      namespace: 'default',
    });
    if (answer.kind === 'error') throw new Error('no answer');
    return [answer.connections[0]?.outcome, answer.connections[0]?.causes[0]?.code];
  };

  it('opens it by the labels that the Service selects by, and by no others', () => {
    const frontend = pod('frontend', '10.244.0.10');
    expect(asked([frontend, cart, service('app: cart'), toCart('tier: back')], 'aws')).toEqual(['denied', 'service-address-not-opened']);
    expect(asked([frontend, cart, service('app: cart'), toCart('app: cart')], 'aws')).toEqual(['allowed', 'no-dns-egress']);
    expect(asked([frontend, cart, service('app: cart'), toCart('tier: back')], 'calico')).toEqual(['allowed', 'no-dns-egress']);
  });
});

it('says why a rule of Calico may or may not match', () => {
  const mixed = `
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: http-only }
spec: { selector: "app == 'frontend'", types: [Egress], egress: [{ action: Allow, protocol: TCP, destination: { ports: [http], notPorts: [80] } }] }`;
  const cart = pod('cart', '10.244.0.11').replace('name: main', 'name: main, ports: [{ name: http, containerPort: 7070 }]');
  const answer = why(clusterOf(pod('frontend', '10.244.0.10'), cart, mixed), semanticsOfCni('calico'), {
    from: 'shop/frontend',
    to: 'shop/cart:7070',
    namespace: 'default',
  });
  if (answer.kind === 'error') throw new Error('no answer');
  const cause = answer.connections[0]?.causes.find(({ code }) => code === 'rule-unclear');
  expect(cause?.facts).toMatchObject({ because: 'port-names' });
  expect(cause && causeSentence(cause).text).toMatch(/http-only .* mixes port names/);
});
