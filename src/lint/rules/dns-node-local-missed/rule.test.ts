import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, stream } from '../../../../tests/lint/shop.ts';
import { dnsNodeLocalMissed } from './rule.ts';

const cache = (spec: string) => `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: node-local-dns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: node-local-dns } }
  template:
    metadata: { labels: { k8s-app: node-local-dns } }
    spec: { ${spec} containers: [{ name: node-cache, image: example/cache, args: ["-localip", "169.254.20.10"] }] }
`;
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: cart, namespace: shop, labels: { app: cart } }\nspec: { nodeName: a, containers: [] }\n';
const to = (peer: string) =>
  policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [${peer}], ports: [{ port: 53, protocol: UDP }, { port: 53 }] }]`);
const kubeDns = '{ namespaceSelector: {}, podSelector: { matchLabels: { k8s-app: kube-dns } } }';

describe('dns-node-local-missed', () => {
  it('knows that selectors do not see the cache in its node’s network', () => {
    expect(found(dnsNodeLocalMissed, stream(to(kubeDns), pod, cache('hostNetwork: true,'), DNS), { cni: 'cilium' })).toEqual([
      '1 error cache',
    ]);
  });
  it('takes an ipBlock for its address on a CNI that holds blocks against nodes', () => {
    const yaml = stream(to('{ ipBlock: { cidr: 169.254.20.10/32 } }'), pod, cache('hostNetwork: true,'), DNS);
    expect(found(dnsNodeLocalMissed, yaml, { cni: 'calico' })).toEqual([]);
  });
  it('speaks of a cache that is an ordinary pod', () => {
    expect(found(dnsNodeLocalMissed, stream(to(kubeDns), pod, cache(''), DNS))).toEqual(['1 error pods']);
  });
  it('has nothing to say without a cache', () => {
    expect(found(dnsNodeLocalMissed, stream(to(kubeDns), pod, DNS))).toEqual([]);
  });
});
