import { describe, expect, test } from 'vitest';
import { clusterOfPlan, type Plan, type PodPlan, semanticsOfPlan } from '../../tests/arbitraries/plan.ts';
import { reachOf } from './reach.ts';

const pod = (name: string, more: Partial<PodPlan> = {}): PodPlan => ({
  namespace: 'shop',
  name,
  labels: { app: name },
  ports: [],
  addresses: [],
  ...more,
});
const plan = (more: Partial<Plan>): Plan => ({ semantics: {}, namespaces: {}, nodes: [], pods: [], policies: [], tiers: [], ...more });
const policy = (spec: unknown, namespace = 'shop') => ({ namespace, name: 'cart-ingress', spec });

/** The class of every pod: `cart 0, web 1`. */
function classesOf(given: Plan): string {
  const cluster = clusterOfPlan(given);
  const { classes } = reachOf(cluster, semanticsOfPlan(given));
  return cluster.pods.map(({ name }, i) => `${name} ${classes.classOfPod[i]}`).join(', ');
}

describe('pods are one class unless a policy can tell them apart', () => {
  const cart = policy({ podSelector: { matchLabels: { app: 'cart' } } });

  test('without policies all live pods are one class, whatever their labels and namespaces', () => {
    expect(classesOf(plan({ pods: [pod('cart'), pod('web', { namespace: 'ops' })] }))).toBe('cart 0, web 0');
  });

  test('a label that a selector wants splits, and one that no selector names does not', () => {
    const pods = [
      pod('cart'),
      pod('web'),
      pod('cart-2', { labels: { app: 'cart', hash: '6d4' } }),
      pod('front', { labels: { app: 'front' } }),
    ];
    expect(classesOf(plan({ pods, policies: [cart] }))).toBe('cart 0, web 1, cart-2 0, front 1');
  });

  test('a selector does not split pods of a namespace that it never looks at', () => {
    const pods = [pod('cart', { namespace: 'ops' }), pod('web', { namespace: 'ops' })];
    expect(classesOf(plan({ pods, policies: [cart] }))).toBe('cart 0, web 0');
    expect(classesOf(plan({ pods, policies: [policy({ podSelector: { matchLabels: { app: 'cart' } } }, 'ops')] }))).toBe('cart 0, web 1');
  });

  test('a value with a comma is not a list of two values', () => {
    const wanting = (values: readonly string[], namespace: string) =>
      policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values }] } }, namespace);
    const pods = [pod('cart'), pod('other', { labels: { app: 'x' } })];
    expect(classesOf(plan({ pods, policies: [wanting(['cart,web'], 'shop')] }))).toBe('cart 0, other 0');
    expect(classesOf(plan({ pods, policies: [wanting(['cart,web'], 'shop'), wanting(['cart', 'web'], 'shop')] }))).toBe('cart 0, other 1');
  });

  test('a named port splits where some policy uses the name, by number and by the kind of container', () => {
    const named = policy({ podSelector: {}, ingress: [{ ports: [{ port: 'http' }] }] });
    const http = (port: number, role: 'main' | 'init' = 'main') => [{ name: 'http', port, protocol: 'TCP' as const, role }];
    const pods = [
      pod('cart', { ports: http(80) }),
      pod('web', { ports: http(8080) }),
      pod('pay', { ports: http(80, 'init') }),
      pod('front', { ports: http(80) }),
    ];
    expect(classesOf(plan({ pods, policies: [named] }))).toBe('cart 0, web 1, pay 2, front 0');
    expect(classesOf(plan({ pods, policies: [policy({ podSelector: {} })] }))).toBe('cart 0, web 0, pay 0, front 0');
  });

  test('an address splits at the border of a block, but only where the profile holds blocks against pods', () => {
    const block = policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' } }] }] });
    const pods = [
      pod('cart', { addresses: ['10.0.0.1'] }),
      pod('web', { addresses: ['10.0.1.1'] }),
      pod('pay', { addresses: ['10.0.0.2'] }),
    ];
    expect(classesOf(plan({ pods, policies: [block] }))).toBe('cart 0, web 1, pay 0');
    expect(classesOf(plan({ pods, policies: [block], semantics: { ipBlockMatchesPod: 'open' } }))).toBe('cart 0, web 1, pay 0');
    expect(classesOf(plan({ pods, policies: [block], semantics: { ipBlockMatchesPod: 'no', ipBlockMatchesNode: 'no' } }))).toBe(
      'cart 0, web 0, pay 0',
    );
  });

  test('a completed pod is a class of its own', () => {
    expect(classesOf(plan({ pods: [pod('cart'), pod('job', { phase: 'Succeeded' })] }))).toBe('cart 0, job 1');
  });
});
