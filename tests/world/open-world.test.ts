// The public door to a world that changes: the example of docs/json.md as it stands there, and what a change leaves alone.
import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import { expect, it } from 'vitest';
import * as library from '../../src/index.ts';

const shop = `
{ apiVersion: v1, kind: Pod, metadata: { name: frontend, namespace: web, labels: { app: frontend } }, spec: { containers: [{ name: main }] } }
---
{ apiVersion: v1, kind: Pod, metadata: { name: cart, namespace: shop, labels: { app: cart } }, spec: { containers: [{ name: main, ports: [{ containerPort: 7070 }] }] } }
`;
const policy = (ingress: string) => `
{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: cart, namespace: shop }, spec: { podSelector: {}, ingress: [${ingress}] } }
`;
const denyAll = policy('');
const admitFrontend = policy('{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: frontend } } }] }');

it('the example of the page prints what its comments say', () => {
  const page = readFileSync('docs/json.md', 'utf8');
  const [, example = ''] = /## A world that changes[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const code = transformSync(example, { loader: 'ts', format: 'cjs' }).code;
  const printed: unknown[] = [];
  const run = new Function('require', 'module', 'console', 'shop', 'denyAll', 'admitFrontend', code);
  run(() => library, { exports: {} }, { log: (value: unknown) => printed.push(value) }, shop, denyAll, admitFrontend);
  const said = [...example.matchAll(/\/\/ (denied|allowed)/g)].map(([, word]) => word);
  expect(said).toEqual(['denied', 'allowed']);
  expect(printed.slice(0, 2)).toEqual(said);
  expect(printed[2]).toBeTypeOf('number');
});

it('a change leaves the world as it was that it is made on, and two changes of one world know nothing of each other', () => {
  const world = library.openWorld([
    { file: 'shop.yaml', text: shop },
    { file: 'cart.yaml', text: denyAll },
  ]);
  if ('errors' in world) throw new Error('no world');
  const outcome = (of: library.OpenWorld) => {
    const answer = of.ask('why', { from: 'web/frontend', to: 'shop/cart:7070' });
    return 'outcome' in answer ? answer.outcome : answer.errors;
  };
  const [open, gone] = [world.apply([{ file: 'cart.yaml', text: admitFrontend }]), world.apply([{ file: 'cart.yaml' }])];
  expect([world, open, gone].map(outcome)).toEqual(['denied', 'allowed', 'allowed']);
  expect([world, open, gone].map(({ revision }) => revision)).toEqual([0, 1, 1]);
  expect(library.openWorld([], { profile: 'no-such-cni' })).toMatchObject({ kind: 'NoAnswer', errors: [{ code: 'unknown-profile' }] });
});
