// A node that may show pods of other nodes the address of its tunnel: every way of asking says the same of it.
import { describe, expect, it } from 'vitest';
import { changedRows, diffOf } from '../compare/compare.ts';
import { loadCluster } from '../manifest/load.ts';
import { isNoPorts } from '../net/port-set.ts';
import { decide } from '../policy/decide.ts';
import { type Connection, nodeEnd, podEnd } from '../policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';
import { connectionsOf } from './connections.ts';
import { reachOf } from './reach.ts';
import { fastVerdict } from './verdict-of.ts';

const node = (name: string, ip: string, tunnel: string) =>
  `apiVersion: v1\nkind: Node\nmetadata: { name: ${name}, annotations: { projectcalico.org/IPv4VXLANTunnelAddr: ${tunnel} } }\nstatus: { addresses: [{ type: InternalIP, address: ${ip} }] }\n`;
const pod = (name: string, on: string, ip: string, extra = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { ${on === '' ? '' : `nodeName: ${on}, `}${extra}containers: [{ name: main }] }\nstatus: { phase: Running, hostIP: ${on === 'n2' ? '172.18.0.3' : '172.18.0.2'}, podIP: ${ip}, conditions: [{ type: Ready, status: 'True' }] }\n`;
const from = (...cidrs: readonly string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: cart, namespace: shop }\nspec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [${cidrs.map((cidr) => `{ ipBlock: { cidr: ${cidr} } }`).join(', ')}] }] }\n`;

function shop(policy: string, cartOn = 'n1') {
  const parts = [
    node('n1', '172.18.0.2', '10.244.8.0'),
    node('n2', '172.18.0.3', '10.244.9.0'),
    pod('cart', cartOn, '10.244.1.7'),
    pod('frontend', 'n2', '172.18.0.3', 'hostNetwork: true, '),
    policy,
  ];
  return loadCluster([{ file: 'shop.yaml', text: parts.join('---\n') }]);
}

function calico() {
  const choice = chooseProfile('calico');
  if (isUnknown(choice)) throw new Error('no profile');
  return semanticsOf(choice);
}

function asked(policy: string, cartOn = 'n1') {
  const cluster = shop(policy, cartOn);
  const reach = reachOf(cluster, calico());
  const [cart, node] = [cluster.podByRef.get('shop/cart'), cluster.nodes.get('n2')];
  if (cart === undefined || node === undefined) throw new Error('the shop is not complete');
  const connection: Connection = { source: nodeEnd(node), destination: podEnd(cart), protocol: 'TCP', port: 7070 };
  const [slow, fast] = [decide(cluster, calico(), connection), fastVerdict(reach, connection)];
  expect(fast).toEqual(slow);
  const isOurs = ({ from, to }: { readonly from: string; readonly to: string }) =>
    from.startsWith('shop/frontend') && to.startsWith('shop/cart');
  const map = connectionsOf(reach);
  const open = map.undecided.find(isOurs);
  const answer = why(cluster, calico(), { from: 'node/n2', to: 'shop/cart:7070', namespace: 'shop' });
  return {
    why: answer.kind === 'error' ? answer.errors : answer.outcome,
    verdict: slow.outcome,
    map: open !== undefined ? 'undecided' : map.connections.some(isOurs) ? 'allowed' : 'denied',
    because: open?.because.map(({ code }) => code) ?? [],
  };
}

const all = (outcome: string, ...because: string[]) => ({ why: outcome, verdict: outcome, map: outcome, because });

describe('a node with a tunnel, to a pod of another node', () => {
  it.each([
    ['the addresses of nodes alone', from('172.18.0.0/24'), all('undecided', 'tunnel-source')],
    ['the addresses of tunnels alone', from('10.244.9.0/32'), all('undecided', 'tunnel-source')],
    ['both', from('172.18.0.0/24', '10.244.9.0/32'), all('allowed')],
    ['everything', from('0.0.0.0/0'), all('allowed')],
    ['neither', from('203.0.113.0/24'), all('denied')],
    ['both, where no policy isolates the pod', '', all('allowed')],
  ])('a rule means %s', (_, policy, expected) => {
    expect(asked(policy)).toEqual(expected);
  });

  it('on its own node it comes by no tunnel', () => {
    expect(asked(from('172.18.0.0/24'), 'n2')).toEqual(all('allowed'));
    expect(asked(from('203.0.113.0/24'), 'n2')).toEqual(all('allowed'));
  });

  it('a comparison says what opening the tunnels decides, and what forgetting the nodes leaves open', () => {
    const rows = (before: string, after: string) =>
      [...changedRows(diffOf(shop(before), shop(after), calico()))]
        .filter(({ from, to }) => from.startsWith('shop/frontend') && to.startsWith('shop/cart'))
        .map(({ perhapsOpened, perhapsClosed, because }) => [
          isNoPorts(perhapsOpened) ? '' : 'perhaps opened',
          isNoPorts(perhapsClosed) ? '' : 'perhaps closed',
          ...because.map(({ code }) => code),
        ]);
    expect(rows(from('172.18.0.0/24'), from('172.18.0.0/24', '10.244.9.0/32'))).toEqual([['perhaps opened', '', 'tunnel-source']]);
    expect(rows(from('172.18.0.0/24', '10.244.9.0/32'), from('10.244.9.0/32'))).toEqual([['', 'perhaps closed', 'tunnel-source']]);
    expect(rows(from('172.18.0.0/24'), from('172.18.0.0/25'))).toEqual([]);
  });
});
