import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { labelOnOwnerNotOnPods } from './rule.ts';

const job = (own: string, pods: string) => `apiVersion: batch/v1
kind: Job
metadata: { name: checkout, namespace: shop, labels: { ${own} } }
spec: { template: { metadata: { labels: { ${pods} } }, spec: { containers: [{ name: main, image: example/checkout }] } } }
`;
const CART = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart, part: web } }
spec: { containers: [{ name: main, image: example/cart }] }
`;
const from = (selector: string) =>
  policy('cart', `podSelector: { matchLabels: { app: cart } }\ningress:\n- from:\n  - podSelector: ${selector}`);
const told = (...objects: string[]) => found(labelOnOwnerNotOnPods, stream(...objects));
const PART = '{ matchExpressions: [{ key: part, operator: In, values: [web, job] }] }';

describe('label-on-owner-not-on-pods', () => {
  it('a peer, also where other pods have the label', () => {
    expect(told(from(PART), job('part: job', 'app: checkout'), CART)).toEqual(['8 warning peer']);
    expect(told(from('{ matchLabels: { part: job } }'), job('part: job', 'app: checkout'), CART)).toEqual(['8 warning peer']);
  });
  it('a subject beside pods that it does select', () => {
    const all = policy('all', `podSelector: ${PART}\ningress: []`);
    expect(told(all, job('part: job', 'app: checkout'), CART)).toEqual(['5 warning subject']);
  });
  it.each([
    ['the template has it too', 'part: job', 'part: job'],
    ['the owner has it otherwise', 'part: batch', 'app: checkout'],
    ['nobody has it', '', 'app: checkout'],
  ])('is silent where %s', (_, own, pods) => {
    expect(told(from(PART), job(own, pods), CART)).toEqual([]);
  });
  it('is silent for a selector of another namespace', () => {
    const other = from(PART).replace('namespace: shop', 'namespace: web');
    expect(told(other, job('part: job', 'app: checkout'))).toEqual([]);
  });
});
