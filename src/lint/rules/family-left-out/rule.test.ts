import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { familyLeftOut } from './rule.ts';

const pod = (ips: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: shop }\nspec: { containers: [] }\nstatus: { podIPs: [${ips}] }\n`;
const dual = pod('{ ip: 10.0.0.1 }, { ip: "fd00::1" }');
const from = (...cidrs: string[]) =>
  policy('in', `podSelector: {}\ningress: [{ from: [${cidrs.map((cidr) => `{ ipBlock: { cidr: "${cidr}" } }`).join(', ')}] }]`);

describe('family-left-out', () => {
  it.each([
    ['IPv4 alone', from('0.0.0.0/0'), dual, ['6 warning left']],
    ['IPv6 alone', from('::/0'), dual, ['6 warning left']],
    ['both', from('0.0.0.0/0', '::/0'), dual, []],
    ['a network', from('203.0.113.0/24'), dual, []],
    ['IPv4 alone, in a cluster with IPv4 alone', from('0.0.0.0/0'), pod('{ ip: 10.0.0.1 }'), []],
    ['IPv4 alone, without pods', from('0.0.0.0/0'), '', []],
  ])('%s', (_, yaml, objects, expected) => {
    expect(found(familyLeftOut, stream(yaml, objects))).toEqual(expected);
  });
  it('adds the twin', () => {
    expect(findings(familyLeftOut, stream(from('0.0.0.0/0'), dual))[0]?.fix?.edits).toMatchObject([
      { kind: 'add-item', value: { ipBlock: { cidr: '::/0' } } },
    ]);
  });
});
