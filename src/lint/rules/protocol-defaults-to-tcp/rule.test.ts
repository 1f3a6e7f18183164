import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, stream } from '../../../../tests/lint/shop.ts';
import { protocolDefaultsToTcp } from './rule.ts';

const ingress = (ports: string) => policy('dns', `podSelector: {}\ningress: [{ ports: [${ports}] }]`, 'kube-system');
const egress = (ports: string) =>
  policy('dns', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [{ namespaceSelector: {} }], ports: [${ports}] }]`);
const statsd =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: s, namespace: kube-system }\nspec: { containers: [{ name: m, ports: [{ containerPort: 8125, protocol: UDP }] }] }\n';

describe('protocol-defaults-to-tcp', () => {
  it('knows with which protocol the pods declare the number', () => {
    expect(found(protocolDefaultsToTcp, stream(ingress('{ port: 8125 }'), statsd))).toEqual(['6 warning declaredOther']);
    expect(findings(protocolDefaultsToTcp, stream(ingress('{ port: 8125 }'), statsd))[0]?.fix?.edits).toMatchObject([
      { kind: 'add-entry', key: 'protocol', value: 'UDP' },
    ]);
    expect(found(protocolDefaultsToTcp, stream(ingress('{ port: 8125, protocol: UDP }'), statsd))).toEqual([]);
    expect(found(protocolDefaultsToTcp, stream(ingress('{ port: 8125, protocol: TCP }'), statsd))).toEqual([]);
    expect(found(protocolDefaultsToTcp, stream(ingress('{ port: 53 }'), DNS))).toEqual([]);
  });
  it('speaks of port 53 in an egress rule without UDP', () => {
    expect(found(protocolDefaultsToTcp, egress('{ port: 53 }'))).toEqual(['7 warning dns']);
    expect(found(protocolDefaultsToTcp, egress('{ port: 53 }, { port: 53, protocol: UDP }'))).toEqual([]);
    expect(found(protocolDefaultsToTcp, egress('{ port: 443 }'))).toEqual([]);
  });
});
