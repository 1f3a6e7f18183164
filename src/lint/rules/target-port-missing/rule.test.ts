import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { SHOP, stream } from '../../../../tests/lint/shop.ts';
import { targetPortMissing } from './rule.ts';

const service = (port: string, selector = 'app: cart') => `apiVersion: v1
kind: Service
metadata: { name: basket, namespace: shop }
spec:
  selector: { ${selector} }
  ports:
    - ${port}
`;

describe('target-port-missing', () => {
  it.each([
    ['a name that no container has', '{ port: 80, targetPort: web }', ['7 warning none']],
    ['the name with another protocol', '{ port: 80, protocol: UDP, targetPort: grpc }', ['7 warning noneNamed']],
    ['the name', '{ port: 80, targetPort: grpc }', []],
    ['a number that no container declares', '{ port: 80, targetPort: 9999 }', []],
    ['no target port', '{ port: 80 }', []],
  ])('a Service whose target port is %s', (_, port, expected) => {
    expect(found(targetPortMissing, stream(service(port), SHOP))).toEqual(expected);
  });

  it('corrects a slip, and only that', () => {
    const edits = (port: string) => findings(targetPortMissing, stream(service(port), SHOP)).flatMap(({ fix }) => fix?.edits ?? []);
    expect(edits('{ port: 80, targetPort: grcp }')).toMatchObject([{ kind: 'set-value', value: 'grpc' }]);
    expect(edits('{ port: 80, targetPort: web }')).toEqual([]);
  });

  it('names those of several pods that lack it', () => {
    const other =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: late, namespace: shop, labels: { app: cart } }\nspec: { containers: [{ name: main }] }\n';
    const [finding] = findings(targetPortMissing, stream(service('{ port: 80, targetPort: grpc }'), SHOP, other));
    expect(finding).toMatchObject({ messageId: 'some', facts: { pods: { names: ['shop/late[Pod]'], count: 1 } } });
    expect(found(targetPortMissing, service('{ port: 80, targetPort: grpc }'))).toEqual([]);
  });
});
