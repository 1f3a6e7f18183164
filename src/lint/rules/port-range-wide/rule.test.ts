import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { portRangeWide } from './rule.ts';

const ingress = (rule: string) => policy('cart', `podSelector: { matchLabels: { app: cart } }\ningress:\n- ${rule}`);

describe('port-range-wide', () => {
  it.each([
    ['ports: [{ port: 1, endPort: 65535 }]', ['7 warning range']],
    ['ports: [{ port: 30000, endPort: 32767 }]', []],
    ['from: [{ podSelector: {} }]', ['7 note noPorts']],
    ['{ from: [{ podSelector: {} }], ports: [{ port: 7070 }] }', []],
    ['{}', []],
  ])('%s', (rule, expected) => {
    expect(found(portRangeWide, stream(ingress(rule), SHOP))).toEqual(expected);
  });
  it('does not speak of missing ports where it does not see what the pods declare', () => {
    expect(found(portRangeWide, ingress('from: [{ podSelector: {} }]'))).toEqual([]);
  });
});
