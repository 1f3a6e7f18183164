import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { peerSelectsNothing } from './table.ts';

const from = (peer: string) => policy('cart', `podSelector: { matchLabels: { app: cart } }\ningress:\n- from:\n  - ${peer}`);
const label = (text: string) => from(`podSelector: { matchLabels: { ${text} } }`);

describe('peer-selects-nothing', () => {
  it('names the nearest label and mends a slip', () => {
    const yaml = stream(label('app: fronted'), SHOP);
    expect(found(peerSelectsNothing, yaml)).toEqual(['8 warning nearMiss']);
    expect(findings(peerSelectsNothing, yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'frontend' }]);
  });
  it('is a note for a label that nothing comes near, and a warning when the whole cluster is there', () => {
    expect(found(peerSelectsNothing, stream(label('app: mailer'), SHOP))).toEqual(['8 note nobody']);
    expect(found(peerSelectsNothing, stream(label('app: mailer'), SHOP, DNS))).toEqual(['8 warning nobody']);
  });
  it('looks into other namespaces too', () => {
    const peer =
      '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dsn } } }';
    expect(found(peerSelectsNothing, stream(from(peer), SHOP, DNS))).toEqual(['8 warning nearMiss']);
    expect(found(peerSelectsNothing, stream(from(peer), SHOP))).toEqual([]);
  });
  it('is silent when somebody fits, and without pods', () => {
    expect(found(peerSelectsNothing, stream(label('app: frontend'), SHOP))).toEqual([]);
    expect(found(peerSelectsNothing, label('app: fronted'))).toEqual([]);
  });
});
