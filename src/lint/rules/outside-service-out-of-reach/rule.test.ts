import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { outsideServiceOutOfReach } from './rule.ts';

const pod = (value: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [{ name: m, env: [{ name: API_URL, value: "${value}" }] }] }\n`;
const egress = (rules: string) => policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [${rules}]`);
const external =
  'apiVersion: v1\nkind: Service\nmetadata: { name: db, namespace: shop }\nspec: { type: ExternalName, externalName: db.example.com }\n';

describe('outside-service-out-of-reach', () => {
  it.each([
    ['https://api.payment.example', '{ to: [{ podSelector: {} }] }', ['1 note outside']],
    ['https://api.payment.example', '{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 443 }] }', []],
    ['https://api.payment.example', '{ to: [{ ipBlock: { cidr: 203.0.113.0/24 } }], ports: [{ port: 80 }] }', ['1 note outside']],
    ['https://cart:7070', '{ to: [{ podSelector: {} }] }', []],
    ['db:5432', '{ to: [{ podSelector: {} }] }', ['1 note outside']],
    ['just a text', '', []],
  ])('%s with %s', (value, rules, expected) => {
    expect(found(outsideServiceOutOfReach, stream(egress(rules), pod(value), external))).toEqual(expected);
  });
});
