import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { ciliumPortsForEveryone } from './rule.ts';

const cilium = (spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { endpointSelector: {}, ${spec} }
`;

describe('cilium-ports-for-everyone', () => {
  it.each<[string, readonly string[]]>([
    ['ingress: [{ toPorts: [{ ports: [{ port: "80" }] }] }]', ['4 warning noPeer']],
    ['egress: [{ toServices: [{ k8sService: { serviceName: catr } }], toPorts: [{ ports: [{ port: "80" }] }] }]', ['4 error noService']],
    ['ingress: [{ fromEntities: [all], toPorts: [{ ports: [{ port: "80" }] }] }]', []],
    ['ingress: [{ fromEndpoints: [], toPorts: [{ ports: [{ port: "80" }] }] }]', []],
  ])('%s', (spec, expected) => {
    expect(found(ciliumPortsForEveryone, cilium(spec))).toEqual(expected);
    expect(found(ciliumPortsForEveryone, cilium(spec), { cni: 'cilium' })).toEqual(expected);
  });
});
