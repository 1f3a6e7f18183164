// Can the referee see? With a broken compile step a proof must report the difference, and with rules that enforce nothing it must not pass.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FlatLab } from '../../src/lab/flat.ts';
import { prove } from '../../src/lab/prove.ts';
import { type Element, isSpan, type Ruleset } from '../../src/nft/ruleset.ts';
import { semantics } from './agreement.ts';
import { describeWithKernel, openLab } from './needs.ts';
import { clusterOf } from './random-cluster.ts';

const labels = (app: string) => ({ metadata: { namespace: 'shop', name: app, labels: { app } } });
const pod = (app: string, ip: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  ...labels(app),
  spec: { containers: [{ name: 'main', image: 'example/app', ports: [{ containerPort: 7070 }] }] },
  status: { phase: 'Running', podIP: ip, podIPs: [{ ip }] },
});

/** cart takes TCP 7070-7072 from frontend and anything from 203.0.113.0/24 but its upper half. */
const shop = clusterOf([
  pod('frontend', '10.0.0.2'),
  pod('cart', '10.0.0.3'),
  pod('checkout', '10.0.0.4'),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'cart-ingress', namespace: 'shop' },
    spec: {
      podSelector: { matchLabels: { app: 'cart' } },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'frontend' } } }], ports: [{ port: 7070, endPort: 7072 }] },
        { from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } }] },
      ],
    },
  },
]);

type Tamper = (ruleset: Ruleset) => Ruleset;

/** Takes away what lets frontend in. */
const withoutARule: Record<'explaining' | 'scaling', Tamper> = {
  explaining: (ruleset) => ({
    ...ruleset,
    chains: ruleset.chains.map((chain) =>
      chain.name === 'in.shop/cart-ingress'
        ? { ...chain, rules: chain.rules.filter((rule) => !JSON.stringify(rule).includes('in0.pods4')) }
        : chain,
    ),
  }),
  scaling: (ruleset) => ({ ...ruleset, maps: ruleset.maps.map((map) => (map.name === 'in-near-ports' ? { ...map, entries: [] } : map)) }),
};

/** The range ends one port too late. */
const aPortTooMany: Tamper = (ruleset) => ({
  ...ruleset,
  sets: ruleset.sets.map((set) => ({
    ...set,
    elements: set.elements.map(
      (element): Element => element.map((part) => (isSpan(part) && part.to === 7072 ? { from: part.from as number, to: 7073 } : part)),
    ),
  })),
});

/** The hole of the block is closed: 203.0.113.0/24 as a whole. */
const withoutExcept: Tamper = (ruleset) => {
  const widen = (element: Element): Element =>
    element.map((part) => (isSpan(part) && part.to === 0xcb00717f ? { from: part.from as number, to: 0xcb0071ff } : part));
  return {
    ...ruleset,
    sets: ruleset.sets.map((set) => ({ ...set, elements: set.elements.map(widen) })),
    maps: ruleset.maps.map((map) => ({ ...map, entries: map.entries.map(({ key, value }) => ({ key: widen(key), value })) })),
  };
};

describeWithKernel('the referee sees', () => {
  let stage: FlatLab;
  beforeAll(async () => {
    stage = await openLab();
  });
  afterAll(() => stage.close());

  for (const form of ['explaining', 'scaling'] as const) {
    const tampered: readonly (readonly [string, Tamper, string])[] = [
      ['a rule that was dropped', withoutARule[form], 'shop/frontend -> shop/cart TCP/7070'],
      ['a port too many', aPortTooMany, 'shop/frontend -> shop/cart TCP/7073'],
      ['an except that was lost', withoutExcept, '203.0.113.255 -> shop/cart TCP/7070'],
    ];
    test(`nothing wrong with the shop as it is, ${form} form`, async () => {
      const report = await prove(shop, { semantics: semantics('calico'), form, stage });
      expect(report.outcome).toBe('agree');
      expect(report.agreed.allowed).toBeGreaterThan(0);
      expect(report.agreed['denied-ingress']).toBeGreaterThan(0);
    });

    for (const [title, tamper, packet] of tampered) {
      test(`${title}, ${form} form`, async () => {
        const report = await prove(shop, { semantics: semantics('calico'), form, stage, tamper });
        expect(report.outcome).toBe('differ');
        const seen = report.differences.map(
          ({ probe: { source, destination, protocol, port } }) => `${source.name} -> ${destination.name} ${protocol}/${port}`,
        );
        expect(seen).toContain(packet);
        // The walker reads the same broken rules, so it sides with the kernel: the compiler is at fault, not the lab.
        for (const { walk, observed } of report.differences) expect(walk.verdict === 'accept').toBe(observed === 'allowed');
      });
    }
  }

  test('a difference comes with the counters that moved', async () => {
    const report = await prove(shop, { semantics: semantics('calico'), stage, tamper: aPortTooMany });
    const difference = report.differences.find(({ probe }) => probe.port === 7073);
    expect(difference?.moved.map(({ counter }) => counter)).toEqual(['shop/cart-ingress.in0']);
    expect(difference?.moved[0]?.meaning?.kind).toBe('rule');
  });

  test('rules that stop nothing do not pass: a control fails before anything is compared', async () => {
    const openToAll: Tamper = (ruleset) => ({
      ...ruleset,
      chains: ruleset.chains.map((chain) => (chain.hook === undefined ? chain : { ...chain, rules: [] })),
    });
    await expect(prove(shop, { semantics: semantics('calico'), stage, tamper: openToAll })).rejects.toMatchObject({
      code: 'lab-not-enforcing',
    });
  });

  test('rules that stop everything do not pass either', async () => {
    const closedToAll: Tamper = (ruleset) => ({
      ...ruleset,
      chains: ruleset.chains.map((chain) =>
        chain.hook === undefined ? chain : { ...chain, rules: [[{ kind: 'goto', chain: 'denied-in' }]] },
      ),
    });
    await expect(prove(shop, { semantics: semantics('calico'), stage, tamper: closedToAll })).rejects.toMatchObject({
      code: 'lab-not-enforcing',
    });
  });

  test('a cluster without a pod is not proven, it is refused', async () => {
    await expect(prove(clusterOf([]), { semantics: semantics('calico'), stage })).rejects.toMatchObject({ code: 'nothing-to-prove' });
  });

  test('a profile that enforces nothing is proven to stop nothing', async () => {
    const report = await prove(shop, { semantics: semantics('flannel'), stage });
    expect(report.outcome).toBe('agree');
    expect(report.agreed.allowed).toBe(report.made);
    expect(report.controls).toBe(6);
  });

  test('--faithful: the same verdicts where denied packets vanish', { timeout: 60_000 }, async () => {
    const report = await prove(shop, { semantics: semantics('calico'), stage, faithful: true });
    expect(report.outcome).toBe('agree');
    expect(report.agreed['denied-ingress']).toBeGreaterThan(0);
  });

  test('a sample says how many of how many', async () => {
    const report = await prove(shop, { semantics: semantics('calico'), stage, sample: 10 });
    expect(report.made).toBe(10);
    expect(report.plan.planned).toBeGreaterThan(30);
  });
});
