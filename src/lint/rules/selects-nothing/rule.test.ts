import { describe, expect, it } from 'vitest';
import { findings, found, said } from '../../../../tests/lint/one-rule.ts';
import { policy, SHOP, stream } from '../../../../tests/lint/shop.ts';
import { selectsNothing } from './rule.ts';

const select = (labels: string, namespace = 'shop') => policy('cart', `podSelector: { matchLabels: { ${labels} } }`, namespace);

describe('selects-nothing', () => {
  it('names the nearest label and where it is', () => {
    expect(said(selectsNothing, stream(select('app: checkuot'), SHOP))).toEqual([
      '`shop/cart` selects no pods: nothing in `shop` has `app=checkuot`, but `shop/checkout[Deployment]` has `app=checkout`',
    ]);
  });
  it.each([
    ['a slip of the finger', 'app: frontned', [{ kind: 'set-value', value: 'frontend' }]],
    ['the same value under another key', 'app.kubernetes.io/name: cart', [{ kind: 'rename-key', key: 'app' }]],
    ['a word that is only alike', 'app: front', undefined],
  ])('%s', (_, labels, edits) => {
    const [finding] = findings(selectsNothing, stream(select(labels), SHOP));
    expect(finding?.messageId).toBe('nearMiss');
    if (edits === undefined) expect(finding?.fix).toBeUndefined();
    else expect(finding?.fix?.edits).toMatchObject(edits);
  });
  it('knows labels of a Deployment that its pods do not have', () => {
    const labelled = SHOP.replace(
      'metadata: { name: cart, namespace: shop }\nspec:\n  selector',
      'metadata: { name: cart, namespace: shop, labels: { tier: data } }\nspec:\n  selector',
    );
    expect(found(selectsNothing, stream(select('tier: data'), labelled))).toEqual(['5 warning onWorkloadOnly']);
  });
  it('says it plainly when nothing is near', () => {
    expect(found(selectsNothing, stream(select('app: mailer'), SHOP))).toEqual(['5 warning nobody']);
  });
  it('cannot tell without pods of the namespace, and is silent when one fits', () => {
    expect(found(selectsNothing, select('app: crat'))).toEqual([]);
    expect(found(selectsNothing, stream(select('app: crat', 'stage'), SHOP))).toEqual([]);
    expect(found(selectsNothing, stream(select('app: cart'), SHOP))).toEqual([]);
    expect(found(selectsNothing, policy('cart', 'podSelector: {}'))).toEqual([]);
  });

  it('is a note where an operator makes pods of the namespace that no manifest describes', () => {
    const prometheus =
      'apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: { name: main, namespace: shop }\nspec: { replicas: 1 }\n';
    expect(found(selectsNothing, stream(select('app: mailer'), SHOP, prometheus))).toEqual(['5 note operated']);
    expect(found(selectsNothing, stream(select('app: mailer'), SHOP, prometheus.replace('shop', 'stage')))).toEqual(['5 warning nobody']);
  });
});
