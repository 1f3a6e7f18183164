import { describe, expect, it } from 'vitest';
import { findings } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { kubeRouterOpensEveryPort } from './rule.ts';

const PODS = ['frontend', 'cart']
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main, ports: [{ name: http, containerPort: 80 }] }] }\n`,
  )
  .join('');
const BAD =
  policy('named', `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from: [{ podSelector: {} }]\n  ports: [{ port: nothing }]`) + PODS;
const GOOD =
  policy(
    'named',
    `podSelector: {}\npolicyTypes: [Ingress]\ningress:\n- from: [{ podSelector: {} }]\n  ports: [{ port: nothing }, { port: 80 }]`,
  ) + PODS;

describe('kube-router-opens-every-port', () => {
  it('speaks of the shape, under kube-router alone', () => {
    expect(findings(kubeRouterOpensEveryPort, BAD, { cni: 'k3s' })).toHaveLength(1);
    expect(findings(kubeRouterOpensEveryPort, GOOD, { cni: 'k3s' })).toEqual([]);
    expect(findings(kubeRouterOpensEveryPort, BAD, { cni: 'calico' })).toEqual([]);
    expect(findings(kubeRouterOpensEveryPort, BAD)).toEqual([]);
  });
  it('has a repair', () => {
    expect(findings(kubeRouterOpensEveryPort, BAD, { cni: 'k3s' })[0]?.fix?.edits.length).toBeGreaterThan(0);
  });
});
