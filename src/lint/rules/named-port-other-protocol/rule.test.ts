import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, stream } from '../../../../tests/lint/shop.ts';
import { namedPortOtherProtocol } from './rule.ts';

const ingress = (ports: string) => policy('dns', `podSelector: {}\ningress:\n- ports:\n  - ${ports}`, 'kube-system');

describe('named-port-other-protocol', () => {
  it.each([
    ['{ port: dns }', ['8 error other'], 'add-entry'],
    ['{ port: dns, protocol: TCP }', ['8 error other'], 'set-value'],
  ])('%s', (ports, expected, kind) => {
    expect(found(namedPortOtherProtocol, stream(ingress(ports), DNS))).toEqual(expected);
    expect(findings(namedPortOtherProtocol, stream(ingress(ports), DNS))[0]?.fix?.edits).toMatchObject([{ kind, value: 'UDP' }]);
  });
  it.each(['{ port: dns, protocol: UDP }', '{ port: dns-tcp }', '{ port: nothing }', '{ port: dns }\n  - { port: dns, protocol: UDP }'])(
    'is silent for %s',
    (ports) => {
      expect(found(namedPortOtherProtocol, stream(ingress(ports), DNS))).toEqual([]);
    },
  );
});
