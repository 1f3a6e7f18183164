// Trees that kustomize or Helm build, and files that merely lie in a folder.
import { describe, expect, it } from 'vitest';
import { loadCluster, objectsIn } from './load.ts';

const found = (file: string, text: string) => ({ file, text, isFound: true });
const deployment = (extra: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: cart, namespace: shop }\nspec: { ${extra} }\n`;
const BASE = [
  found('base/kustomization.yaml', 'resources: [cart.yaml]\n'),
  found(
    'base/cart.yaml',
    deployment('template: { metadata: { labels: { app: cart } }, spec: { containers: [{ name: main, image: example/cart }] } }'),
  ),
];
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
const overlay = (patch: string) => [
  ...BASE,
  found('overlays/prod/kustomization.yaml', 'resources: [../../base]\npatches: [{ path: change.yaml }]\n'),
  found('overlays/prod/change.yaml', patch),
];

describe('a kustomize tree that was not built', () => {
  it('keeps the workload that a patch changes, and says once how to build it', () => {
    const { workloads, problems } = loadCluster(overlay(deployment('replicas: 3')));
    expect(workloads.get('shop/cart[Deployment]')?.pods).toHaveLength(1);
    expect(problems.map(({ code, facts }) => [code, facts.render])).toEqual([['wants-rendering', 'kubectl kustomize overlays/prod']]);
  });

  it('does not know the content of a policy that is patched', () => {
    const patch =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: shop }\nspec: { podSelector: {} }\n';
    const { policies } = loadCluster(overlay(patch));
    expect(policies.map(({ ref, faults }) => [ref, faults.map(({ code }) => code)])).toEqual([['shop/shut', ['wants-rendering']]]);
  });

  it.each([
    ['only lists its files', 'resources: [cart.yaml]', []],
    ['sets another namespace', 'resources: [cart.yaml]\nnamespace: prod', ['base']],
    ['leaves out a file beside it', 'resources: []', ['base']],
    ['takes in what was not read', 'resources: [cart.yaml, "https://example.com/more"]', ['base']],
    ['takes in a folder that changes nothing', 'resources: [cart.yaml, ../other]', []],
  ])('a kustomization that %s', (_, text, expected) => {
    const other = [found('other/kustomization.yaml', 'resources: [limits.yaml]\n'), found('other/limits.yaml', NAMESPACE)];
    const { problems } = loadCluster([found('base/kustomization.yaml', `${text}\n`), ...BASE.slice(1), ...other]);
    expect(problems.map(({ facts }) => facts.folder)).toEqual(expected);
  });

  it('says nothing of plain manifests', () => {
    expect(loadCluster(BASE.slice(1)).problems).toEqual([]);
  });
});

it('a second document without a template never takes the pods of the first', () => {
  const texts = [...BASE.slice(1), found('replicas.yaml', deployment('replicas: 3'))];
  const { workloads, problems } = loadCluster(texts);
  expect(workloads.get('shop/cart[Deployment]')?.pods).toHaveLength(1);
  expect(problems.map(({ code }) => code)).toEqual(['duplicate-object']);
});

it('a chart says how it is rendered', () => {
  const chart = found('charts/shop/Chart.yaml', 'apiVersion: v2\nname: shop\nversion: 1.0.0\n');
  expect(loadCluster([chart, ...BASE.slice(1)]).problems.map(({ facts }) => facts.render)).toEqual(['helm template charts/shop']);
});

describe('files that lie in a folder', () => {
  const others = [
    found('tsconfig.json', '{ // comments\n "compilerOptions": {} }'),
    found('values.yaml', 'replicas: 2\n'),
    found('.gitlab/ci.yaml', 'test: [\n'),
  ];

  it('are counted when they hold nothing of Kubernetes, and are no problem', () => {
    expect(objectsIn([...others, ...BASE.slice(1)], 'default')).toMatchObject({
      problems: [],
      foreign: ['tsconfig.json', 'values.yaml', '.gitlab/ci.yaml'],
    });
  });

  it('are a problem when they were named', () => {
    const named = others.map(({ file, text }) => ({ file, text }));
    expect(objectsIn(named, 'default').problems.length).toBeGreaterThan(2);
  });

  it('are read when they look like a policy', () => {
    const policy = found('odd.yaml', 'metadata: { name: shut, namespace: shop }\nspec: { podSelector: {}, policyTypes: [Ingress] }\n');
    expect(objectsIn([policy], 'default')).toMatchObject({ foreign: [], objects: [{ name: 'shut' }] });
  });
});
