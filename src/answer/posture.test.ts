import { describe, expect, it } from 'vitest';
import { checkerOf } from '../../tests/schemas/documents.ts';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { mapOptions } from '../question/map.ts';
import { postureOf } from '../question/posture.ts';
import { connectionsOf } from '../reach/connections.ts';
import { reachOf } from '../reach/reach.ts';
import { postureCsv, postureMarkdown } from '../report/posture.ts';
import { postureDocument } from './posture.ts';

const pod = (name: string, namespace: string, spec = '') => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {${spec}containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
---`;
const policy = (name: string, namespace: string, spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
---`;

const SHOP = [
  pod('frontend', 'web'),
  pod('cart', 'shop'),
  pod('checkout', 'shop'),
  pod('agent', 'shop', 'hostNetwork: true, '),
  policy(
    'cart',
    'shop',
    '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {}}]}, {from: [{namespaceSelector: {}}]}]}',
  ),
  policy('default-deny', 'web', '{podSelector: {}, policyTypes: [Ingress, Egress], egress: [{}]}'),
].join('');
const plain = semanticsNamed('kubernetes');
const posture = (text: string, marked: readonly string[] = [], cni = 'calico') =>
  postureOf(clusterOf(text), semanticsNamed(cni), { marked, namespace: 'shop' });

describe('the posture of a cluster', () => {
  it('counts policies and rules by kind', () => {
    expect(posture(SHOP).policies).toEqual([{ kind: 'NetworkPolicy', policies: 2, rules: 3 }]);
    expect(posture(pod('cart', 'shop')).policies).toEqual([]);
  });

  it('counts the pods that each direction isolates; pods on their node are exempt', () => {
    const [shop, web] = posture(SHOP).namespaces;
    expect(shop).toMatchObject({ namespace: 'shop', pods: 3, policies: 1 });
    expect(shop?.ingress).toMatchObject({ isolated: 1, open: 1, undecided: 0, exempt: 1 });
    expect(shop?.egress).toMatchObject({ isolated: 0, open: 2, exempt: 1 });
    expect(web?.ingress).toMatchObject({ isolated: 1, open: 0 });
    expect(posture(SHOP).ingress).toEqual({ isolated: 2, open: 1, undecided: 0, exempt: 1 });
  });

  it('calls a namespace default-deny where a new pod would be isolated, whichever policy does it', () => {
    const [shop, web] = posture(SHOP).namespaces;
    expect([shop?.ingress.newPod, shop?.ingress.newPodPolicies]).toEqual(['open', []]);
    expect([web?.ingress.newPod, web?.egress.newPod, web?.ingress.newPodPolicies]).toEqual(['isolated', 'isolated', ['web/default-deny']]);
  });

  it('leaves undecided what only an unreadable policy may isolate', () => {
    const broken = policy('broken', 'shop', '{podSelector: {matchLabels: {app: checkout}}, ingress: [{ports: [{port: 99999}]}]}');
    const [shop] = posture(SHOP + broken).namespaces;
    expect(shop?.ingress).toMatchObject({ isolated: 1, open: 0, undecided: 1 });
  });

  it('counts every pod as open where nothing enforces policies', () => {
    expect(posture(SHOP, [], 'flannel')).toMatchObject({ enforces: 'no', ingress: { isolated: 0, open: 3, exempt: 1 } });
  });

  it('tells who can reach what was marked, and says of a mark that means nothing that it does', () => {
    const [cart, checkout, shop, missing] = posture(SHOP, ['cart', 'shop/checkout', 'ns/shop', 'shop/basket']).marked;
    expect(cart).toMatchObject({ ends: ['shop/cart[Pod]'], workloads: 2, namespaces: ['shop', 'web'], outside: false });
    expect(checkout).toMatchObject({ workloads: 3, outside: true });
    expect(shop?.ends).toEqual(['shop/cart[Pod]', 'shop/checkout[Pod]', 'shop/agent[Pod]']);
    expect(missing).toMatchObject({ mark: 'shop/basket', ends: [], workloads: 0 });
  });

  it('fits its schema, in CSV and Markdown too', () => {
    const document = postureDocument(posture(SHOP, ['cart', 'shop/basket']));
    expect(checkerOf('posture')(JSON.parse(JSON.stringify(document)))).toEqual([]);
    expect(postureCsv(document).split('\n')[3]).toBe('web,ingress,1,1,1,0,0,0,isolated,web/default-deny');
    expect(postureMarkdown(document)).toContain('| web | 1 | 1 | 1 of 1 | yes | 1 of 1 | yes |');
  });
});

it('a map with a namespace in focus has the connections of all its workloads', () => {
  const cluster = clusterOf(SHOP);
  const wish = mapOptions(cluster, { namespace: 'default', focus: ['ns/web'], direction: 'egress' });
  if ('code' in wish) throw new Error(wish.code);
  const rows = connectionsOf(reachOf(cluster, plain), wish).connections;
  expect([...new Set(rows.map(({ from }) => from))]).toEqual(['web/frontend[Pod]']);
  expect(rows.map(({ to }) => to)).toContain('shop/cart[Pod]');
  expect(mapOptions(cluster, { namespace: 'default', focus: ['ns/none'] })).toMatchObject({ code: 'no-such-end' });
});
