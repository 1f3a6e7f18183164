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
});
