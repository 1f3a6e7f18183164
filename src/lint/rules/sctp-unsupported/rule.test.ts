import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { sctpUnsupported } from './rule.ts';

const rule = (protocol: string) => policy('s', `podSelector: {}\ningress: [{ ports: [{ port: 36412, protocol: ${protocol} }] }]`);

describe('sctp-unsupported', () => {
  it.each([
    ['SCTP', 'cilium', ['6 warning open']],
    ['SCTP', 'calico', []],
    ['SCTP', 'kubernetes', []],
    ['TCP', 'cilium', []],
  ])('%s on %s', (protocol, cni, expected) => {
    expect(found(sctpUnsupported, rule(protocol), { cni })).toEqual(expected);
  });
});
