import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { namespaceLabelByHand } from './rule.ts';

const from = (label: string) => policy('cart', `podSelector: {}\ningress:\n- from:\n  - namespaceSelector: { matchLabels: { ${label} } }`);
const namespace = (name: string, labels: string) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;

describe('namespace-label-by-hand', () => {
  it('speaks of a label that repeats the name of the one namespace it means', () => {
    expect(found(namespaceLabelByHand, stream(from('name: web'), namespace('web', 'name: web')))).toEqual(['8 note repeatsName']);
  });
  it.each([
    ['a label for a group', from('team: retail'), namespace('web', 'team: retail')],
    ['two namespaces', from('name: web'), stream(namespace('web', 'name: web'), namespace('web2', 'name: web'))],
    ['the label of the API server', from('kubernetes.io/metadata.name: web'), namespace('web', 'name: web')],
    ['a namespace that is not there', from('name: web'), namespace('shop', 'name: shop')],
  ])('is silent for %s', (_, yaml, others) => {
    expect(found(namespaceLabelByHand, stream(yaml, others))).toEqual([]);
  });
});
