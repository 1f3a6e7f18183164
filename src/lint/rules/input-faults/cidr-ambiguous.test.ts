import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { cidrAmbiguous } from './refusals.ts';

const block = (cidr: string) =>
  policy('checkout', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - ipBlock:\n      cidr: ${cidr}`);

describe('cidr-ambiguous', () => {
  it.each([
    ['10.0.0.5/24', ['10 warning hostBits']],
    ['010.0.0.0/8', ['10 warning oddSpelling']],
    ['2001:DB8::/32', ['10 warning oddSpelling']],
    ['10.0.0.0/24', []],
    ['2001:db8::/32', []],
  ])('%s', (cidr, expected) => {
    expect(found(cidrAmbiguous, block(cidr))).toEqual(expected);
  });
  it('mends a spelling, and leaves the choice between network and host to a person', () => {
    expect(findings(cidrAmbiguous, block('010.0.0.0/8'))[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: '10.0.0.0/8' }]);
    expect(findings(cidrAmbiguous, block('10.0.0.5/24'))[0]?.fix).toBeUndefined();
  });
});
