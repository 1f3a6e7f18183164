import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { wholeNamespaceAdmitted } from './rule.ts';

const house = { wholeNamespaces: ['monitoring', 'obs-*'] };
const ns = (name: string) => `namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ${name} } }`;
const from = (peer: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - { ${peer} }`);

describe('whole-namespace-admitted', () => {
  it.each([
    ['a namespace', ns('web'), ['8 warning ingress']],
    ['a namespace and an empty podSelector', `${ns('web')}, podSelector: {}`, ['8 warning ingress']],
    ['the own namespace', 'podSelector: {}', ['8 warning ingress']],
    ['every namespace', 'namespaceSelector: {}', ['8 warning ingress']],
    ['pods of a namespace', `${ns('web')}, podSelector: { matchLabels: { app: web } }`, []],
    ['a namespace that the house accepts', ns('monitoring'), []],
    ['one of a pattern', ns('obs-prod'), []],
    ['a block', 'ipBlock: { cidr: 10.0.0.0/8 }', []],
  ])('%s', (_, peer, expected) => {
    expect(found(wholeNamespaceAdmitted, from(peer), { house })).toEqual(expected);
  });

  it('says which namespace, and speaks of egress as well', () => {
    const yaml = policy('cart', `podSelector: {}\npolicyTypes: [Egress]\negress:\n- to:\n  - ${ns('web')}`);
    expect(said(wholeNamespaceAdmitted, yaml, { house: { wholeNamespaces: [] } })).toEqual([
      '`shop/cart` egress[0].to[0] allows every pod of namespace `web`',
    ]);
  });
});
