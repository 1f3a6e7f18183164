// Fixes where addresses, families and policies that cannot be read come in: what each claims to open and close, recomputed by the plain
// evaluator for every pair of ends; an edit that only adds closes nothing.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { fix } from '../../src/question/fix.ts';
import { why } from '../../src/question/why.ts';
import { changedCluster } from '../../src/repair/apply.ts';
import { askedOf } from '../../src/repair/blocked.ts';
import type { LeverCode } from '../../src/repair/lever.ts';
import { runs } from '../arbitraries/runs.ts';
import { keep, kept } from '../corpus.ts';
import { semanticsNamed } from '../shop-manifests.ts';
import { expectExact } from './brute-force.ts';

interface Drawn {
  /** Of each pod: its last number, without which its address is not known, and whether it has IPv6 as well. */
  readonly pods: readonly { readonly app: string; readonly address?: number; readonly dual: boolean }[];
  readonly policies: readonly { readonly app: string; readonly direction: 'Ingress' | 'Egress'; readonly rules: readonly unknown[] }[];
  readonly from: string;
  readonly to: string;
  readonly cni: string;
  readonly deny: boolean;
}

const app = fc.constantFrom('frontend', 'cart', 'checkout');
const block = fc.constantFrom(
  { cidr: '10.1.0.0/16' },
  { cidr: '10.1.0.2/32' },
  { cidr: '10.9.0.1/32' },
  { cidr: '203.0.113.0/24' },
  { cidr: '0.0.0.0/0', except: ['10.0.0.0/8'] },
  { cidr: '::/0' },
  { cidr: 'fd00:1::/64' },
  // The API server refuses it.
  { cidr: '203.0.113.0/24', except: ['fd00::/64'] },
);
const peer = fc.oneof(
  app.map((name) => ({ podSelector: { matchLabels: { app: name } } })),
  block.map((ipBlock) => ({ ipBlock })),
);
const rule = fc.record({
  peers: fc.array(peer, { minLength: 1, maxLength: 2 }),
  ports: fc.constantFrom([], [{ port: 80 }], [{ port: 80, protocol: 'UDP' }], [{ port: 53, protocol: 'UDP' }]),
});
const ends = fc.constantFrom('shop/p0', 'shop/p1', 'node/one', 'node/two', '203.0.113.7', '10.1.0.99', '[2001:db8::1]');

const drawn: fc.Arbitrary<Drawn> = fc
  .record({
    pods: fc.array(fc.record({ app, address: fc.nat(9), dual: fc.boolean() }, { requiredKeys: ['app', 'dual'] }), {
      minLength: 2,
      maxLength: 4,
    }),
    policies: fc.array(
      fc.record({ app, direction: fc.constantFrom<'Ingress' | 'Egress'>('Ingress', 'Egress'), rules: fc.array(rule, { maxLength: 2 }) }),
      { minLength: 1, maxLength: 3 },
    ),
    from: ends,
    to: ends,
    cni: fc.constantFrom('calico', 'cilium', 'kubernetes'),
    deny: fc.boolean(),
  })
  .map((own) => ({ ...own, to: own.from.startsWith('shop/') ? own.to : 'shop/p1' }));

function textOf({ pods, policies }: Drawn): string {
  const objects: unknown[] = [
    ...['one', 'two'].map((name, i) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      status: { addresses: [{ type: 'InternalIP', address: `10.9.0.${i + 1}` }] },
    })),
    ...pods.map(({ app: name, address, dual }, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${i}`, namespace: 'shop', labels: { app: name, id: `p${i}` } },
      spec: { nodeName: i % 2 === 0 ? 'one' : 'two', containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] },
      status: {
        phase: 'Running',
        ...(address === undefined
          ? {}
          : {
              podIP: `10.1.${i}.${address}`,
              podIPs: [{ ip: `10.1.${i}.${address}` }, ...(dual ? [{ ip: `fd00:1::${i}:${address}` }] : [])],
            }),
      },
    })),
    ...policies.map(({ app: name, direction, rules }, i) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `policy-${i}`, namespace: 'shop' },
      spec: {
        podSelector: { matchLabels: { app: name } },
        policyTypes: [direction],
        [direction.toLowerCase()]: (rules as { peers: unknown[]; ports: unknown[] }[]).map(({ peers, ports }) => ({
          [direction === 'Ingress' ? 'from' : 'to']: peers,
          ...(ports.length > 0 && { ports }),
        })),
      },
    })),
  ];
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

/** Edits that only add to a rule or a policy that isolates already: nothing that was open can be closed by them. */
const ADDING: ReadonlySet<LeverCode> = new Set(['add-peer', 'add-port', 'add-rule', 'add-dns-rule', 'remove-except']);

interface Seen {
  readonly rows: Map<string, number>;
  readonly levers: Map<string, number>;
}

function check(own: Drawn, seen: Seen): void {
  const cluster = loadCluster([{ file: 'shop.yaml', text: textOf(own) }]);
  const semantics = semanticsNamed(own.cni);
  const question = { from: own.from, to: `${own.to}:80`, namespace: 'shop' };
  const answer = fix(cluster, semantics, question, { most: 6, deny: own.deny });
  if (answer.kind === 'error') return;
  for (const { connection, fixes, unreadable } of answer.connections) {
    for (const each of fixes) {
      for (const { code } of each.levers) seen.levers.set(code, (seen.levers.get(code) ?? 0) + 1);
      const after = changedCluster(cluster, each.changes);
      expect(why(after, semantics, question)).toMatchObject({ outcome: own.deny ? 'denied' : 'allowed' });
      if (unreadable.length > 0) expect(each.levers[0]?.code).toBe('repair-policy');
      if (each.levers.every(({ code }) => ADDING.has(code))) expect(each.effect.closed).toEqual([]);
      const isReal = ({ isFuture }: { readonly isFuture: boolean }) => !isFuture;
      const effect = { ...each.effect, opened: each.effect.opened.filter(isReal), closed: each.effect.closed.filter(isReal) };
      const asked = askedOf(connection.route, false);
      expectExact(cluster, semantics, each.changes, effect, { imagined: [], asked, seen: seen.rows });
    }
  }
}

const nothingSeen = (): Seen => ({ rows: new Map(), levers: new Map() });

describe('every fix where addresses and families matter', () => {
  test('opens and closes what it says', { timeout: 600_000 }, () => {
    const options = runs<[Drawn]>(120);
    const seen = nothingSeen();
    const details = fc.check(
      fc.property(drawn, (own) => check(own, seen)),
      options,
    );
    if (details.failed && details.counterexample !== null) keep('fix-addresses', details.counterexample[0], details.seed);
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
    console.log(`seed ${options.seed}: ${[...seen.levers, ...seen.rows].map(([what, count]) => `${count} ${what}`).join(', ')}`);
    expect(seen.levers.size).toBeGreaterThan(4);
    expect([...seen.rows.keys()]).toEqual(expect.arrayContaining(['closed sure', 'opened sure', 'same']));
  });

  test.for(kept<Drawn>('fix-addresses'))('also $name, which once failed', ({ value }) => {
    expect(value.pods.length).toBeGreaterThan(0);
    check(value, nothingSeen());
  });
});
