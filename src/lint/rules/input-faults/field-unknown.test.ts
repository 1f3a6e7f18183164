import { describe, expect, it } from 'vitest';
import { findings, found, said } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { fieldUnknown } from './reading.ts';

describe('field-unknown', () => {
  it('takes what the API knows', () => {
    expect(
      found(fieldUnknown, policy('cart', 'podSelector: {}\ningress: [{ from: [{ podSelector: {} }], ports: [{ port: 80 }] }]')),
    ).toEqual([]);
  });
  it('names the nearest field, and writes it', () => {
    const yaml = policy('cart', 'podSelector: {}\ningress:\n- ports:\n  - port: 80\n    endport: 90');
    expect(said(fieldUnknown, yaml)).toEqual([
      '`spec.ingress[0].ports[0].endport` is not a field of the API; the closest one is `endPort`',
    ]);
    expect(findings(fieldUnknown, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'rename-key', key: 'endPort' }]);
  });
  it('says where a field belongs that stands too deep', () => {
    const yaml = policy('cart', 'podSelector: {}\ningress:\n- from:\n  - podSelector: {}\n    ports: [{ port: 80 }]');
    expect(found(fieldUnknown, yaml)).toEqual(['9 error misplaced']);
  });
  it('knows a list of ports under the wrong name', () => {
    const rule = (port: string) => policy('cart', `podSelector: {}\ningress:\n- port: ${port}`);
    expect(findings(fieldUnknown, rule('[{ port: 80 }]'))[0]?.fix?.edits).toMatchObject([{ kind: 'rename-key', key: 'ports' }]);
    expect(found(fieldUnknown, rule('80'))).toEqual(['7 error misplaced']);
  });
  it('puts labels under matchLabels', () => {
    const yaml = policy('cart', 'podSelector: { app: cart }');
    expect(findings(fieldUnknown, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'move-under', keys: ['app'], under: 'matchLabels' }]);
  });
  it('has nothing to say about a field with no likeness', () => {
    expect(found(fieldUnknown, policy('cart', 'podSelector: {}\nnamespaceSelector: {}'))).toEqual(['6 error unknown']);
  });
});
