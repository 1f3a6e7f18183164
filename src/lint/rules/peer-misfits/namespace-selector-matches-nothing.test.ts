import { describe, expect, it } from 'vitest';
import { findings, found, said } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { namespaceSelectorMatchesNothing } from './table.ts';

const from = (label: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - namespaceSelector: { matchLabels: { ${label} } }`);
const web = (labels: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: web, labels: { ${labels} } }\n`;

describe('namespace-selector-matches-nothing', () => {
  it('says that a name is no label, and writes the label that is', () => {
    const yaml = stream(from('name: web'), web('team: front'));
    expect(found(namespaceSelectorMatchesNothing, yaml)).toEqual(['8 error nameIsNoLabel']);
    expect(findings(namespaceSelectorMatchesNothing, yaml)[0]?.fix?.edits).toMatchObject([
      { kind: 'rename-key', key: 'kubernetes.io/metadata.name' },
    ]);
  });
  it('is less sure when only other objects mention the namespace', () => {
    expect(
      found(namespaceSelectorMatchesNothing, stream(from('name: shop'), SHOP.replace(/^apiVersion: v1\nkind: Namespace.*\n.*\n/, ''))),
    ).toEqual(['8 warning nameIsNoLabel']);
  });
  it('names the nearest label', () => {
    const yaml = stream(from('team: fornt'), web('team: front'));
    expect(found(namespaceSelectorMatchesNothing, yaml)).toEqual(['8 error nearMiss']);
    expect(findings(namespaceSelectorMatchesNothing, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'front' }]);
  });
  it('is sure of a label that nobody has when the whole cluster is there', () => {
    expect(found(namespaceSelectorMatchesNothing, stream(from('purpose: ops'), SHOP, DNS))).toEqual(['8 error nobody']);
  });
  it('is silent when another namespace may have the label, and when one has it', () => {
    expect(found(namespaceSelectorMatchesNothing, stream(from('purpose: ops'), SHOP))).toEqual([]);
    expect(found(namespaceSelectorMatchesNothing, from('kubernetes.io/metadata.name: monitoring'))).toEqual([]);
    expect(found(namespaceSelectorMatchesNothing, stream(from('team: front'), web('team: front')))).toEqual([]);
  });
  it('is no error beside a peer that is there, and says that the others still count', () => {
    const beside = (peer: string) => stream(`${from('purpose: ops').trimEnd()}\n    - ${peer}\n`, SHOP, DNS);
    expect(found(namespaceSelectorMatchesNothing, beside('podSelector: {}'))).toEqual(['8 warning nobody']);
    expect(found(namespaceSelectorMatchesNothing, beside('ipBlock: { cidr: 203.0.113.0/24 }'))).toEqual(['8 warning nobody']);
    expect(said(namespaceSelectorMatchesNothing, beside('podSelector: {}'))[0]).toContain('only the other peers of the rule count');
    expect(found(namespaceSelectorMatchesNothing, beside('podSelector: { matchLabels: { app: mailer } }'))).toEqual(['8 error nobody']);
  });
});
