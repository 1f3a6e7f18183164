import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { protocolUnknown } from './refusals.ts';

const protocol = (text: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - { port: 53, protocol: ${text} }`);

describe('protocol-unknown', () => {
  it.each([
    ['udp', ['8 error lowerCase']],
    ['Sctp', ['8 error lowerCase']],
    ['ICMP', ['8 error icmp']],
    ['ANY', ['8 error unknown']],
    ['UDP', []],
  ])('%s', (text, expected) => {
    expect(found(protocolUnknown, protocol(text))).toEqual(expected);
  });
  it('mends the case only', () => {
    expect(findings(protocolUnknown, protocol('udp'))[0]?.fix?.edits).toMatchObject([{ value: 'UDP' }]);
    expect(findings(protocolUnknown, protocol('ICMP'))[0]?.fix).toBeUndefined();
  });
});
