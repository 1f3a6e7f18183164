import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { ciliumLabelNotInIdentity } from './rule.ts';

const cilium = (spec: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { endpointSelector: {}, ${spec} }
`;

describe('cilium-label-not-in-identity', () => {
  it.each<[string, readonly string[]]>([
    ['ingress: [{ fromEndpoints: [{ matchLabels: { pod-template-hash: x } }] }]', ['4 error unseen']],
    ['ingress: [{ fromEndpoints: [{ matchLabels: { app.kubernetes.io/name: cart } }] }]', []],
    ['ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: k8s:kubernetes.io/os, operator: Exists }] }] }]', ['4 error unseen']],
  ])('%s', (spec, expected) => {
    expect(found(ciliumLabelNotInIdentity, cilium(spec))).toEqual(expected);
    expect(found(ciliumLabelNotInIdentity, cilium(spec), { cni: 'cilium' })).toEqual(expected);
  });
});
