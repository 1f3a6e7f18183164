import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { calicoTypesLeftOut } from './rule.ts';

const calico = (spec: string, kind = 'NetworkPolicy') => `apiVersion: projectcalico.org/v3
kind: ${kind}
metadata: { name: cart, namespace: shop }
spec: { selector: all(), ${spec} }
`;
const egress = 'egress: [{ action: Allow }]';

describe('calico-types-left-out', () => {
  it('finds egress rules alone', () => {
    expect(found(calicoTypesLeftOut, calico(egress))).toEqual(['4 warning egressOnly']);
    expect(found(calicoTypesLeftOut, calico(egress, 'GlobalNetworkPolicy'))).toEqual(['4 warning egressOnly']);
  });
  it('says of the stored form that it governs both', () => {
    const stored = (spec: string) => calico(spec).replace('projectcalico.org/v3', 'crd.projectcalico.org/v1');
    expect(found(calicoTypesLeftOut, stored(egress))).toEqual(['4 warning storedWithoutTypes']);
    expect(found(calicoTypesLeftOut, stored(`types: [Egress], ${egress}`))).toEqual([]);
  });
  it.each([`types: [Egress], ${egress}`, `${egress}, ingress: [{ action: Deny }]`, 'ingress: [{ action: Allow }]'])(
    'has nothing to say about %s',
    (spec) => {
      expect(found(calicoTypesLeftOut, calico(spec))).toEqual([]);
    },
  );
  it('has nothing to say about a NetworkPolicy', () => {
    expect(found(calicoTypesLeftOut, policy('p', 'podSelector: {}\negress: [{}]'))).toEqual([]);
  });
});
