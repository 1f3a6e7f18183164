import { expect, it } from 'vitest';
import { objectsIn } from '../manifest/load.ts';
import { withStagedEnforced } from './staged.ts';

const policy = (kind: string, name: string, more = '', api = 'projectcalico.org/v3') =>
  `apiVersion: ${api}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: { ${more} }\n---\n`;
const enforced = (text: string) =>
  withStagedEnforced(objectsIn([{ file: 'a.yaml', text }], 'default').objects, 'default').map(
    ({ kind, name, value }) => `${kind} ${name} ${JSON.stringify(value.spec)}`,
  );

it('puts a staged policy in force, in place of the enforced one of its name', () => {
  expect(
    enforced(
      policy('NetworkPolicy', 'cart', 'order: 1') +
        policy('StagedNetworkPolicy', 'cart', 'order: 2') +
        policy('StagedNetworkPolicy', 'api', 'order: 3, stagedAction: Set') +
        policy('NetworkPolicy', 'other', 'order: 4'),
    ),
  ).toEqual([
    'StagedNetworkPolicy cart {"order":2}',
    'StagedNetworkPolicy api {"order":3,"stagedAction":"Set"}',
    'NetworkPolicy other {"order":4}',
    'NetworkPolicy cart {"order":2}',
    'NetworkPolicy api {"order":3}',
  ]);
});

it('takes away what a staged deletion names, and leaves policies of other APIs and kinds alone', () => {
  const others =
    policy('NetworkPolicy', 'cart', 'podSelector: {}', 'networking.k8s.io/v1') + policy('GlobalNetworkPolicy', 'cart', 'order: 7');
  expect(
    enforced(
      others +
        policy('NetworkPolicy', 'cart', '', 'crd.projectcalico.org/v1') +
        policy('StagedNetworkPolicy', 'cart', 'stagedAction: Delete'),
    ),
  ).toEqual([
    'NetworkPolicy cart {"podSelector":{}}',
    'GlobalNetworkPolicy cart {"order":7}',
    'StagedNetworkPolicy cart {"stagedAction":"Delete"}',
  ]);
});

it('makes a NetworkPolicy of Kubernetes of its staged kind, at the place where that is written', () => {
  const text = policy('StagedKubernetesNetworkPolicy', 'cart', 'podSelector: {}, stagedAction: Set');
  const made = withStagedEnforced(objectsIn([{ file: 'a.yaml', text }], 'default').objects, 'default').at(-1);
  expect(made).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    value: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: {} } },
    origin: { document: { file: 'a.yaml' } },
  });
});

it('leaves what is only learnt or ignored staged, and what others call staged', () => {
  const text =
    policy('StagedNetworkPolicy', 'a', 'stagedAction: Learn') +
    policy('StagedNetworkPolicy', 'b', 'stagedAction: Ignore') +
    policy('StagedNetworkPolicy', 'c', '', 'example.org/v1');
  expect(enforced(text)).toHaveLength(3);
});
