import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { ciliumDenyIsolates } from './rule.ts';

const cilium = (spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { endpointSelector: {}, ${spec} }
`;

describe('cilium-deny-isolates', () => {
  it.each<[string, readonly string[]]>([
    ['ingressDeny: [{ fromEntities: [world] }]', ['4 warning isolates']],
    ['enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEntities: [world] }]', []],
    ['ingress: [{ fromEntities: [cluster] }], ingressDeny: [{ fromEntities: [world] }]', []],
  ])('%s', (spec, expected) => {
    expect(found(ciliumDenyIsolates, cilium(spec))).toEqual(expected);
    expect(found(ciliumDenyIsolates, cilium(spec), { cni: 'cilium' })).toEqual(expected);
  });
});
