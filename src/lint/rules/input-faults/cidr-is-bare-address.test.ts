import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { cidrIsBareAddress } from './refusals.ts';

const block = (cidr: string) =>
  policy('checkout', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - ipBlock: { cidr: "${cidr}" }`);

describe('cidr-is-bare-address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7/32'],
    ['2001:db8::7', '2001:db8::7/128'],
  ])('%s becomes %s', (address, cidr) => {
    expect(findings(cidrIsBareAddress, block(address))[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: cidr }]);
  });
  it('leaves text that is no address to the API server’s own words', () => {
    expect(found(cidrIsBareAddress, block('shop.example'))).toEqual([]);
  });
});
