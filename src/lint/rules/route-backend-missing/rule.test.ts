import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { routeBackendMissing } from './rule.ts';

const ingress = (backend: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: shop }
spec:
  defaultBackend: { service: { ${backend} } }
`;
const route = (ref: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: web, namespace: shop }
spec:
  rules: [{ backendRefs: [{ ${ref} }] }]
`;

describe('route-backend-missing', () => {
  it.each([
    ['a Service that nearly exists', ingress('name: frontnd, port: { number: 80 }'), ['5 warning service']],
    ['a Service of another folder', ingress('name: warehouse, port: { number: 80 }'), ['5 note service']],
    ['the port of the pods', ingress('name: frontend, port: { number: 8080 }'), ['5 warning port']],
    ['a port name that the Service lacks', ingress('name: cart, port: { name: web }'), ['5 warning port']],
    ['what is there', ingress('name: frontend, port: { number: 80 }'), []],
    ['a bucket', ingress('name: ""').replace('service: { name: "" }', 'resource: { kind: Bucket, name: pictures }'), []],
    ['a Service of a route that nearly exists', route('name: frontnd, port: 80'), ['5 warning service']],
    ['a route to another kind', route('kind: Bucket, name: pictures'), []],
    ['a route to what is there', route('name: frontend, port: 80'), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(routeBackendMissing, stream(yaml, SHOP))).toEqual(expected);
  });

  it('is certain in a whole cluster', () => {
    expect(found(routeBackendMissing, stream(ingress('name: warehouse, port: { number: 80 }'), SHOP, DNS))).toEqual(['5 warning service']);
  });

  it('says once what several paths say', () => {
    const twice = route('name: frontnd, port: 80 }, { name: frontnd, port: 80');
    expect(findings(routeBackendMissing, stream(twice, SHOP))).toHaveLength(1);
  });
});
