import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { dnsToAnywhere } from './rule.ts';

const egress = (rule: string) => policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- ${rule}`);

describe('dns-to-anywhere', () => {
  it.each([
    ['ports: [{ port: 53, protocol: UDP }]', ['8 warning anywhere']],
    ['{ to: [], ports: [{ port: 53, protocol: UDP }] }', ['8 warning anywhere']],
    ['{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 53, protocol: UDP }] }', ['8 warning anywhere']],
    ['{ to: [{ ipBlock: { cidr: 10.0.0.10/32 } }], ports: [{ port: 53, protocol: UDP }] }', []],
    ['{ to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: UDP }] }', []],
    ['ports: [{ port: 53, protocol: UDP }, { port: 443 }]', []],
    ['{}', []],
  ])('%s', (rule, expected) => {
    expect(found(dnsToAnywhere, egress(rule))).toEqual(expected);
  });
  it('does not speak of ingress to a DNS server', () => {
    expect(found(dnsToAnywhere, policy('dns', 'podSelector: {}\ningress: [{ ports: [{ port: 53, protocol: UDP }] }]'))).toEqual([]);
  });
});
