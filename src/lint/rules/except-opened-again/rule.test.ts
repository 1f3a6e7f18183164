import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { exceptOpenedAgain } from './rule.ts';

const egress = (...rules: string[]) => `podSelector: {}\npolicyTypes: [Egress]\negress:\n${rules.map((rule) => `- ${rule}`).join('\n')}`;
const own = '{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8] } }] }';

describe('except-opened-again', () => {
  it.each([
    ['a wider block', '{ to: [{ ipBlock: { cidr: 0.0.0.0/1 } }] }', ['8 warning opened']],
    ['everybody on one port', '{ ports: [{ port: 443 }] }', ['8 warning opened']],
    ['a block inside the hole', '{ to: [{ ipBlock: { cidr: 10.1.2.3/32 } }] }', []],
    ['a block beside the hole', '{ to: [{ ipBlock: { cidr: 192.168.0.0/16 } }] }', []],
    ['pods by label', '{ to: [{ podSelector: {} }] }', []],
  ])('%s', (_, other, expected) => {
    expect(found(exceptOpenedAgain, policy('cart', egress(own, other)))).toEqual(expected);
  });
  it('does not mind other ports', () => {
    const https = own.replace(' }', ' }').replace('}] }', '}], ports: [{ port: 443 }] }');
    const mail = '{ to: [{ ipBlock: { cidr: 0.0.0.0/1 } }], ports: [{ port: 25 }] }';
    expect(found(exceptOpenedAgain, policy('cart', egress(https, mail)))).toEqual([]);
  });
  it('looks at other policies for the same pods, and not at those for others', () => {
    const wide = 'policyTypes: [Egress]\negress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }]';
    expect(found(exceptOpenedAgain, stream(policy('cart', egress(own)), policy('more', `podSelector: {}\n${wide}`)))).toEqual([
      '8 warning opened',
    ]);
    expect(found(exceptOpenedAgain, stream(policy('cart', egress(own)), policy('more', `podSelector: {}\n${wide}`, 'stage')))).toEqual([]);
  });
});
