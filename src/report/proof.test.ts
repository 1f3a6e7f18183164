import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { ProofDocument } from '../answer/documents/proof.ts';
import { paint } from './paint.ts';
import { proofJunit } from './proof-junit.ts';
import { proofText } from './proof-text.ts';

const agreed: ProofDocument = {
  apiVersion: 'netverdict.dev/v1',
  kind: 'Proof',
  outcome: 'agree',
  profile: { name: 'calico', assumed: [] },
  laboratory: { tier: 'flat', rules: 'explaining', faithful: false, rootless: true, kernel: '6.18.44', nftables: '1.0.6' },
  connections: {
    made: 1416,
    planned: 1416,
    by: { TCP: { ipv4: 396, ipv6: 396 }, UDP: { ipv4: 156, ipv6: 156 }, SCTP: { ipv4: 156, ipv6: 156 } },
    allowed: 174,
    deniedByEgress: 0,
    deniedByIngress: 1242,
    differ: 0,
    lost: 0,
    controls: 18,
  },
  coverage: { pods: 12, podsMet: 12, podClasses: 12, nodesMet: 0, outsideMet: 2, undecided: 0, because: [] },
  assumptions: [],
  differences: [],
  lost: [],
  evaluatorsDiffer: [],
  milliseconds: { prepare: 100, open: 40, load: 30, packets: 280 },
};

const packet = {
  from: 'shop/frontend',
  fromAddress: '10.0.0.2',
  to: 'shop/cart',
  toAddress: '10.0.0.3',
  protocol: 'TCP',
  port: 7073,
} as const;
const departing: ProofDocument = {
  ...agreed,
  profile: { name: 'kube-router', assumed: [] },
  departures: [{ enforced: 'open', shapes: 'leak', rules: ['shop/both ingress[0]'], connections: 12, example: packet }],
};
const differing: ProofDocument = {
  ...agreed,
  outcome: 'differ',
  profile: { name: 'kubernetes', assumed: [{ cell: 'ipBlockMatchesPod', answer: 'yes', connections: 72 }] },
  connections: { ...agreed.connections, made: 812, planned: 5000, differ: 25, lost: 1 },
  coverage: { ...agreed.coverage, podClasses: 4, undecided: 30, because: [{ doubt: 'policy-unreadable NetworkPolicy shop/x', count: 30 }] },
  assumptions: [{ code: 'address-assigned', ends: ['shop/frontend', 'shop/cart', 'shop/checkout'] }],
  differences: [
    {
      ...packet,
      engine: {
        outcome: 'denied',
        egress: { outcome: 'not-isolated', by: [] },
        ingress: { outcome: 'denied', by: ['shop/cart-ingress'] },
      },
      kernel: 'allowed',
      rules: { verdict: 'accept', chains: ['base', 'in.shop/cart-ingress'] },
      counters: [{ name: 'shop/cart-ingress.in0', packets: 1, means: 'shop/cart-ingress ingress[0]' }],
    },
  ],
  lost: [{ ...packet, port: 80 }],
};

describe('what prove found', () => {
  it.each([
    ['agrees', agreed],
    ['differs', differing],
    ['agrees, and the enforcer of the cluster departs from both', departing],
  ])('is the document that its schema describes: %s', (_, proof) => {
    const schema = JSON.parse(readFileSync(new URL('../../schemas/proof.schema.json', import.meta.url), 'utf8')) as object;
    const validate = new Ajv2020({ strict: true }).compile(schema);
    expect(validate(proof) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...proof, outcome: 'fine' })).toBe(false);
  });

  it('is told in a few lines when all is well', () => {
    expect(proofText(agreed, paint(false))).toBe(`✓ agree   kernel and engine agree on all 1,416 connections   cni: calico

  made      TCP 396 IPv4 and 396 IPv6, UDP 156 IPv4 and 156 IPv6, SCTP 156 IPv4 and 156 IPv6: 174 allowed, 0 denied by egress, 1,242 by ingress
  kernel    Linux 6.18.44, nftables 1.0.6, no rights outside its own namespace
  covered   12 of 12 pods, 2 addresses outside
  controls  18 before all others, and each was let through or stopped as it had to be
  took      0.45 s: plan 0.10 s, namespace 0.04 s, rules 0.03 s, packets 0.28 s, 5,057 connections a second
`);
  });

  it('says what the enforcer of the cluster would do otherwise', () => {
    const text = proofText(departing, paint(false)).replaceAll(/\s+/g, ' ');
    expect(text).toContain(
      'would let through 12 connections that this kernel denied, as the policies say, such as shop/frontend (10.0.0.2) → shop/cart (10.0.0.3) TCP/7073',
    );
    expect(text).toContain('split the policy by direction');
    expect(proofText(agreed, paint(false))).not.toContain('kube-router');
  });

  it('is told with the packet, both answers and the counters where they differ', () => {
    const text = proofText(differing, paint(false));
    expect(text).toContain('✗ differ   kernel and engine differ on 25 of 812 connections   cni: kubernetes');
    expect(text).toContain('(of 5,000 planned)');
    expect(text).toContain(
      'ipBlockMatchesPod: yes, as in a plain packet filter, for 72 connections that profile `kubernetes` leaves undecided',
    );
    expect(text).toContain('30 connections without a verdict: policy-unreadable NetworkPolicy shop/x (30)');
    expect(text).toContain(`  shop/frontend (10.0.0.2) → shop/cart (10.0.0.3) TCP/7073
    engine    denied: egress not-isolated; ingress denied by shop/cart-ingress
    kernel    allowed
    rules     accept by way of base > in.shop/cart-ingress; the compiled rules agree with the kernel, so the compiler or the engine is wrong
    counters  shop/cart-ingress.in0 +1 (shop/cart-ingress ingress[0])`);
    expect(text).toContain('… and 24 more that differ');
    expect(text).toContain('neither an answer nor a kernel record, twice, for\n    shop/frontend (10.0.0.2) → shop/cart (10.0.0.3) TCP/80');
  });

  it('is a JUnit file with one test for each pair, and no name in it is markup', () => {
    const pairs = [
      {
        from: 'shop/frontend',
        to: 'shop/cart',
        made: 9,
        wrong: [{ protocol: 'TCP', port: 7073, kernel: 'allowed', engine: 'denied-ingress' }],
      },
      { from: 'shop/<b>&"\u0001', to: 'shop/cart', made: 3, wrong: [] },
    ];
    const xml = proofJunit(differing, pairs);
    expect(xml).toContain('<testsuites name="netverdict prove" tests="2" failures="1" errors="0" skipped="0" time="0.450">');
    expect(xml).toContain('<failure message="TCP/7073: engine denied-ingress, kernel allowed" type="differ">');
    expect(xml).toContain('name="from shop/&lt;b&gt;&amp;&quot;? (3 connections)"');
    expect(xml).not.toContain('<b>');
  });
});
