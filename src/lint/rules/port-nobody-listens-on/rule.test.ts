import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { portNobodyListensOn } from './rule.ts';

const ingress = (port: string, selector = '{ matchLabels: { app: cart } }') =>
  policy('cart', `podSelector: ${selector}\ningress:\n- ports:\n  - ${port}`);
const egress = (peer: string) =>
  policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to: [${peer}]\n  ports:\n  - port: http`);

describe('port-nobody-listens-on', () => {
  it.each([
    ['a name that cart does not have', ingress('port: http'), ['8 error nobody']],
    ['one that it has', ingress('port: grpc'), []],
    ['a number', ingress('port: 1234'), []],
    ['one that some of the selected pods have', ingress('port: grpc', '{}'), ['8 note some']],
    ['egress: the peer’s port counts', egress('{ podSelector: { matchLabels: { app: cart } } }'), ['10 error nobody']],
    ['egress to one that has it', egress('{ podSelector: { matchLabels: { app: checkout } } }'), []],
    ['egress to pods that are not in the input', egress('{ namespaceSelector: { matchLabels: { a: b } } }'), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(portNobodyListensOn, stream(yaml, SHOP))).toEqual(expected);
  });
  it('mends a slip of the finger', () => {
    expect(findings(portNobodyListensOn, stream(ingress('port: grcp'), SHOP))[0]?.fix?.edits).toMatchObject([{ value: 'grpc' }]);
    expect(findings(portNobodyListensOn, stream(ingress('port: http'), SHOP))[0]?.fix).toBeUndefined();
  });
  it('leaves a name with another protocol to another rule', () => {
    expect(found(portNobodyListensOn, stream(ingress('{ port: grpc, protocol: UDP }'), SHOP))).toEqual([]);
  });
});
