// What a pod sees of a node that sends through a tunnel.
import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';

const VXLAN = 'projectcalico.org/IPv4VXLANTunnelAddr: 10.244.8.0';
const node = (name: string, ip: string, annotations: string) =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, annotations: { ${annotations} } }\nspec: { podCIDR: 10.244.8.0/24 }\nstatus: { addresses: [{ type: InternalIP, address: ${ip} }] }\n`;
const CART = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { nodeName: n1, containers: [{ name: main }] }
status: { phase: Running, podIP: 10.244.1.7, conditions: [{ type: Ready, status: 'True' }] }
`;
const from = (...cidrs: readonly string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: cart, namespace: shop }\nspec: { podSelector: {}, ingress: [{ from: [${cidrs.map((cidr) => `{ ipBlock: { cidr: ${cidr} } }`).join(', ')}] }] }\n`;

function asked(policy: string, annotations = VXLAN, from = 'node/n2') {
  const choice = chooseProfile('calico');
  if (isUnknown(choice)) throw new Error('no profile');
  const text = [node('n1', '172.18.0.2', annotations), node('n2', '172.18.0.3', annotations), CART, policy].join('---\n');
  const answer = why(loadCluster([{ file: 'shop.yaml', text }]), semanticsOf(choice), { from, to: 'shop/cart:7070', namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(answer.errors[0]?.code);
  const [connection] = answer.connections;
  return {
    outcome: answer.outcome,
    legs: connection?.legs.map(({ leg, outcome }) => `${leg.sourceAddress ?? 'any'} ${outcome}`),
    isTold: connection?.codes.includes('tunnel-source'),
  };
}

describe('a node that has a tunnel, to a pod of another node', () => {
  it('is undecided where a rule means the addresses of nodes alone, and both answers are said', () => {
    expect(asked(from('172.18.0.0/24'))).toEqual({ outcome: 'undecided', legs: ['node allowed', 'tunnel denied'], isTold: true });
  });

  it.each(['vxlan', 'wireguard', 'ipip'])('also of flannel’s backend %s, whose device has the first address of the range', (backend) => {
    const flannel = `flannel.alpha.coreos.com/backend-type: ${backend}`;
    expect(asked(from('172.18.0.0/24'), flannel).outcome).toBe('undecided');
    expect(asked(from('172.18.0.0/24', '10.244.8.0/32'), flannel).outcome).toBe('allowed');
  });

  it.each([
    ['a rule means both', from('172.18.0.0/24', '10.244.8.0/32'), VXLAN, 'allowed'],
    ['a rule means neither', from('203.0.113.0/24'), VXLAN, 'denied'],
    ['no policy isolates the pod', '', VXLAN, 'allowed'],
    ['the nodes have no tunnel', from('172.18.0.0/24'), 'flannel.alpha.coreos.com/backend-type: host-gw', 'allowed'],
  ])('is decided where %s', (_, policy, annotations, outcome) => {
    expect(asked(policy, annotations)).toEqual({ outcome, legs: [`any ${outcome}`], isTold: false });
  });

  it('its own pods see it by no tunnel', () => {
    expect(asked(from('203.0.113.0/24'), VXLAN, 'node/n1').outcome).toBe('allowed');
  });
});
