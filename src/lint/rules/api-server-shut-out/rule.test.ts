import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { apiServerShutOut } from './rule.ts';

const hook =
  'apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: { name: h }\nwebhooks: [{ clientConfig: { service: { name: frontend, namespace: shop, port: 80 } } }]\n';
const api =
  'apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: { name: v1.custom.metrics }\nspec: { service: { name: cart, namespace: shop, port: 7070 } }\n';
const ingress = (rules: string) => policy('in', `podSelector: {}\ningress: [${rules}]`);

describe('api-server-shut-out', () => {
  it.each([
    ['pods only', '{ from: [{ namespaceSelector: {} }] }', ['1 error shut']],
    ['another port', '{ ports: [{ port: 80 }] }', ['1 error shut']],
    ['the target port for everybody', '{ ports: [{ port: 8080 }] }', []],
    ['an address', '{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }', []],
  ])('a webhook whose pods let in %s', (_, rules, expected) => {
    expect(found(apiServerShutOut, stream(ingress(rules), SHOP, hook))).toEqual(expected);
  });
  it('knows aggregated APIs too, and pods that nobody isolates', () => {
    expect(found(apiServerShutOut, stream(ingress(''), SHOP, api))).toEqual(['1 error shut']);
    expect(found(apiServerShutOut, stream(SHOP, api, hook))).toEqual([]);
  });
});
