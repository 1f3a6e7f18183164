import { describe, expect, it } from 'vitest';
import { findings } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { kubeRouterExceptCutsOthers } from './rule.ts';

const PODS = ['frontend', 'cart']
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main, ports: [{ name: http, containerPort: 80 }] }] }\n`,
  )
  .join('');
const BAD =
  policy(
    'blocks',
    `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - ipBlock: { cidr: 10.0.0.0/8, except: [10.9.8.0/24] }\n  - ipBlock: { cidr: 10.9.0.0/16 }`,
  ) + PODS;
const GOOD =
  policy(
    'blocks',
    `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from:\n  - ipBlock: { cidr: 10.0.0.0/8, except: [10.9.0.0/16] }\n  - ipBlock: { cidr: 10.9.8.0/24 }`,
  ) + PODS;

describe('kube-router-except-cuts-others', () => {
  it('speaks of the shape, under kube-router alone', () => {
    expect(findings(kubeRouterExceptCutsOthers, BAD, { cni: 'k3s' })).toHaveLength(1);
    expect(findings(kubeRouterExceptCutsOthers, GOOD, { cni: 'k3s' })).toEqual([]);
    expect(findings(kubeRouterExceptCutsOthers, BAD, { cni: 'calico' })).toEqual([]);
    expect(findings(kubeRouterExceptCutsOthers, BAD)).toEqual([]);
  });
  it('has a repair', () => {
    expect(findings(kubeRouterExceptCutsOthers, BAD, { cni: 'k3s' })[0]?.fix?.edits.length).toBeGreaterThan(0);
  });
});
