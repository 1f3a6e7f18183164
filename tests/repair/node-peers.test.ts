// An ingress controller in the network of its nodes: pods see a node's address, and which node it is the input does not say.
import { describe, expect, test } from 'vitest';
import { type FixAnswer, fix } from '../../src/question/fix.ts';
import { rowWords } from '../../src/words/en/fixes.ts';
import { CART, clusterOf, semanticsNamed } from '../shop-manifests.ts';

const NODES = ['10.20.0.11', '10.20.0.12'].map(
  (address, i) => `
apiVersion: v1
kind: Node
metadata: { name: n${i + 1} }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`,
);
const CONTROLLER = `
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: gate, namespace: edge }
spec:
  selector: { matchLabels: { app: gate } }
  template:
    metadata: { labels: { app: gate } }
    spec:
      hostNetwork: true
      containers: [{ name: proxy }]
`;
const ONLY_GATE = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  ingress:
    - from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: gate } } }]
`;

function askedOn(cni: string): Extract<FixAnswer, { kind: 'answer' }>['connections'][number] {
  const cluster = clusterOf(CART, CONTROLLER, ONLY_GATE, ...NODES);
  const answer = fix(cluster, semanticsNamed(cni), { from: 'edge/ds/gate', to: 'shop/svc/cart:7070', namespace: 'shop' }, { most: 9 });
  const [connection] = answer.kind === 'answer' ? answer.connections : [];
  if (connection === undefined) throw new Error(JSON.stringify(answer));
  return connection;
}

describe('a controller on any of several nodes', () => {
  test('gets one rule for the addresses of all of them', () => {
    const { fixes } = askedOn('calico');
    const peers = fixes.map(({ levers }) => levers.map(({ code, facts }) => `${code} ${facts.peer}`).join(' and '));
    expect(peers.sort()).toEqual(['add-peer', 'add-rule', 'new-policy'].map((code) => `${code} 10.20.0.11/32, 10.20.0.12/32`));
  });

  test('closes nothing, and opens the nodes and nobody else', () => {
    const found = askedOn('calico').fixes.find(({ levers }) => levers[0]?.code === 'add-peer');
    expect(found?.effect.closed).toEqual([]);
    expect(found?.effect.opened.map(rowWords)).toEqual(['10.20.0.11-10.20.0.12 → shop/cart on every port']);
  });

  test('is told all the addresses at once where the profile leaves open whether a block matches nodes', () => {
    const { fixes, connection } = askedOn('kubernetes');
    expect(fixes).toEqual([]);
    expect(connection.advice.map(({ code, facts }) => [code, facts.addresses])).toEqual([
      ['node-block-perhaps', ['10.20.0.11/32', '10.20.0.12/32']],
    ]);
  });
});
