import { describe, expect, test } from 'vitest';
import { clusterOfPlan, type Plan, semanticsOfPlan } from '../../tests/arbitraries/plan.ts';
import { EVERYTHING, matchedRules, NO_RULES } from './matched-rules.ts';
import { reachOf } from './reach.ts';

const APPS = ['cart', 'web', 'front', 'ops', 'checkout', 'mail', 'ads', 'search'];

/** Every app is a class of its own; `rules` on the ingress of all of them. */
function ingress(rules: readonly unknown[]) {
  const plan: Plan = {
    semantics: {},
    namespaces: {},
    nodes: [],
    pods: APPS.map((app) => ({ namespace: 'shop', name: app, labels: { app }, ports: [], addresses: [] })),
    policies: [
      { namespace: 'shop', name: 'deep', spec: { podSelector: {}, ingress: rules } },
      ...APPS.map((app) => ({
        namespace: 'shop',
        name: app,
        spec: { podSelector: { matchLabels: { app } }, policyTypes: ['Egress'] },
      })),
    ],
    tiers: [],
  };
  const reach = reachOf(clusterOfPlan(plan), semanticsOfPlan(plan));
  const classOf = (app: string) => reach.classes.classOfPod[APPS.indexOf(app)] as number;
  return { reach, stack: reach.stacks.ingress[classOf('cart')] as number, classOf };
}

const from = (app: string, port?: unknown) => ({
  from: [{ podSelector: { matchLabels: { app } } }],
  ...(port !== undefined && { ports: [{ port }] }),
});

describe('the list of rules that match a peer', () => {
  test('is the same whether the rules were walked or the stack was turned round', () => {
    const { reach, stack, classOf } = ingress([
      from('web', 80),
      from('front', 80),
      from('web', 'grpc'),
      from('ops'),
      { ports: [{ port: 1 }] },
    ]);
    const matched = matchedRules(reach);
    const ask = () => APPS.map((app) => matched.of(stack, 0, classOf(app)));
    const walked = ask();
    for (let i = 0; i < 100; i++) ask();
    expect(ask()).toEqual(walked);
    expect(new Set(walked).size).toBe(4);
  });

  test('is the same for many ingress stacks side by side', () => {
    const plan: Plan = {
      semantics: {},
      namespaces: {},
      nodes: [],
      pods: APPS.map((app) => ({ namespace: 'shop', name: app, labels: { app }, ports: [], addresses: [] })),
      policies: APPS.map((app, i) => ({
        namespace: 'shop',
        name: app,
        spec: { podSelector: { matchLabels: { app } }, ingress: [from(APPS[(i + 1) % APPS.length] as string, 80), from('cart', i + 1)] },
      })),
      tiers: [],
    };
    const { classes, stacks, ...reach } = reachOf(clusterOfPlan(plan), semanticsOfPlan(plan));
    const matched = matchedRules({ ...reach, classes, stacks });
    const peers = Array.from(classes.classOfPod);
    const ask = () => peers.map((one) => Array.from(stacks.ingress, (stack) => matched.of(stack, 0, one)));
    const walked = ask();
    for (let i = 0; i < 100; i++) ask();
    expect(ask()).toEqual(walked);
    expect(new Set(walked.flat()).size).toBeGreaterThan(APPS.length);
  });

  test('one rule for every port leaves nothing else to say, and no rule is a list of its own', () => {
    const { reach, stack, classOf } = ingress([from('ops', 80), from('ops'), from('ops', 443)]);
    const matched = matchedRules(reach);
    expect(matched.of(stack, 0, classOf('ops'))).toBe(EVERYTHING);
    expect(matched.of(stack, 0, classOf('web'))).toBe(NO_RULES);
  });

  test('peers of rules with equal ports share a list, which knows whether names matter', () => {
    const { reach, stack, classOf } = ingress([from('web', 80), from('front', 80), from('mail', 'grpc')]);
    const matched = matchedRules(reach);
    const [web, front, mail] = ['web', 'front', 'mail'].map((app) => matched.of(stack, 0, classOf(app))) as [number, number, number];
    expect(front).toBe(web);
    expect([matched.hasNames(web), matched.hasNames(mail)]).toEqual([false, true]);
    expect(matched.portsIn(web)?.map(({ ports }) => ports)).toMatchObject([[{ from: 80, to: 80 }]]);
  });
});
