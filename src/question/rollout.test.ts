// Small shops before and after a change: which orders are safe, and that the obvious wrong ones are not.
import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { printPortSet } from '../net/port-set.ts';
import { chooseProfile, type ProfileChoice } from '../profile/choose.ts';
import { rollout, walkOrder } from './rollout.ts';
import type { Step } from './rollout-steps.ts';

const deployment = (name: string, labels = `app: ${name}`) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    metadata: { labels: { ${labels} } }
    spec: { containers: [{ name: main, ports: [{ containerPort: 7070 }] }] }
`;
const policy = (name: string, spec: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;
const service = (selector: string) => `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { ${selector} }, ports: [{ port: 80, targetPort: 7070 }] }
`;
const namespace = (name: string, labels: string) => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`;
const FRONTEND = deployment('frontend');
const CHECKOUT = deployment('checkout');
const CART = deployment('cart');
const SHOP = [FRONTEND, CHECKOUT, CART];
const DENY_ALL = policy('default-deny', '{ podSelector: {}, policyTypes: [Ingress] }');
const admit = (label: string) => `from: [{ podSelector: { matchLabels: { ${label} } } }]`;
const onto = (label: string, ...peers: string[]) =>
  `{ podSelector: { matchLabels: { ${label} } }, policyTypes: [Ingress], ingress: [${peers.map((peer) => `{ ${admit(peer)} }`).join(', ')}] }`;
const CART_INGRESS = policy('cart', onto('app: cart', 'app: frontend'));

const kubernetes = chooseProfile('kubernetes') as ProfileChoice;

/** Two states of the shop. */
const states = (before: readonly string[], after: readonly string[], settingsDiffer = false) => ({
  before: clusterOf(...before),
  after: clusterOf(...after),
  choice: kubernetes,
  settingsDiffer,
});

function told(before: readonly string[], after: readonly string[]) {
  const { outcome, waves, temporary, troubles } = rollout(states(before, after));
  return {
    outcome,
    waves: waves.map((wave) => wave.map(({ action, kind, name }) => `${action} ${kind} ${name}`)),
    ...(temporary.length > 0 && { temporary: temporary.map(({ of, policies }) => `${of} ${policies[0]?.ref}`) }),
    ...(troubles.length > 0 && { first: `${troubles[0]?.effect} ${troubles[0]?.from} → ${troubles[0]?.to}` }),
  };
}

