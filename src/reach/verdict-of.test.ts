import { describe, expect, test } from 'vitest';
import { clusterOfPlan, connectionOfPlan, type Plan, type QuestionPlan, semanticsOfPlan } from '../../tests/arbitraries/plan.ts';
import { verdictText } from '../../tests/differential/verdict-text.ts';
import { decide } from '../policy/decide.ts';
import { reachOf } from './reach.ts';
import { fastVerdict } from './verdict-of.ts';

const SHOP: Plan = {
  semantics: {},
  namespaces: {},
  nodes: [{ name: 'n1', addresses: ['192.168.0.1'] }],
  pods: [
    { namespace: 'shop', name: 'cart', labels: { app: 'cart' }, ports: [], addresses: ['10.0.0.1'], node: 'n1' },
    { namespace: 'shop', name: 'front', labels: { app: 'front' }, ports: [], addresses: ['10.0.0.2'], node: 'n2' },
    { namespace: 'shop', name: 'pay', labels: { app: 'pay' }, ports: [], addresses: ['10.0.0.3'], node: 'n2' },
  ],
  policies: [
    {
      namespace: 'shop',
      name: 'cart-ingress',
      spec: {
        podSelector: { matchLabels: { app: 'cart' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'front' } } }], ports: [{ port: 7070 }] }],
      },
    },
  ],
  tiers: [],
};
const cluster = clusterOfPlan(SHOP);
const semantics = semanticsOfPlan(SHOP);
const reach = reachOf(cluster, semantics);

function ask(from: string, to: string, port = 7070) {
  const question: QuestionPlan = { from, to, protocol: 'TCP', port };
  return fastVerdict(reach, connectionOfPlan(cluster, question));
}

describe('the fast verdict', () => {
  test('names the rule that admits and the policy that denies', () => {
    expect(verdictText(ask('shop/front', 'shop/cart'))).toEqual({
      outcome: 'allowed',
      egress: 'not-isolated',
      ingress: 'allowed by NetworkPolicy shop/cart-ingress ingress[0]',
    });
    expect(verdictText(ask('shop/pay', 'shop/cart'))).toEqual({
      outcome: 'denied',
      egress: 'not-isolated',
      ingress: 'denied by NetworkPolicy shop/cart-ingress',
    });
    expect(ask('shop/front', 'shop/cart', 7071).outcome).toBe('denied');
  });

  test('exempts the own node of a pod, and no other', () => {
    expect(verdictText(ask('node:n1', 'shop/cart')).ingress).toBe('exempt own-node');
    expect(verdictText(ask('node:n2', 'shop/cart')).ingress).toBe('denied by NetworkPolicy shop/cart-ingress');
  });

  test('gives equal answers of a direction as one value, so that their text can be remembered', () => {
    expect(ask('shop/pay', 'shop/cart').ingress).toBe(ask('203.0.113.7', 'shop/cart').ingress);
    expect(ask('shop/front', 'shop/cart').ingress).toBe(ask('shop/front', 'shop/cart').ingress);
  });

  test('leaves pods and nodes that it has never seen, and numbers that are no ports, to the plain evaluator', () => {
    const stranger = clusterOfPlan({
      ...SHOP,
      pods: [{ namespace: 'shop', name: 'front-2', labels: { app: 'front' }, ports: [], addresses: [] }],
    }).pods[0];
    if (stranger === undefined) throw new Error('the plan has a pod');
    const destination = connectionOfPlan(cluster, { from: 'shop/pay', to: 'shop/cart', protocol: 'TCP', port: 7070 }).destination;
    for (const [source, port, outcome] of [
      [{ kind: 'pod', pod: stranger }, 7070, 'allowed'],
      [{ kind: 'pod', pod: { ...stranger, hostNetwork: true } }, 7070, 'allowed'],
      [{ kind: 'node', name: 'n9', addresses: [{ family: 4, value: 1 }] }, 7070, 'denied'],
      [{ kind: 'pod', pod: stranger }, 70_000, 'denied'],
    ] as const) {
      const connection = { source, destination, protocol: 'TCP', port } as const;
      expect(fastVerdict(reach, connection)).toEqual(decide(cluster, semantics, connection));
      expect(fastVerdict(reach, connection).outcome).toBe(outcome);
    }
  });
});
