import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { dnsPodsShut } from './rule.ts';

const dns = (spec: string) => policy('dns', `podSelector: { matchLabels: { k8s-app: kube-dns } }\n${spec}`, 'kube-system');

describe('dns-pods-shut', () => {
  it.each([
    ['nobody is let in', 'policyTypes: [Ingress]', ['1 error everybody']],
    ['only the own namespace is let in', 'ingress: [{ from: [{ podSelector: {} }] }]', ['1 error clients']],
    ['another port is open', 'ingress: [{ ports: [{ port: 9153 }] }]', ['1 error clients']],
    ['every namespace is let in', 'ingress: [{ from: [{ namespaceSelector: {} }] }]', []],
    ['they may send nothing', 'policyTypes: [Egress]', ['1 warning upstream']],
    ['they may only call pods', 'policyTypes: [Egress]\negress: [{ to: [{ podSelector: {} }] }]', ['1 warning upstream']],
    ['they may leave', 'policyTypes: [Egress]\negress: [{}]', []],
  ])('%s', (_, spec, expected) => {
    expect(found(dnsPodsShut, stream(dns(spec), SHOP, DNS))).toEqual(expected);
  });
  it('has nothing to say about other pods of the namespace', () => {
    expect(found(dnsPodsShut, stream(policy('x', 'podSelector: { matchLabels: { app: other } }', 'kube-system'), SHOP, DNS))).toEqual([]);
  });
});