describe('an order in which nothing is cut and nothing opens', () => {
  test('there is none with a policy that the API server refuses; one that stays as it is does not matter', () => {
    const refused = policy('cart', '{ podSelector: {}, ingress: [{ ports: [{ port: "x y" }] }] }');
    expect(rollout(states(SHOP, [...SHOP, refused]))).toMatchObject({
      outcome: 'undecided',
      waves: [],
      doubts: [{ code: 'refused', policies: ['NetworkPolicy shop/cart'] }],
    });
    expect(rollout(states([...SHOP, refused], SHOP))).toMatchObject({ outcome: 'ordered', doubts: [] });
    expect(told(SHOP, [...SHOP, CART_INGRESS]).outcome).toBe('ordered');
  });

  test('two equal states need none', () => {
    expect(told(SHOP, SHOP)).toEqual({ outcome: 'unchanged', waves: [] });
  });

  test('the allow rule comes before the default deny', () => {
    const own = policy('all', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ${admit('app: frontend')} }] }`);
    expect(told(SHOP, [...SHOP, DENY_ALL, own])).toEqual({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy all'], ['apply NetworkPolicy default-deny']],
    });
  });

  test('taking them away again goes the other way round', () => {
    const own = policy('all', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ${admit('app: frontend')} }] }`);
    expect(told([...SHOP, DENY_ALL, own], SHOP)).toEqual({
      outcome: 'ordered',
      waves: [['delete NetworkPolicy default-deny'], ['delete NetworkPolicy all']],
    });
  });

  test('two policies of pods that have nothing in common go together', () => {
    const checkout = policy('checkout', onto('app: checkout', 'app: cart'));
    expect(told(SHOP, [...SHOP, CART_INGRESS, checkout])).toEqual({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy cart', 'apply NetworkPolicy checkout']],
    });
  });

  test('two policies that open different peers of one pod have no order, and get one by a policy that admits everything for a time', () => {
    const other = policy('cart-from-checkout', onto('app: cart', 'app: checkout'));
    expect(told(SHOP, [...SHOP, CART_INGRESS, other])).toMatchObject({
      outcome: 'temporary',
      temporary: ['admit-all shop/cart-from-checkout-admit-during-rollout'],
      first: 'cut shop/checkout[Deployment] → shop/cart[Deployment]',
      waves: [
        ['apply NetworkPolicy cart-from-checkout-admit-during-rollout'],
        ['apply NetworkPolicy cart', 'apply NetworkPolicy cart-from-checkout'],
        ['delete NetworkPolicy cart-from-checkout-admit-during-rollout'],
      ],
    });
  });

  test('a label that changes in a Deployment and in the policy that selects it needs the old policy for a while', () => {
    const renamed = [FRONTEND, CHECKOUT, deployment('cart', 'app: basket'), policy('cart', onto('app: basket', 'app: frontend'))];
    const found = told([...SHOP, CART_INGRESS], renamed);
    expect(found).toMatchObject({ outcome: 'temporary', temporary: ['copy shop/cart-before-rollout'] });
    expect(found.waves).toEqual([
      ['apply NetworkPolicy cart-before-rollout'],
      ['apply NetworkPolicy cart'],
      ['apply Deployment cart'],
      ['delete NetworkPolicy cart-before-rollout'],
    ]);
  });

  test('a label that only comes in addition has an order by itself', () => {
    const labelled = [
      FRONTEND,
      CHECKOUT,
      deployment('cart', 'app: cart, tier: backend'),
      policy('cart', onto('tier: backend', 'app: frontend')),
    ];
    expect(told([...SHOP, CART_INGRESS], labelled)).toEqual({
      outcome: 'ordered',
      waves: [['apply Deployment cart'], ['apply NetworkPolicy cart']],
    });
  });

  test('a new namespace label comes before the rule that asks for it', () => {
    const web = deployment('web').replace('namespace: shop', 'namespace: web');
    const rule = (selector: string) =>
      policy(
        'cart',
        `{ podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ namespaceSelector: { matchLabels: { ${selector} } } }] }] }`,
      );
    expect(
      told(
        [CART, web, namespace('web', 'team: web'), rule('team: web')],
        [CART, web, namespace('web', 'team: web, tier: edge'), rule('tier: edge')],
      ),
    ).toEqual({ outcome: 'ordered', waves: [['apply Namespace web'], ['apply NetworkPolicy cart']] });
  });

  test('a workload that is new comes behind the policy that denies it', () => {
    expect(told([FRONTEND, CHECKOUT], [FRONTEND, CHECKOUT, CART, CART_INGRESS])).toEqual({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy cart'], ['apply Deployment cart']],
    });
  });

  test('what closes one end comes before what opens the other', () => {
    const egress = (to: string) =>
      policy('frontend', `{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [${to}] }`);
    const before = [FRONTEND, CART, egress('')];
    const after = [FRONTEND, CART, egress('{}'), policy('cart', '{ podSelector: { matchLabels: { app: cart } }, policyTypes: [Ingress] }')];
    expect(told(before, after)).toMatchObject({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy cart'], ['apply NetworkPolicy frontend']],
    });
  });

  test('a Service that changes to other pods waits until there are some', () => {
    const green = deployment('cart-green', 'app: cart, color: green');
    const blue = deployment('cart-blue', 'app: cart, color: blue');
    expect(told([FRONTEND, blue, service('color: blue')], [FRONTEND, green, service('color: green')])).toEqual({
      outcome: 'ordered',
      waves: [['apply Deployment cart-green'], ['apply Service cart'], ['delete Deployment cart-blue']],
    });
  });

  test('a Service waits for the policy that admits its clients to its new pods', () => {
    const closed = (spec: string) =>
      policy('green', `{ podSelector: { matchLabels: { color: green } }, policyTypes: [Ingress], ingress: [${spec}] }`);
    const pods = [FRONTEND, deployment('cart-green', 'app: cart, color: green'), deployment('cart-blue', 'app: cart, color: blue')];
    expect(told([...pods, service('color: blue'), closed('')], [...pods, service('color: green'), closed('{}')])).toEqual({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy green'], ['apply Service cart']],
    });
  });

  test('what is in a new namespace comes behind it', () => {
    const cart = CART.replace('namespace: shop', 'namespace: eu');
    expect(told([FRONTEND], [FRONTEND, namespace('eu', 'a: b'), cart])).toEqual({
      outcome: 'ordered',
      waves: [['apply Namespace eu'], ['apply Deployment cart']],
    });
  });

  test('a state that the profile leaves open is not safe', () => {
    const either = (label: string) =>
      policy(
        'cart',
        `{ podSelector: { matchLabels: { app: cart } }, ingress: [{ ${admit(label)} }, { from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }`,
      );
    const renamed = deployment('frontend', 'app: web');
    const found = rollout(states([...SHOP, either('app: frontend')], [renamed, CHECKOUT, CART, either('app: web')]));
    expect(found).toMatchObject({ outcome: 'undecided', doubts: [{ code: 'open-states' }] });
    expect(found.troubles.map(({ effect }) => effect)).toContain('doubt');
    expect(found.troubles[0]?.because[0]).toMatchObject({ code: 'profile-differs', cell: 'ipBlockMatchesPod' });
  });

  test('a policy that cannot be read and stays as it is leaves open what it left open before', () => {
    const broken = policy('cart', '{ podSelector: { matchLabels: { app: cart } }, ingress: [{ ports: [{ port: 99999 }] }] }');
    const out = policy('no-way-out', '{ podSelector: { matchLabels: { app: checkout } }, policyTypes: [Egress] }');
    expect(told([...SHOP, broken], [...SHOP, broken, out])).toMatchObject({
      outcome: 'ordered',
      waves: [['apply NetworkPolicy no-way-out']],
    });
  });

  test('more policies of the same pods than can be tried leave the order open', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) =>
        policy(
          `p-${i}`,
          `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ${admit(i % 2 === 0 ? 'app: frontend' : 'app: checkout')} }] }`,
        ),
      );
    const found = rollout(states(SHOP, [...SHOP, ...many(8)]));
    expect(found).toMatchObject({ outcome: 'undecided', doubts: [{ code: 'too-many-steps', steps: 8 }] });
    expect(told(SHOP, [...SHOP, ...many(2)]).outcome).toBe('temporary');
  });
});

