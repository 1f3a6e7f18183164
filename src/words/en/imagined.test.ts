import { expect, test } from 'vitest';
import { documentEnd, imaginedWords } from './imagined.ts';

test.each([
  ['{other-pod shop}', 'any other pod of namespace shop'],
  ['{pod-elsewhere}', 'any pod of any other namespace'],
  ['{pods-elsewhere app=cart,tier=back}', 'pods labelled app=cart,tier=back of any other namespace'],
  ['{pods-elsewhere app=db,statefulset.kubernetes.io/pod-name=db-0}', 'pods labelled app=db of any other namespace'],
  ['{pods-of shop app=cart}', 'pods labelled app=cart of namespace shop (none today)'],
])('%s is said as %s', (name, words) => {
  expect(imaginedWords(name)).toBe(words);
  expect(documentEnd(name)).toBe(`{${words}}`);
});

test.each(['shop/cart[Deployment]', '10.0.0.0/8', '{ingress controller}'])('%s is not one of them', (name) => {
  expect(imaginedWords(name)).toBeUndefined();
  expect(documentEnd(name)).toBe(name);
});
