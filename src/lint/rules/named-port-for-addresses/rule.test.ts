import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { namedPortForAddresses } from './rule.ts';

const block = '{ ipBlock: { cidr: 203.0.113.0/24 } }';
const egress = (peers: string, port = 'https') =>
  policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [{ to: [${peers}], ports: [{ port: ${port} }] }]`);
const ingress = policy('in', `podSelector: {}\ningress: [{ from: [${block}], ports: [{ port: http }] }]`);

describe('named-port-for-addresses', () => {
  it.each([
    ['only addresses', egress(block), ['7 error egress']],
    ['a number', egress(block, '443'), []],
    ['pods beside addresses', egress(`${block}, { podSelector: {} }`), []],
    ['everybody', egress(''), []],
    ['ingress', ingress, []],
  ])('%s', (_, yaml, expected) => {
    expect(found(namedPortForAddresses, yaml)).toEqual(expected);
  });
  it('knows that the AWS CNI skips the rule', () => {
    expect(found(namedPortForAddresses, ingress, { cni: 'aws' })).toEqual(['6 warning skipped']);
    expect(found(namedPortForAddresses, egress(`${block}, { podSelector: {} }`), { cni: 'aws' })).toEqual(['7 warning skipped']);
  });
});
