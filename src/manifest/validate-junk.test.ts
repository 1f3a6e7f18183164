// Anything that JSON can say, under the names of the API's fields: validation must survive it and must be able to show where it looked.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validatePolicy } from '../kinds/network-policy/validate.ts';
import type { Origin, Path } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { apiErrorText } from '../objects/validate-problem.ts';
import { validateLabels, validateMetadata, validatePodSpec, validateService } from './validate-objects.ts';

const root: Origin = { document: { file: 'junk.json', text: undefined, start: 0, end: 0, line: 1, format: 'json' }, path: [] };

const field = fc.constantFrom(
  ...[
    'apiVersion',
    'kind',
    'metadata',
    'name',
    'generateName',
    'namespace',
    'labels',
    'annotations',
    'spec',
    'podSelector',
    'ingress',
    'egress',
  ],
  ...['policyTypes', 'from', 'to', 'ports', 'port', 'endPort', 'protocol', 'namespaceSelector', 'ipBlock', 'cidr', 'except', 'matchLabels'],
  ...['matchExpressions', 'key', 'operator', 'values', 'selector', 'type', 'externalName', 'targetPort', 'containers', 'initContainers'],
  ...['containerPort', 'hostPort', 'clusterIP', 'clusterIPs', '__proto__', 'constructor', 'toString', ''],
);
const leaf = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    0,
    80,
    80.5,
    -1,
    1e300,
    2 ** 31,
    '',
    '80',
    'http',
    'TCP',
    'tcp',
    'In',
    'Exists',
    'Ingress',
    'ExternalName',
  ),
  fc.constantFrom('10.0.0.0/8', '10.0.0.5/24', '::/0', '::ffff:10.0.0.0/104', '/', '10.0.0.0/', 'None', 'extensions/v1beta1'),
  fc.string({ unit: 'binary' }),
);
const { junk } = fc.letrec<{ junk: unknown; object: unknown }>((tie) => ({
  junk: fc.oneof({ maxDepth: 7, withCrossShrink: true }, leaf, fc.array(tie('junk'), { maxLength: 3 }), tie('object'), tie('object')),
  object: fc
    .array(fc.tuple(field, tie('junk')), { maxLength: 5 })
    .map((entries) => JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`)),
}));
const rule = fc.record({ ports: junk, from: junk, to: junk }, { requiredKeys: [] });
const spec = fc.record(
  { podSelector: junk, ingress: fc.array(rule, { maxLength: 2 }), egress: junk, policyTypes: junk },
  { requiredKeys: [] },
);
const object = fc.record({ metadata: junk, spec: fc.oneof(junk, spec) }, { requiredKeys: [] });

/** Does the path stay in the object, or leave it where something is missing? Never through a text, a number or a list by name. */
function leadsSomewhere(value: unknown, path: Path): boolean {
  let found = value;
  for (const step of path) {
    if (found === undefined || found === null) return true;
    if (typeof step === 'number' ? !Array.isArray(found) || step >= found.length : typeof found !== 'object' || Array.isArray(found))
      return false;
    found = Object.hasOwn(found, step) ? (found as Record<string | number, unknown>)[step] : undefined;
  }
  return true;
}

function unsound(problems: readonly Problem[], value: unknown): readonly Problem[] {
  return problems.filter((problem) => {
    const text = apiErrorText(problem);
    return text === '' || /undefined|\[object|\p{Cc}/u.test(text) || !leadsSomewhere(value, problem.origin?.path ?? ['no origin']);
  });
}

test('whatever a NetworkPolicy holds, each problem has the text of an API server and a place in the object', () => {
  let problems = 0;
  fc.assert(
    fc.property(object, (value) => {
      const { errors, warnings } = validatePolicy(value, root);
      problems += errors.length + warnings.length;
      expect(unsound([...errors, ...warnings], value)).toEqual([]);
      expect(errors.every(({ severity }) => severity === 'error') && warnings.every(({ severity }) => severity === 'warning')).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(problems).toBeGreaterThan(300);
});

test('the same holds for the other kinds', () => {
  let problems = 0;
  fc.assert(
    fc.property(fc.oneof(junk, object), (value) => {
      const found = [validateLabels, validateMetadata, validateService, validatePodSpec].flatMap((validate) => validate(value, root));
      problems += found.length;
      expect(unsound(found, value)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(problems).toBeGreaterThan(300);
});
