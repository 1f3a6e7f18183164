import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { serviceSelectsNothing } from './rule.ts';

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata: { name: basket, namespace: shop }
spec: { ${spec} }
`;
const ports = 'ports: [{ port: 80 }]';

describe('service-selects-nothing', () => {
  it.each([
    ['a slip', 'selector: { app: crat }', ['4 warning nearMiss']],
    ['another key', 'selector: { name: cart }', ['4 warning nearMiss']],
    ['nothing like it', 'selector: { app: warehouse }', ['4 note noPod']],
    ['a label that is set at run time', 'selector: { statefulset.kubernetes.io/pod-name: cart-0 }', []],
    ['pods that are there', 'selector: { app: cart }', []],
    ['no selector', 'clusterIP: None', []],
    ['a name outside', 'type: ExternalName, externalName: shop.example, selector: { app: crat }', []],
  ])('a Service with %s', (_, spec, expected) => {
    expect(found(serviceSelectsNothing, stream(service(`${spec}, ${ports}`), SHOP))).toEqual(expected);
  });

  it('proposes the label that is there', () => {
    const [finding] = findings(serviceSelectsNothing, stream(service(`selector: { app: crat }, ${ports}`), SHOP));
    expect(finding?.facts).toMatchObject({ wanted: 'app=crat', nearest: 'app=cart' });
    expect(finding?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'cart' }]);
  });

  it('says nothing of a namespace whose pods are not in the input, nor where endpoints are there all the same', () => {
    const crat = service(`selector: { app: crat }, ${ports}`);
    expect(found(serviceSelectsNothing, stream(crat, DNS))).toEqual([]);
    const endpoints =
      'apiVersion: v1\nkind: Endpoints\nmetadata: { name: basket, namespace: shop }\nsubsets: [{ addresses: [{ ip: 10.0.0.7 }], ports: [{ port: 80 }] }]\n';
    expect(found(serviceSelectsNothing, stream(crat, SHOP, endpoints))).toEqual([]);
  });
});
