import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { ciliumNamesWithoutDnsRule } from './rule.ts';

const cilium = (spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { endpointSelector: {}, ${spec} }
`;

describe('cilium-names-without-dns-rule', () => {
  it.each<[string, readonly string[]]>([
    ['egress: [{ toFQDNs: [{ matchName: api.example.com }] }]', ['4 error unlearnt']],
    [
      'egress: [{ toFQDNs: [{ matchName: api.example.com }] }, { toPorts: [{ ports: [{ port: "53" }], rules: { dns: [{ matchPattern: "*" }] } }] }]',
      [],
    ],
    ['egress: [{ toEntities: [world] }]', []],
  ])('%s', (spec, expected) => {
    expect(found(ciliumNamesWithoutDnsRule, cilium(spec))).toEqual(expected);
    expect(found(ciliumNamesWithoutDnsRule, cilium(spec), { cni: 'cilium' })).toEqual(expected);
  });
});
