// Random NetworkPolicies, right and wrong in any combination, shown to a real API server and to our validation: the two must agree
// on which they take, and where the server lists its reasons, on every word of them. The table of single faults is in validation.test.ts.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validatePolicy } from '../../src/kinds/network-policy/validate.ts';
import type { Json } from '../../src/objects/read.ts';
import { apiErrorText, strictErrorText } from '../../src/objects/validate-problem.ts';
import { type ApiServer, startApiServer, startTimeoutMs } from './apiserver.ts';
import { call } from './load.ts';
import { describeWithCluster } from './suite.ts';

const RUNS = Number(process.env.FC_RUNS ?? 1500);
const collection = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies?dryRun=All&fieldValidation=Strict';

/** Mostly sound, so that a policy with one fault is as common as one with five. */
const mostly = <T>(good: readonly T[], bad: readonly unknown[], weight = 6): fc.Arbitrary<unknown> =>
  fc.oneof({ weight, arbitrary: fc.constantFrom(...good) as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
const maybe = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.option(arbitrary, { nil: undefined, freq: 3 });

const key = mostly(['app', 'tier', 'kubernetes.io/metadata.name'], ['', '-app', 'a/b/c', 'App_', 'x'.repeat(64), 'example.test/', 'Ünï']);
const value = mostly(['cart', 'frontend', ''], ['-x', 'a b', 'y'.repeat(64), 'true ', '.']);
const labels = fc.array(fc.tuple(key, value), { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs as [string, string][]));
const expression = fc.record({
  key,
  operator: mostly(['In', 'NotIn', 'Exists', 'DoesNotExist'], ['in', '', 'Equals']),
  values: maybe(fc.array(value, { maxLength: 2 })),
});
const selector = fc.record({ matchLabels: maybe(labels), matchExpressions: maybe(fc.array(expression, { maxLength: 2 })) });
const cidr = mostly(
  ['10.0.0.0/8', '192.168.1.0/24', '0.0.0.0/0', '2001:db8::/32', '::/0'],
  ['', '10.0.0.1', '10.0.0.5/24', '010.0.0.0/8', '10.0.0.0/33', '::ffff:10.0.0.0/104', '2001:DB8::/32', 'everything', '10.0.0.0/08'],
);
const except = mostly(['10.1.0.0/16', '192.168.1.128/25', '2001:db8:1::/48'], ['10.0.0.0/8', '11.0.0.0/8', '10.1.0.7/16', 'x', '10.1.0.0']);
const ipBlock = fc.record({ cidr, except: maybe(fc.array(except, { maxLength: 2 })) });
const peer = fc.oneof(
  { weight: 4, arbitrary: fc.record({ podSelector: maybe(selector), namespaceSelector: maybe(selector) }) },
  { weight: 3, arbitrary: fc.record({ ipBlock }) },
  { weight: 1, arbitrary: fc.record({ ipBlock, podSelector: maybe(selector) }) },
);
const port = fc.record({
  protocol: maybe(mostly(['TCP', 'UDP', 'SCTP'], ['tcp', 'ICMP', ''])),
  port: maybe(mostly([80, 1, 65535, 'http', 'grpc-web'], [0, -1, 65536, '80', '', 'a--b', '-a', 'HTTP', 'a'.repeat(16), 'http_1'])),
  endPort: maybe(mostly([90, 65535], [0, 65536, 1, -1])),
});
const rule = (peers: 'from' | 'to') =>
  fc.record({ ports: maybe(fc.array(port, { maxLength: 2 })), [peers]: maybe(fc.array(peer, { maxLength: 2 })) });
const spec = fc.record({
  podSelector: maybe(selector),
  ingress: maybe(fc.array(rule('from'), { maxLength: 2 })),
  egress: maybe(fc.array(rule('to'), { maxLength: 2 })),
  policyTypes: maybe(fc.array(mostly(['Ingress', 'Egress'], ['ingress', '']), { maxLength: 3 })),
});
const policy = fc.record({
  apiVersion: fc.constant('networking.k8s.io/v1'),
  kind: fc.constant('NetworkPolicy'),
  metadata: fc.record({ name: mostly(['cart', 'cart.v2'], ['Cart', '-a', 'a_b', 'x'.repeat(254), '']), labels: maybe(labels) }),
  spec: maybe(spec),
});

/** As it travels: without the fields that are undefined. */
const sent = (object: unknown): Json => JSON.parse(JSON.stringify(object)) as Json;

const origin = { document: { file: 'policy', text: undefined, start: 0, end: 0, line: 0, format: 'json' as const }, path: [] };

function ours(object: Json): readonly string[] {
  const { errors, warnings } = validatePolicy(object, origin);
  return [...errors.map(apiErrorText), ...warnings.flatMap((warning) => strictErrorText(warning) ?? [])].sort();
}

describeWithCluster('a real API server and our validation, on policies that nobody thought of', () => {
  let server: ApiServer;

  beforeAll(async () => {
    server = await startApiServer();
    await call(server, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  }, startTimeoutMs());

  afterAll(async () => {
    await server?.stop();
  });

  test('agree on every one of them, and in every word', { timeout: 300_000 }, async () => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(policy, async (generated) => {
        const object = sent(generated);
        const { status, body } = await call(server, 'POST', collection, object);
        const said = ours(object);
        if (status < 300) {
          taken++;
          expect(said).toEqual([]);
          return;
        }
        refused++;
        const { details, message } = body as { message: string; details?: { causes?: readonly { field: string; message: string }[] } };
        // What cannot be decoded is refused with the first reason, before anything is validated.
        if (details?.causes === undefined) expect(said, message).not.toEqual([]);
        else expect(said).toEqual(details.causes.map((cause) => `${cause.field}: ${cause.message}`).sort());
      }),
      { numRuns: RUNS, seed: 20, endOnFailure: false },
    );
    console.log(`${taken} policies taken, ${refused} refused, by both`);
    expect(taken).toBeGreaterThan(RUNS / 10);
    expect(refused).toBeGreaterThan(RUNS / 10);
  });
});
