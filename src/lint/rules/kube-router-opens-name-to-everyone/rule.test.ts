import { describe, expect, it } from 'vitest';
import { findings } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { kubeRouterOpensNameToEveryone } from './rule.ts';

const PODS = ['frontend', 'cart']
  .map(
    (name) =>
      `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: main, ports: [{ name: http, containerPort: 80 }] }] }\n`,
  )
  .join('');
const BAD = policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- ports: [{ port: http }]`) + PODS;
const GOOD =
  policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [{ namespaceSelector: {} }]\n  ports: [{ port: http }]`) + PODS;

describe('kube-router-opens-name-to-everyone', () => {
  it('speaks of the shape, under kube-router alone', () => {
    expect(findings(kubeRouterOpensNameToEveryone, BAD, { cni: 'k3s' })).toHaveLength(1);
    expect(findings(kubeRouterOpensNameToEveryone, GOOD, { cni: 'k3s' })).toEqual([]);
    expect(findings(kubeRouterOpensNameToEveryone, BAD, { cni: 'calico' })).toEqual([]);
    expect(findings(kubeRouterOpensNameToEveryone, BAD)).toEqual([]);
  });
  it('has a repair', () => {
    expect(findings(kubeRouterOpensNameToEveryone, BAD, { cni: 'k3s' })[0]?.fix?.edits.length).toBeGreaterThan(0);
  });
});
