import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { ipblockForNodes } from './rule.ts';

const node = 'apiVersion: v1\nkind: Node\nmetadata: { name: n }\nstatus: { addresses: [{ type: InternalIP, address: 192.168.0.7 }] }\n';
const from = (cidr: string) => policy('in', `podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: ${cidr} } }] }]`);

describe('ipblock-for-nodes', () => {
  it.each([
    ['192.168.0.0/24', 'cilium', ['6 error nodes']],
    ['192.168.0.0/24', 'calico', []],
    ['192.168.0.0/24', 'kubernetes', []],
    ['203.0.113.0/24', 'cilium', []],
    ['0.0.0.0/0', 'cilium', []],
  ])('%s on %s', (cidr, cni, expected) => {
    expect(found(ipblockForNodes, stream(from(cidr), node), { cni })).toEqual(expected);
  });

  const tunnelled = node.replace('name: n ', 'name: n, annotations: { projectcalico.org/IPv4IPIPTunnelAddr: 10.244.8.1 } ');
  it.each([
    ['the addresses of nodes alone', from('192.168.0.0/24'), 'calico', ['6 warning tunnel']],
    ['those of the tunnels too', from('192.168.0.0/24 } }, { ipBlock: { cidr: 10.244.8.1/32'), 'calico', []],
    ['others', from('203.0.113.0/24'), 'calico', []],
    ['nodes on a CNI whose blocks never mean them', from('192.168.0.0/24'), 'cilium', ['6 error nodes']],
    ['nodes that pods call', policy('out', 'podSelector: {}\negress: [{ to: [{ ipBlock: { cidr: 192.168.0.0/24 } }] }]'), 'calico', []],
  ])('where nodes have tunnels, a rule for %s', (_, rule, cni, expected) => {
    expect(found(ipblockForNodes, stream(rule, tunnelled), { cni })).toEqual(expected);
  });
});
