import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { apiServerOutOfReach } from './rule.ts';

const operator = (spec: string, labels = 'app: op') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: op, namespace: shop, labels: { ${labels} } }\nspec: { ${spec} }\n`;
const CONTROLLER = 'serviceAccountName: op, containers: [{ name: m, args: ["--leader-elect=true"] }]';
const egress = (rule: string) => policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [${rule}]`);

describe('api-server-out-of-reach', () => {
  it.each([
    ['no rule at all', '', ['1 warning controller']],
    ['a rule for pods', '{ to: [{ namespaceSelector: {} }] }', ['1 warning controller']],
    ['a rule for another port', '{ ports: [{ port: 53 }] }', ['1 warning controller']],
    ['an address', '{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 6443 }] }', []],
    ['everything', '{}', []],
  ])('with %s', (_, rule, expected) => {
    expect(found(apiServerOutOfReach, stream(egress(rule), operator(CONTROLLER)))).toEqual(expected);
  });
  it('does not take every pod for a controller', () => {
    expect(found(apiServerOutOfReach, stream(egress(''), operator('serviceAccountName: op, containers: [{ name: m }]')))).toEqual([]);
    expect(found(apiServerOutOfReach, stream(egress(''), operator('containers: [{ name: m, args: ["--leader-elect"] }]')))).toEqual([]);
    expect(
      found(apiServerOutOfReach, stream(egress(''), operator('serviceAccountName: op, containers: [{ name: m }]', 'control-plane: x'))),
    ).toHaveLength(1);
  });
  it('has nothing to say when nobody isolates it', () => {
    expect(found(apiServerOutOfReach, stream(policy('in', 'podSelector: {}'), operator(CONTROLLER)))).toEqual([]);
  });
});
