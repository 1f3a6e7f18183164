import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyCases } from '../../../tests/validation/policy-cases.ts';
import { validatePodSpec } from '../../manifest/validate-objects.ts';
import { decode } from '../../objects/decode.ts';
import { LABELS, OBJECT_META, POD_SPEC } from '../../objects/decode-shapes.ts';
import type { Json } from '../../objects/read.ts';
import { checkLabels, checkMetadata } from '../../objects/validate-metadata.ts';
import { startCheck, TOP, under } from '../../objects/validate-problem.ts';
import { isPlainLabels, isPlainMetadata, isPlainPodSpec, isPlainPolicy } from './plainly-valid.ts';
import { checkPolicy } from './validate.ts';

const origin = { document: { file: 'x.yaml', text: '', start: 0, end: 0, line: 1, format: 'yaml' as const }, path: [] };

/** The careful checks, without the short cut. */
const labelProblems = (value: unknown) => {
  const check = startCheck(origin);
  decode(value, LABELS, 'ObjectMeta', check);
  checkLabels(check, value, TOP);
  return check.problems;
};
const metadataProblems = (metadata: unknown, kind: string) => {
  const check = startCheck(origin, { kind, name: '' });
  decode(metadata, OBJECT_META, kind, check, under(TOP, 'metadata'));
  checkMetadata(check, { kind, metadata } as Json);
  return check.problems;
};
const specProblems = (spec: unknown) => {
  // A field that the short cut leaves to the careful check, and that the careful check does not mind.
  const careful = { ...(spec as object), initContainers: [] };
  expect(isPlainPodSpec(careful)).toBe(false);
  const check = startCheck(origin);
  decode(careful, POD_SPEC, 'Pod', check);
  return [...check.problems, ...validatePodSpec(careful, origin)];
};

const word = fc.oneof(
  fc.constantFrom(
    'cart',
    'app',
    'a-',
    '-a',
    'A',
    '',
    'a.b',
    'a..b',
    'x/y',
    'shop.example/app',
    'a/b/c',
    'http',
    'a--b',
    '1',
    '80',
    'ü',
    'a_b',
    'cart-6d4-',
  ),
  fc.string({ maxLength: 70, unit: fc.constantFrom('a', 'B', '1', '-', '.', '/', '_', ' ') }),
);
const value = fc.oneof({ weight: 6, arbitrary: word }, fc.constantFrom<unknown>(1, true, null, 80.5, [], {}, 70000));
const record = (keys: fc.Arbitrary<string>, values: fc.Arbitrary<unknown>) =>
  fc.dictionary(keys, values, { maxKeys: 4, noNullPrototype: false });

