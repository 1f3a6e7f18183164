import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { dnsUdpOnly } from './rule.ts';

const dns = (ports: string, name = 'dns') =>
  policy(
    name,
    `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ namespaceSelector: {} }]\n  ports:\n${ports
      .split(' ')
      .map((protocol) => `  - { protocol: ${protocol}, port: 53 }`)
      .join('\n')}`,
  );

describe('dns-udp-only', () => {
  it('points at the UDP port of the rule, and adds TCP', () => {
    const yaml = stream(dns('UDP'), SHOP, DNS);
    expect(found(dnsUdpOnly, yaml)).toEqual(['10 warning udpOnly']);
    expect(findings(dnsUdpOnly, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'add-item', value: { protocol: 'TCP', port: 53 } }]);
  });
  it('counts the union: another policy may open TCP', () => {
    expect(found(dnsUdpOnly, stream(dns('UDP'), dns('TCP', 'tcp'), SHOP, DNS))).toEqual([]);
    expect(found(dnsUdpOnly, stream(dns('UDP TCP'), SHOP, DNS))).toEqual([]);
  });
  it('judges policies alone by their namespace', () => {
    expect(found(dnsUdpOnly, dns('UDP'))).toEqual(['10 warning udpOnly']);
    expect(found(dnsUdpOnly, stream(dns('UDP'), dns('TCP', 'tcp')))).toEqual([]);
  });
});
