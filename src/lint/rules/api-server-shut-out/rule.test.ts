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

  describe('with the API server in the input', () => {
    const server = (address: string) => `apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { ports: [{ name: https, port: 443, targetPort: 6443 }] }
---
apiVersion: v1
kind: Endpoints
metadata: { name: kubernetes, namespace: default }
subsets: [{ addresses: [{ ip: ${address} }], ports: [{ name: https, port: 6443 }] }]
`;
    const block = ingress('{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }');
    it('only a block that holds its address counts', () => {
      expect(found(apiServerShutOut, stream(block, SHOP, hook, server('10.20.0.5')))).toEqual(['1 error shut']);
      expect(found(apiServerShutOut, stream(block, SHOP, hook, server('203.0.113.7')))).toEqual([]);
    });
    it('takes a control-plane node where the endpoints are missing', () => {
      const node = (address: string) =>
        `apiVersion: v1\nkind: Node\nmetadata: { name: cp, labels: { node-role.kubernetes.io/control-plane: '' } }\nstatus: { addresses: [{ type: InternalIP, address: ${address} }] }\n`;
      expect(found(apiServerShutOut, stream(block, SHOP, hook, node('10.20.0.5')))).toEqual(['1 error shut']);
      expect(found(apiServerShutOut, stream(block, SHOP, hook, node('203.0.113.7')))).toEqual([]);
    });
    it('is silent where the proxy of a managed control plane is let in', () => {
      const proxy =
        'apiVersion: v1\nkind: Pod\nmetadata: { name: proxy, namespace: kube-system, labels: { k8s-app: konnectivity-agent } }\nspec: { containers: [{ name: main }] }\n';
      const pods = ingress('{ from: [{ namespaceSelector: {} }] }');
      expect(found(apiServerShutOut, stream(pods, SHOP, hook, proxy, server('10.20.0.5')))).toEqual([]);
      expect(found(apiServerShutOut, stream(ingress(''), SHOP, hook, proxy, server('10.20.0.5')))).toEqual(['1 error shut']);
    });
  });
});
