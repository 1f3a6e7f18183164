import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadCluster } from './load.ts';
import { repairedText } from './yaml-repair.ts';

const HEAD =
  'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: cart\n  namespace: shop\n  labels:\n    team: shop\n    tier: back\n';
const POLICIES: readonly (readonly [name: string, spec: string])[] = [
  ['a default deny', 'spec:\n  podSelector: {}\n  policyTypes:\n    - Ingress\n    - Egress\n'],
  [
    'peers, ports and labels',
    'spec:\n  podSelector:\n    matchLabels:\n      app: cart\n  ingress:\n    - from:\n        - namespaceSelector:\n            matchLabels:\n              team: web\n          podSelector:\n            matchLabels:\n              app: frontend\n              tier: edge\n        - ipBlock:\n            cidr: 10.0.0.0/8\n            except:\n              - 10.1.0.0/16\n      ports:\n        - protocol: TCP\n          port: 7070\n    - ports:\n        - port: http\n  policyTypes:\n    - Ingress\n',
  ],
  [
    'expressions and both directions',
    'spec:\n  podSelector:\n    matchExpressions:\n      - key: app\n        operator: In\n        values:\n          - cart\n          - basket\n  egress:\n    - to:\n        - podSelector: {}\n  ingress: []\n',
  ],
];

const flattened = (text: string) => text.replace(/^ +/gm, '');

describe('a NetworkPolicy that lost its indentation', () => {
  it.each(POLICIES)('gets it back: %s', (_name, spec) => {
    const repaired = repairedText(flattened(HEAD + spec));
    expect(repaired?.repairs).toEqual(['indentation']);
    expect(parse(repaired?.text ?? '')).toEqual(parse(HEAD + spec));
  });

  it('says where a line could stand in more than one place', () => {
    const clear = repairedText(flattened(HEAD + POLICIES[0]?.[1]));
    expect(clear?.isUnique).toBe(true);
    // `name` is a label of the first mapping, or the name that metadata does not have yet.
    const unclear = repairedText(
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\nlabels:\nname: cart\nspec:\npodSelector: {}\n',
    );
    expect(unclear?.isUnique).toBe(false);
  });

  it('is left alone where a line fits nowhere, and where something is indented', () => {
    expect(repairedText(`${flattened(HEAD)}spec:\nreplicas: 2\n`)).toBeUndefined();
    expect(repairedText(HEAD + POLICIES[0]?.[1])).toBeUndefined();
  });
});

describe('comments of other languages', () => {
  it('become those of YAML, and URLs and quotes stay', () => {
    const text = '// who may call\nimage: x // the cart\nurl: http://shop.example\nquoted: "a // b"\n/* all of it */\n';
    expect(repairedText(text)?.text).toBe('# who may call\nimage: x # the cart\nurl: http://shop.example\nquoted: "a // b"\n# all of it');
    expect(repairedText('url: http://shop.example\n')).toBeUndefined();
  });
});

it('control characters of a text do not reach the one who looks at the preview', () => {
  expect(repairedText('// \u001b[2Jgone\na: 1')?.text).toBe('# \ufffd[2Jgone\na: 1');
});

describe('the problem of such a text', () => {
  it('carries the preview; what can be read is read as it stands', () => {
    const lost = loadCluster([{ file: 'flat.yaml', text: flattened(HEAD + POLICIES[0]?.[1]) }]);
    const problem = lost.problems.find(({ code }) => code === 'lost-indentation');
    expect(parse(String(problem?.facts.preview))).toEqual(parse(HEAD + POLICIES[0]?.[1]));
    expect(lost.policies.map(({ ref }) => ref)).not.toContain('shop/cart');
    const torn = loadCluster([{ file: 'torn.yaml', text: 'kind: Pod\n// a pod\napiVersion: v1\n' }]);
    expect(torn.problems.find(({ code }) => code === 'not-yaml')?.facts).toMatchObject({
      preview: 'kind: Pod\n# a pod\napiVersion: v1',
      isUnique: true,
    });
  });

  it('is not there for a policy that is written in one line', () => {
    const text =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: cart, namespace: shop}\nspec: {podSelector: {}}\n';
    expect(loadCluster([{ file: 'cart.yaml', text }]).problems).toEqual([]);
  });
});