describe('the short cut for what is plainly valid', () => {
  it('never passes labels that the careful check complains of', () => {
    fc.assert(
      fc.property(record(word, value), (labels) => {
        if (isPlainLabels(labels)) expect(labelProblems(labels)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('never passes metadata that the careful check complains of, whatever the kind', () => {
    const keys = fc.constantFrom(
      'name',
      'namespace',
      'generateName',
      'labels',
      'annotations',
      'uid',
      'generation',
      'nonsense',
      'ownerReferences',
    );
    const metadata = fc.tuple(record(keys, fc.oneof(value, record(word, value))), word).map(([some, name]) => ({ name, ...some }));
    fc.assert(
      fc.property(metadata, fc.constantFrom('Pod', 'Namespace', 'Deployment', 'CronJob', 'Node', 'Service'), (some, kind) => {
        if (isPlainMetadata(some)) expect(metadataProblems(some, kind)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it('never passes a pod spec that the careful check complains of', () => {
    const port = record(
      fc.constantFrom('name', 'containerPort', 'protocol', 'hostPort', 'nonsense'),
      fc.oneof(value, fc.constantFrom<unknown>(80, 8080, 'TCP', 'UDP', 'tcp')),
    );
    const container = fc
      .tuple(record(fc.constantFrom('ports', 'restartPolicy', 'image'), fc.oneof(value, fc.array(port, { maxLength: 5 }))), word)
      .map(([some, name]) => ({ name, ...some }));
    const spec = record(
      fc.constantFrom('nodeName', 'hostNetwork', 'containers', 'dnsPolicy', 'volumes'),
      fc.oneof(value, fc.array(container, { maxLength: 2 })),
    );
    fc.assert(
      fc.property(spec, (some) => {
        if (isPlainPodSpec(some)) expect(specProblems(some)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  const peer = fc.oneof(
    record(
      fc.constantFrom('podSelector', 'namespaceSelector', 'ipBlock', 'nonsense'),
      fc.constantFrom<unknown>({}, { matchLabels: { app: 'cart' } }, { matchLabels: { 'a b': 'c' } }, { cidr: '10.0.0.0/8' }, null),
    ),
    fc.record({
      ipBlock: fc.record({
        cidr: fc.constantFrom('10.0.0.0/8', '10.0.0.5/24', '10.0.0.0/08', '::/0', '::ffff:10.0.0.0/104', '2001:DB8::/32', '10.0.0.1'),
        except: fc.constantFrom<unknown>([], ['10.1.0.0/16'], ['10.0.0.0/8'], ['::/1'], null, 'x'),
      }),
    }),
    fc.record({
      podSelector: fc.record({
        matchExpressions: fc.array(
          fc.record({
            key: word,
            operator: fc.constantFrom('In', 'NotIn', 'Exists', 'exists'),
            values: fc.constantFrom<unknown>(undefined, [], ['a'], ['-'], [1]),
          }),
          { maxLength: 2 },
        ),
      }),
    }),
  );
  const policyPort = record(
    fc.constantFrom('port', 'protocol', 'endPort', 'nonsense'),
    fc.constantFrom<unknown>(80, 81, 'http', '80', 'a--b', 'TCP', 'tcp', 0, 65536, 80.5, null),
  );
  const rule = (peers: string) =>
    fc.oneof(
      fc.constantFrom<unknown>({}, null, []),
      fc.record({ [peers]: fc.array(peer, { maxLength: 2 }), ports: fc.array(policyPort, { maxLength: 2 }) }, { requiredKeys: [] }),
    );
  const spec = fc.record(
    {
      podSelector: fc.constantFrom<unknown>({}, null, { matchLabels: { app: 'cart' } }, { matchLabels: { app: true } }),
      policyTypes: fc.constantFrom<unknown>(
        [],
        ['Ingress'],
        ['Ingress', 'Egress'],
        ['ingress'],
        ['Ingress', 'Ingress', 'Egress'],
        'Ingress',
      ),
      ingress: fc.array(rule('from'), { maxLength: 2 }),
      egress: fc.array(rule('to'), { maxLength: 2 }),
      nonsense: fc.constant(1),
    },
    { requiredKeys: [] },
  );

  it('never passes a policy that the careful check complains of', () => {
    let passed = 0;
    const hold = (policy: Json) => {
      if (!isPlainPolicy(policy)) return;
      passed++;
      expect(checkPolicy(policy, origin)).toEqual({ errors: [], warnings: [] });
    };
    for (const { policy } of policyCases) hold(policy as Json);
    fc.assert(
      fc.property(spec, (some) =>
        hold({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          metadata: { name: 'cart', namespace: 'shop' },
          spec: some,
        } as Json),
      ),
      { numRuns: 4000 },
    );
    expect(passed).toBeGreaterThan(25);
  });

  it('takes the ordinary objects that it is there for', () => {
    expect(
      isPlainMetadata({
        name: 'cart-6d4',
        namespace: 'shop',
        generateName: 'cart-',
        labels: { app: 'cart', 'app.kubernetes.io/name': 'cart' },
      }),
    ).toBe(true);
    expect(
      isPlainPodSpec({ nodeName: 'node-1', containers: [{ name: 'cart', image: 'x', ports: [{ name: 'http', containerPort: 80 }] }] }),
    ).toBe(true);
    expect(
      isPlainPodSpec({
        containers: [
          {
            name: 'cart',
            ports: [
              { name: 'a', containerPort: 80 },
              { name: 'a', containerPort: 81 },
            ],
          },
        ],
      }),
    ).toBe(false);
    expect(isPlainMetadata({ name: 'Cart' })).toBe(false);
  });
});
