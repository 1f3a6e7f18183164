import { describe, expect, it } from 'vitest';
import { findings } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { kubeRouterOpensBothWays } from './rule.ts';

const PODS = ['frontend', 'cart']
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main, ports: [{ name: http, containerPort: 80 }] }] }\n`,
  )
  .join('');
const BAD = policy('both', `podSelector: {}\npolicyTypes: [Ingress, Egress]\ningress:\n- from: [{ podSelector: {} }]`) + PODS;
const GOOD = policy('both', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from: [{ podSelector: {} }]`) + PODS;

describe('kube-router-opens-both-ways', () => {
  it('speaks of the shape, under kube-router alone', () => {
    expect(findings(kubeRouterOpensBothWays, BAD, { cni: 'k3s' })).toHaveLength(1);
    expect(findings(kubeRouterOpensBothWays, GOOD, { cni: 'k3s' })).toEqual([]);
    expect(findings(kubeRouterOpensBothWays, BAD, { cni: 'calico' })).toEqual([]);
    expect(findings(kubeRouterOpensBothWays, BAD)).toEqual([]);
  });
});
