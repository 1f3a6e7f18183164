import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

const protocol = (text: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - { port: 53, protocol: ${text} }`);

describe('protocol-unknown', () => {
  it.each([
    ['udp', ['8 error lowerCase']],
    ['Sctp', ['8 error lowerCase']],
    ['ICMP', ['8 error icmp']],
    ['ANY', ['8 error unknown']],
    ['UDP', []],
  ])('%s', (text, expected) => {
    expect(found('protocol-unknown', protocol(text))).toEqual(expected);
  });
  it('mends the case only', () => {
    expect(only('protocol-unknown', protocol('udp'))[0]?.fix?.edits).toMatchObject([{ value: 'UDP' }]);
    expect(only('protocol-unknown', protocol('ICMP'))[0]?.fix).toBeUndefined();
  });
});
