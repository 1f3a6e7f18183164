import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ipblockIsEverything } from './rule.ts';

const to = (block: string, ports = '') =>
  policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ ipBlock: { ${block} } }]${ports} }]`);
const PRIVATE = 'except: [10.0.0.0/8, 100.64.0.0/10, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]';

describe('ipblock-is-everything', () => {
  it.each([
    ['the world', to('cidr: 0.0.0.0/0'), ['7 warning metadata']],
    ['the world but private networks', to('cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16]'), ['7 warning metadata']],
    ['half the world', to('cidr: 128.0.0.0/1'), ['7 warning metadata']],
    ['the world on 443', to('cidr: 0.0.0.0/0', ', ports: [{ port: 443 }]'), ['7 note privateToo']],
    ['the world but the metadata service', to('cidr: 0.0.0.0/0, except: [169.254.169.254/32]'), ['7 note privateToo']],
    ['the world but everything private', to(`cidr: 0.0.0.0/0, ${PRIVATE}`), []],
    ['the metadata service itself', to('cidr: 169.254.169.254/32'), []],
    ['a network', to('cidr: 203.0.113.0/24'), []],
    ['the world of IPv6', to('cidr: "::/0"'), ['7 note privateToo']],
    ['DNS to the world', to('cidr: 0.0.0.0/0', ', ports: [{ port: 53, protocol: UDP }]'), []],
    ['ingress', policy('in', 'podSelector: {}\ningress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]'), ['6 note ingress']],
  ])('%s', (_, yaml, expected) => {
    expect(found(ipblockIsEverything, yaml)).toEqual(expected);
  });
});
