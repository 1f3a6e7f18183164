import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { DNS, policy, SHOP, stream } from '../../../../tests/lint/shop.ts';

const from = (peer: string) => policy('cart', `podSelector: { matchLabels: { app: cart } }\ningress:\n- from:\n  - ${peer}`);
const label = (text: string) => from(`podSelector: { matchLabels: { ${text} } }`);

describe('peer-selects-nothing', () => {
  it('names the nearest label and mends a slip', () => {
    const yaml = stream(label('app: fronted'), SHOP);
    expect(found('peer-selects-nothing', yaml)).toEqual(['8 warning nearMiss']);
    expect(only('peer-selects-nothing', yaml)[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 'frontend' }]);
  });
  it('is a note for a label that nothing comes near, and a warning when the whole cluster is there', () => {
    expect(found('peer-selects-nothing', stream(label('app: mailer'), SHOP))).toEqual(['8 note nobody']);
    expect(found('peer-selects-nothing', stream(label('app: mailer'), SHOP, DNS))).toEqual(['8 warning nobody']);
  });
  it('looks into other namespaces too', () => {
    const peer =
      '{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: kube-system } }, podSelector: { matchLabels: { k8s-app: kube-dsn } } }';
    expect(found('peer-selects-nothing', stream(from(peer), SHOP, DNS))).toEqual(['8 warning nearMiss']);
    expect(found('peer-selects-nothing', stream(from(peer), SHOP))).toEqual([]);
  });
  it('is silent when somebody fits, and without pods', () => {
    expect(found('peer-selects-nothing', stream(label('app: frontend'), SHOP))).toEqual([]);
    expect(found('peer-selects-nothing', label('app: fronted'))).toEqual([]);
  });
});
