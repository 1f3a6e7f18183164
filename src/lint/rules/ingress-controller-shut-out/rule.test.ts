import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { ingressControllerShutOut } from './rule.ts';

const ingressOf = (className: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec:
  ingressClassName: ${className}
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: frontend, port: { number: 80 } } } }] } }]
`;
const controller = `apiVersion: v1
kind: Pod
metadata: { name: controller, namespace: ingress-nginx, labels: { app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller } }
spec: { containers: [] }
`;
const route =
  'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: { name: r, namespace: shop }\nspec: { rules: [{ backendRefs: [{ name: frontend, port: 80 }] }] }\n';
const letIn = (rules: string) => policy('in', `podSelector: {}\ningress: [${rules}]`);
const fromController = '{ from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }] }';

describe('ingress-controller-shut-out', () => {
  it.each([
    ['nobody from elsewhere', '{ from: [{ podSelector: {} }] }', ['1 error controller']],
    ['the controller’s namespace', fromController, []],
    ['the controller on another port', fromController.replace('} }] }', '} }], ports: [{ port: 80 }] }'), ['1 error controller']],
    ['everybody', '{}', []],
  ])('lets in %s', (_, rules, expected) => {
    expect(found(ingressControllerShutOut, stream(letIn(rules), SHOP, ingressOf('nginx'), controller))).toEqual(expected);
    expect(found(ingressControllerShutOut, stream(letIn(rules), SHOP, ingressOf('nginx')))).toEqual(expected);
  });
  it('knows load balancers that come from outside', () => {
    expect(found(ingressControllerShutOut, stream(letIn('{ from: [{ namespaceSelector: {} }] }'), SHOP, ingressOf('alb')))).toEqual([
      '1 error loadBalancer',
    ]);
    expect(found(ingressControllerShutOut, stream(letIn('{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }'), SHOP, ingressOf('alb')))).toEqual(
      [],
    );
  });
  it('knows routes of the Gateway API, and backends that nobody isolates', () => {
    expect(found(ingressControllerShutOut, stream(letIn('{ from: [{ podSelector: {} }] }'), SHOP, route))).toEqual(['1 error controller']);
    expect(found(ingressControllerShutOut, stream(SHOP, route, ingressOf('nginx')))).toEqual([]);
  });
});
