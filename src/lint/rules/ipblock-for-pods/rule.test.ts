import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { ipblockForPods } from './rule.ts';

const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [] }\nstatus: { podIP: 10.244.1.7 }\n';
const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nspec: { podCIDR: 10.244.0.0/16 }\n';
const from = (cidr: string) => policy('in', `podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]`);

describe('ipblock-for-pods', () => {
  it.each([
    ['10.244.1.7/32', 'kubernetes', ['6 warning onePod']],
    ['10.244.9.7/32', 'kubernetes', ['6 warning noPod']],
    ['10.244.9.7/32', 'cilium', ['6 warning noPod']],
    ['10.244.1.0/24', 'kubernetes', ['6 warning podRange']],
    ['10.244.9.0/24', 'kubernetes', ['6 warning podRange']],
    ['10.244.1.7/32', 'cilium', ['6 error never']],
    ['10.0.0.0/8', 'cilium', []],
    ['203.0.113.0/24', 'kubernetes', []],
  ])('%s on %s', (cidr, cni, expected) => {
    expect(found(ipblockForPods, stream(from(cidr), pod, node), { cni })).toEqual(expected);
  });
  it('an address of a tunnel is a node’s, not one that a pod may get', () => {
    const tunnelled = node.replace('name: n', 'name: n, annotations: { projectcalico.org/IPv4VXLANTunnelAddr: 10.244.9.7 }');
    expect(found(ipblockForPods, stream(from('10.244.9.7/32'), pod, tunnelled), { cni: 'calico' })).toEqual([]);
    expect(found(ipblockForPods, stream(from('10.244.9.8/32'), pod, tunnelled), { cni: 'calico' })).toEqual(['6 warning noPod']);
  });
  it('cannot tell without addresses', () => {
    expect(found(ipblockForPods, from('10.244.1.7/32'))).toEqual([]);
  });
});
