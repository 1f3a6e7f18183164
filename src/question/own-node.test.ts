import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { fix } from './fix.ts';
import { why } from './why.ts';

const choice = chooseProfile('calico-iptables');
if (isUnknown(choice)) throw new Error('no profile calico-iptables');
const calico = semanticsOf(choice);

const NODES = ['10.20.0.11', '10.20.0.12'].map(
  (address, i) => `apiVersion: v1
kind: Node
metadata: { name: worker-${i + 1} }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`,
);
const workload = (kind: string, name: string, spec: string) => `apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { metadata: { labels: { app: ${name} } }, spec: { ${spec} } }
`;
const CART = workload('Deployment', 'cart', 'containers: [{ name: cart, ports: [{ containerPort: 7070 }] }]');
const agent = (kind: string) => workload(kind, 'agent', 'hostNetwork: true, containers: [{ name: agent }]');
const FROM_AGENT = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: agent } } }] }] }
`;

const QUESTION = { from: 'shop/agent', to: 'shop/cart:7070', namespace: 'shop' };
const clusterOf = (...texts: string[]) => loadCluster([{ file: 'shop.yaml', text: texts.join('---\n') }]);

function ask(...texts: string[]) {
  const answer = why(clusterOf(...texts), calico, QUESTION);
  if (answer.kind === 'error') throw new Error(answer.errors.map(({ code }) => code).join());
  const [connection] = answer.connections;
  return {
    outcome: answer.outcome,
    codes: connection?.codes,
    legs: [...new Set(connection?.legs.map(({ leg, outcome }) => `${leg.shares ?? ''} ${outcome}`))],
  };
}

describe('a pod in its node’s network, and a pod of which the node is not known', () => {
  it('are allowed on one node and denied on the others: both are said, with the cause of the denial', () => {
    expect(ask(...NODES, agent('DaemonSet'), CART, FROM_AGENT)).toEqual({
      outcome: 'partial',
      codes: ['host-network', 'node-unknown'],
      legs: ['same allowed', 'other denied'],
    });
  });
  it.each([
    ['one pod that may run on either node', [...NODES, agent('Deployment')]],
    ['one node', [NODES[0] ?? '', agent('DaemonSet')]],
    ['no node in the input', [agent('DaemonSet')]],
  ])('are undecided where only one of the two is real, and both are said: %s', (_, texts) => {
    expect(ask(...texts, CART, FROM_AGENT)).toEqual({
      outcome: 'undecided',
      codes: ['host-network', 'node-unknown'],
      legs: ['same allowed', 'other denied'],
    });
  });
  it('are allowed from every node where a rule names all of them', () => {
    expect(
      ask(
        ...NODES,
        agent('DaemonSet'),
        CART,
        FROM_AGENT.replace('{ podSelector: { matchLabels: { app: agent } } }', '{ ipBlock: { cidr: 10.20.0.0/24 } }'),
      ),
    ).toMatchObject({
      outcome: 'allowed',
    });
  });
  it('have a fix, which names the addresses of all nodes', () => {
    const answer = fix(clusterOf(...NODES, agent('DaemonSet'), CART, FROM_AGENT), calico, QUESTION, { most: 5 });
    if (answer.kind === 'error') throw new Error('no answer');
    const [first] = answer.connections[0]?.fixes ?? [];
    expect(JSON.stringify(first?.levers)).toMatch(/10\.20\.0\.11.*10\.20\.0\.12/);
  });
});
