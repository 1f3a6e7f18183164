import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from './decode.ts';
import { LABELS, OBJECT_META, POD_SPEC } from './decode-shapes.ts';
import { isPlainLabels, isPlainMetadata, isPlainPodSpec } from './plainly-valid.ts';
import type { Json } from './read.ts';
import { checkLabels, checkMetadata } from './validate-metadata.ts';
import { validatePodSpec } from './validate-objects.ts';
import { startCheck, TOP, under } from './validate-problem.ts';

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
