import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { adminPortMatchesNothing } from './rule.ts';

const admin = (port: string) => `apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: guard }
spec:
  priority: 10
  subject: { namespaces: {} }
  ingress:
    - action: Deny
      from: [{ namespaces: {} }]
      ports:
        - ${port}
`;

describe('admin-port-matches-nothing', () => {
  it.each([
    ['a range that ends before it starts', 'portRange: { start: 9000, end: 8000 }', ['11 error reversed']],
    ['a range of one port', 'portRange: { start: 8000, end: 8000 }', []],
    ['a range', 'portRange: { start: 8000, end: 9000, protocol: UDP }', []],
    ['a protocol in small letters', 'portNumber: { protocol: tcp, port: 80 }', ['11 error protocol']],
    ['ICMP, which has no ports', 'portRange: { protocol: ICMP, start: 1, end: 2 }', ['11 error protocol']],
    ['a port without a protocol, which is TCP', 'portNumber: { port: 80 }', []],
    ['a name', 'namedPort: http', []],
  ])('%s', (_, port, expected) => expect(found(adminPortMatchesNothing, admin(port))).toEqual(expected));

  it('says that nothing is denied', () => {
    expect(said(adminPortMatchesNothing, admin('portRange: { start: 9000, end: 8000 }'))).toEqual([
      '`guard` ingress[0] has a port range from 9000 to 8000, which matches no port',
    ]);
  });

  it('leaves ClusterNetworkPolicies to the API server, which rejects such a range', () => {
    const cnp = admin('tcp: { destinationPort: { range: { start: 9, end: 8 } } }')
      .replace('v1alpha1', 'v1alpha2')
      .replace('AdminNetworkPolicy', 'ClusterNetworkPolicy')
      .replace('  priority', '  tier: Admin\n  priority')
      .replace('ports:', 'protocols:');
    expect(found(adminPortMatchesNothing, cnp)).toEqual([]);
  });
});
