import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { exceptOutsideBlock } from './refusals.ts';

const except = (text: string) =>
  policy(
    'checkout',
    `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - ipBlock:\n      cidr: 10.0.0.0/16\n      except: ["${text}"]`,
  );

describe('except-outside-block', () => {
  it.each([
    ['192.168.0.0/24', ['11 error outside']],
    ['2001:db8::/64', ['11 error outside']],
    ['10.0.0.0/16', ['11 error wholeBlock']],
    ['10.0.0.0/8', ['11 error wholeBlock']],
    ['10.0.7.0/24', []],
  ])('%s in 10.0.0.0/16', (text, expected) => {
    expect(found(exceptOutsideBlock, except(text))).toEqual(expected);
  });
  it('removes only what cuts nothing out', () => {
    expect(findings(exceptOutsideBlock, except('192.168.0.0/24'))[0]?.fix?.edits).toMatchObject([{ kind: 'remove' }]);
    expect(findings(exceptOutsideBlock, except('10.0.0.0/16'))[0]?.fix).toBeUndefined();
  });
});
