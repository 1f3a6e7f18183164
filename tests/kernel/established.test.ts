// A connection that is open while the policies change: kept by some plugins, cut by others. Both, on a real kernel, by the smallest change.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { complete } from '../../src/lab/complete.ts';
import type { FlatLab } from '../../src/lab/flat.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { printIp } from '../../src/net/ip.ts';
import { compile } from '../../src/nft/compile.ts';
import { decided } from '../../src/nft/decided.ts';
import { semantics } from './agreement.ts';
import { describeWithKernel, openLab } from './needs.ts';
import { clusterOf } from './random-cluster.ts';

const pod = (app: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: app, labels: { app } },
  spec: { containers: [{ name: 'main', image: 'example/app' }] },
});
const allow = (...apps: string[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'cart', namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'cart' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: apps.map((app) => ({ podSelector: { matchLabels: { app } } })), ports: [{ port: 7070 }] }],
  },
});
const shop = (...apps: string[]) => complete(clusterOf([pod('frontend'), pod('checkout'), pod('cart'), allow(...apps)])).cluster;

describeWithKernel('an open connection when a policy begins to deny it', () => {
  let lab: FlatLab;
  beforeEach(async () => {
    lab = await openLab();
  });
  afterEach(() => lab.close());

  const address = (cluster: Cluster, app: string, family: 4 | 6) => {
    const found = cluster.podByRef.get(`shop/${app}`)?.addresses.find((ip) => ip.family === family);
    if (found === undefined) throw new Error(`${app} has no address`);
    return found;
  };

  for (const form of ['explaining', 'scaling'] as const) {
    for (const family of [4, 6] as const) {
      test.each([
        ['calico', 'kept', 'answered'],
        ['ovn-kubernetes', 'cut', 'reset'],
      ] as const)(`%s: %s (IPv${family}, ${form} form)`, async (profile, behaviour, seen) => {
        const { semantics: decidedSemantics } = decided(semantics(profile));
        expect(decidedSemantics.establishedCutOnDeny).toBe(behaviour);
        const open = shop('frontend', 'checkout');
        const closed = shop('checkout');
        const before = compile(open, decidedSemantics, { form, generation: 1 });
        await lab.load(before);

        const cart = address(open, 'cart', family);
        await lab.listen([{ protocol: 'TCP', address: printIp(cart), port: 7070 }]);
        const shotFrom = (app: string) => ({ source: address(open, app, family), destination: cart, protocol: 'TCP', port: 7070 }) as const;
        for (const app of ['frontend', 'checkout']) {
          expect(await lab.hold(app, shotFrom(app))).toBe('answered');
          expect(await lab.say(app)).toBe('answered');
        }

        // frontend is no longer let in; checkout still is.
        const after = compile(closed, decidedSemantics, { form, generation: 2, ...(before.ids && { ids: before.ids }) });
        const changes = await lab.change(before, after);
        expect(changes.length).toBeGreaterThan(0);
        expect(await lab.say('frontend')).toBe(seen);
        expect(await lab.say('checkout')).toBe('answered');
        // New connections follow the new policy either way.
        expect(await lab.hold('new frontend', shotFrom('frontend'))).toBe('refused');
        expect(await lab.hold('new checkout', shotFrom('checkout'))).toBe('answered');
      });
    }
  }
});
