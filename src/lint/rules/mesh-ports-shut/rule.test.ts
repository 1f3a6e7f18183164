import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { meshPortsShut } from './rule.ts';

const pod = (container: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: mesh }\nspec: { containers: [{ name: main }, { name: ${container} }] }\n`;
const egress = (rules: string) => policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [${rules}]`, 'mesh');

describe('mesh-ports-shut', () => {
  it.each([
    ['istio-proxy', '{ ports: [{ port: 443 }] }', ['1 warning controlPlane']],
    ['istio-proxy', '{ ports: [{ port: 15012 }] }', []],
    ['istio-proxy', '{}', []],
    ['linkerd-proxy', '{ ports: [{ port: 8080 }] }', ['1 warning controlPlane']],
    ['linkerd-proxy', '{ ports: [{ port: 8080 }, { port: 8086 }] }', []],
    ['nginx', '', []],
  ])('a pod with %s and %s', (container, rules, expected) => {
    expect(found(meshPortsShut, stream(egress(rules), pod(container)))).toEqual(expected);
  });
  it('knows namespaces that inject, and the ambient mesh', () => {
    const shop = (label: string) => SHOP.replace('team: retail', label);
    expect(found(meshPortsShut, stream(policy('out', 'podSelector: {}\npolicyTypes: [Egress]'), shop('istio-injection: enabled')))).toEqual(
      ['1 warning controlPlane'],
    );
    const ingress = (port: number) => policy('in', `podSelector: {}\ningress: [{ ports: [{ port: ${port} }] }]`);
    expect(found(meshPortsShut, stream(ingress(80), shop('istio.io/dataplane-mode: ambient')))).toEqual(['1 warning ambient']);
    expect(found(meshPortsShut, stream(ingress(15008), shop('istio.io/dataplane-mode: ambient')))).toEqual([]);
  });
});
