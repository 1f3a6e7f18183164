import { describe, expect, it } from 'vitest';
import { found, said } from '../../../../tests/lint/one-rule.ts';
import { stream } from '../../../../tests/lint/shop.ts';
import { selectsAnotherRelease } from './rule.ts';

const deployment = (name: string, labels: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  selector: { matchLabels: { ${labels} } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: main, image: example/${name} }] }
`;
const NAME = 'app.kubernetes.io/name';
const INSTANCE = 'app.kubernetes.io/instance';
const policy = (metadata: string, selector: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop, ${metadata} }
spec:
  podSelector: { matchLabels: { ${selector} } }
  policyTypes: [Ingress]
`;
const DATABASES = [
  deployment('cart-db', `${NAME}: postgresql, ${INSTANCE}: cart`),
  deployment('orders-db', `${NAME}: postgresql, ${INSTANCE}: orders`),
];
const one = (metadata: string, selector: string) => stream(policy(metadata, selector), ...DATABASES);

describe('selects-another-release', () => {
  it.each([
    ['a label on the policy says whose it is', one(`labels: { ${INSTANCE}: cart }`, `${NAME}: postgresql`), ['5 warning release']],
    ['Helm says whose it is', one('annotations: { meta.helm.sh/release-name: cart }', `${NAME}: postgresql`), ['5 warning release']],
    ['the selector names the release', one(`labels: { ${INSTANCE}: cart }`, `${NAME}: postgresql, ${INSTANCE}: cart`), []],
    ['nothing says whose it is', one('', `${NAME}: postgresql`), ['5 note releases']],
    ['a policy for pods of others alone', one(`labels: { ${INSTANCE}: guard }`, `${NAME}: postgresql`), []],
    ['a policy for the whole namespace', one(`labels: { ${INSTANCE}: cart }`, ''), []],
    [
      'the release alone in an umbrella chart',
      stream(
        policy(`labels: { ${NAME}: cart, ${INSTANCE}: shop }`, `${INSTANCE}: shop`),
        deployment('cart', `${NAME}: cart, ${INSTANCE}: shop`),
        deployment('frontend', `${NAME}: frontend, ${INSTANCE}: shop`),
      ),
      ['5 warning application'],
    ],
    [
      'a group of applications on purpose',
      stream(policy('', 'tier: back'), deployment('cart', 'app: cart, tier: back'), deployment('orders', 'app: orders, tier: back')),
      [],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(found(selectsAnotherRelease, yaml)).toEqual(expected);
  });

  it('names whose pods are caught', () => {
    expect(said(selectsAnotherRelease, one(`labels: { ${INSTANCE}: cart }`, `${NAME}: postgresql`))).toEqual([
      '`shop/db` belongs to release `cart` and also selects `shop/orders-db[Deployment]` of release `orders`, and isolates it too',
    ]);
  });
});