describe('an order that is given', () => {
  const own = policy('all', `{ podSelector: {}, policyTypes: [Ingress], ingress: [{ ${admit('app: frontend')} }] }`);
  const walked = (sorted: (a: Step, b: Step) => number) => {
    const { outcome, troubles } = walkOrder(states(SHOP, [...SHOP, DENY_ALL, own]), (steps) => [...steps].sort(sorted));
    return {
      outcome,
      troubles: troubles.map(({ step, effect, from, to, ports }) => `${step.name}: ${effect} ${from} → ${to} ${printPortSet(ports)}`),
    };
  };

  test('a default deny that comes first cuts what the allow rule lets through', () => {
    const found = walked((a, b) => (a.name < b.name ? 1 : -1));
    expect(found.outcome).toBe('unsafe');
    expect(found.troubles[0]).toMatch(/^default-deny: cut shop\/frontend\[Deployment\] → shop\/(?:cart|checkout)\[Deployment\] /);
  });

  test('is open where the states set the CNI in two ways, and where a policy is refused', () => {
    const refused = policy('cart', '{ podSelector: {}, ingress: [{ ports: [{ port: "x y" }] }] }');
    const asIs = (steps: readonly Step[]) => steps;
    const safe = states(SHOP, [...SHOP, CART_INGRESS]);
    expect(walkOrder(states(SHOP, SHOP), asIs)).toMatchObject({ outcome: 'safe', doubts: [] });
    expect(walkOrder({ ...safe, settingsDiffer: true }, asIs)).toMatchObject({
      outcome: 'undecided',
      doubts: [{ code: 'settings-differ' }],
    });
    expect(walkOrder(states(SHOP, [...SHOP, refused]), asIs)).toMatchObject({ outcome: 'undecided', doubts: [{ code: 'refused' }] });
    expect(rollout({ ...safe, settingsDiffer: true })).toMatchObject({ outcome: 'undecided', waves: [] });
  });

  test('the other way round nothing is cut', () => {
    expect(walked((a, b) => (a.name < b.name ? -1 : 1))).toEqual({ outcome: 'safe', troubles: [] });
  });
});
