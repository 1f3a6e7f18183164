import { describe, expect, test } from 'vitest';
import { policy } from '../../../tests/validation/policy-case.ts';
import { policyCases } from '../../../tests/validation/policy-cases.ts';
import { at, type Origin, printPath } from '../../model/origin.ts';
import type { Json } from '../../objects/read.ts';
import { apiErrorText, strictErrorText } from '../../objects/validate-problem.ts';
import { validatePolicy } from './validate.ts';

const document = { file: 'cart.yaml', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const };
const root: Origin = { document, path: [] };

const errorsOf = (value: unknown, origin = root) => validatePolicy(value as Json, origin).errors;
const linesOf = (value: unknown, origin = root) => errorsOf(value, origin).map(apiErrorText);
const warningsOf = (value: unknown) => validatePolicy(value as Json, root).warnings;

describe('a NetworkPolicy that the API server refuses is refused in its words, and its nearest good neighbour is taken', () => {
  test.each(policyCases)('row $row: $fault', ({ policy: refused, says, warns, strictlySays, neighbour }) => {
    expect(linesOf(refused)).toEqual(says ?? []);
    expect(warningsOf(refused).map(apiErrorText)).toEqual(warns ?? []);
    expect(warningsOf(refused).flatMap((problem) => strictErrorText(problem) ?? [])).toEqual(strictlySays ?? []);
    expect(validatePolicy(neighbour, root)).toEqual({ errors: [], warnings: [] });
  });

  test('every rule of the API has a case', () => {
    expect([...new Set(policyCases.map(({ row }) => row))].sort((a, b) => a - b)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
  });
});

describe('what is empty, null or absent', () => {
  test.each([
    ['no spec', policy(undefined)],
    ['a null spec', policy(null)],
    ['an empty spec', policy({})],
    ['null parts', policy({ podSelector: null, ingress: null, egress: null, policyTypes: null })],
    ['empty lists', policy({ podSelector: {}, ingress: [], egress: [], policyTypes: [] })],
    ['empty rules', policy({ ingress: [{}], egress: [{ ports: [], to: [] }] })],
    ['rules with null parts', policy({ ingress: [{ ports: null, from: null }], egress: [{ to: null }] })],
    ['an empty port', policy({ ingress: [{ ports: [{}, { protocol: null, port: null, endPort: null }] }] })],
    ['empty selectors', policy({ podSelector: { matchLabels: {}, matchExpressions: [] }, egress: [{ to: [{ namespaceSelector: {} }] }] })],
    ['null selector parts', policy({ podSelector: { matchLabels: null, matchExpressions: null } })],
    ['null metadata parts', policy({}, { name: 'cart', namespace: null, labels: null, annotations: null, creationTimestamp: null })],
    [
      'no except',
      policy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: [] } }, { ipBlock: { cidr: '::/0', except: null } }] }] }),
    ],
    ['the status that Kubernetes 1.24 to 1.27 wrote', { ...policy({}), status: {} }],
    [
      'what a cluster adds',
      policy({}, { name: 'cart', uid: 'u', generation: 1, managedFields: [{}], finalizers: ['a/b'], ownerReferences: [{}] }),
    ],
  ])('%s is fine', (_, value) => {
    expect(validatePolicy(value, root)).toEqual({ errors: [], warnings: [] });
  });

  // A server takes them as zero values: an empty rule admits everything, an empty port every TCP port.
  test.each([
    ['rule', policy({ ingress: [null] }), 'spec.ingress[0]', 'mapping'],
    ['rule among others', policy({ egress: [{}, null] }), 'spec.egress[1]', 'mapping'],
    ['port', policy({ ingress: [{ ports: [null] }] }), 'spec.ingress[0].ports[0]', 'mapping'],
    [
      'value',
      policy({ podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['cart', null] }] } }),
      'spec.podSelector.matchExpressions[0].values[1]',
      'string',
    ],
  ])('an empty list item for a %s is an error, although a server would take it', (_, value, field, wanted) => {
    const detail = `unknown object type "nil" in NetworkPolicy.${field}`;
    expect(errorsOf(value)).toEqual([
      {
        code: 'wrong-type',
        severity: 'error',
        facts: { kind: 'NetworkPolicy', name: 'cart-ingress', field, wanted, found: 'null', detail },
        origin: expect.objectContaining({ document }),
      },
    ]);
  });

  test('a null label is the empty text to some clients and nothing to others, so it is a warning', () => {
    const value = policy({ podSelector: { matchLabels: { app: null, tier: 'back' } } });
    expect(errorsOf(value)).toEqual([]);
    expect(warningsOf(value)).toMatchObject([
      { code: 'wrong-type', severity: 'warning', facts: { field: 'spec.podSelector.matchLabels.app', wanted: 'string', found: 'null' } },
    ]);
  });
});

describe('the facts of a problem', () => {
  test('say whose it is, which field, which kind of error, the value as Go prints it and what would be supported', () => {
    const facts = errorsOf(policy({ policyTypes: ['egress'] }))[0]?.facts;
    expect(facts).toEqual({
      kind: 'NetworkPolicy',
      name: 'cart-ingress',
      field: 'spec.policyTypes[0]',
      error: 'Unsupported value',
      value: '"egress"',
      detail: 'supported values: "Ingress", "Egress"',
      supported: ['Ingress', 'Egress'],
    });
  });

  test('have no value where the API prints none', () => {
    const facts = errorsOf(policy({ ingress: [{ from: [{}] }] }))[0]?.facts;
    expect(facts).toEqual({
      kind: 'NetworkPolicy',
      name: 'cart-ingress',
      field: 'spec.ingress[0].from[0]',
      error: 'Required value',
      detail: 'must specify a peer',
    });
  });

  test('of a wrong type say what was wanted and what was found', () => {
    expect(errorsOf(policy({ podSelector: { matchLabels: { prod: true } } }))[0]?.facts).toMatchObject({
      field: 'spec.podSelector.matchLabels.prod',
      wanted: 'string',
      found: 'boolean',
      value: 'true',
    });
    expect(errorsOf(policy({ ingress: { from: [] } }))[0]?.facts).toMatchObject({ wanted: 'list', found: 'mapping' });
    expect(errorsOf(policy({ ingress: [{ ports: [{ port: 80n }] }] }))[0]?.facts).toMatchObject({ found: 'number', value: '80' });
  });

  test('of an oddity carry the text of servers that refuse it', () => {
    const [warning] = warningsOf(policy({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.5/24' } }] }] }));
    expect(warning).toMatchObject({
      code: 'warning',
      severity: 'warning',
      facts: { value: '"10.0.0.5/24"', strict: 'must not have bits set beyond the prefix length' },
    });
  });
});

describe('the place of a problem', () => {
  test('is the field that the API names', () => {
    const [problem] = errorsOf(policy({ egress: [{}, { ports: [{ port: 53 }, { port: 0 }] }] }));
    expect(problem?.origin).toEqual(at(root, 'spec', 'egress', 1, 'ports', 1, 'port'));
  });

  test('is the label itself where the API names the whole map', () => {
    const [problem] = errorsOf(policy({ podSelector: { matchLabels: { app: 'cart', tier: 'my tier' } } }));
    expect(problem?.facts.field).toBe('spec.podSelector.matchLabels');
    expect(problem?.origin?.path).toEqual(['spec', 'podSelector', 'matchLabels', 'tier']);
  });

  test('is inside the List that holds the policy, while the field is counted from the policy', () => {
    const inList = at(root, 'items', 3);
    const [problem] = errorsOf(policy({ policyTypes: ['x'] }), inList);
    expect(problem?.facts.field).toBe('spec.policyTypes[0]');
    expect(printPath(problem?.origin?.path ?? [])).toBe('items[3].spec.policyTypes[0]');
    expect(linesOf(policy({ ingress: [{ to: [] }] }), at(root, 'items', 0, 'items', 1))).toEqual(['unknown field "spec.ingress[0].to"']);
    expect(linesOf(policy({ ingress: '' }), inList)[0]).toContain('NetworkPolicySpec.spec.ingress of type');
  });
});

describe('several faults', () => {
  test('are all said, in the order of the API: name, subject, ingress ports then peers, egress, types', () => {
    const value = policy(
      {
        podSelector: { matchLabels: { app: 'a b' } },
        ingress: [{ from: [{}], ports: [{ port: 0, protocol: 'x' }] }],
        egress: [{ to: [{ ipBlock: {}, podSelector: {} }] }],
        policyTypes: ['x'],
      },
      { name: 'Cart' },
    );
    expect(errorsOf(value).map(({ facts }) => facts.field)).toEqual([
      'metadata.name',
      'spec.podSelector.matchLabels',
      'spec.ingress[0].ports[0].protocol',
      'spec.ingress[0].ports[0].port',
      'spec.ingress[0].from[0]',
      'spec.egress[0].to[0].ipBlock.cidr',
      'spec.egress[0].to[0]',
      'spec.policyTypes[0]',
    ]);
  });

  test('of decoding do not hide those of validation, and give none of their own', () => {
    const value = policy({
      podSelector: 'x',
      ingress: [{ from: [{ podSelector: 'x' }, 'x'], ports: ['x', { port: true, endPort: 5 }] }, 'x'],
      policyTypes: [1, 'x'],
    });
    expect(errorsOf(value).map(({ code, facts }) => `${code} ${facts.field}`)).toEqual([
      'wrong-type spec.podSelector',
      'wrong-type spec.ingress[0].from[0].podSelector',
      'wrong-type spec.ingress[0].from[1]',
      'wrong-type spec.ingress[0].ports[0]',
      'wrong-type spec.ingress[0].ports[1].port',
      'wrong-type spec.ingress[1]',
      'wrong-type spec.policyTypes[0]',
      'invalid spec.policyTypes[1]',
    ]);
  });

  test('with one cause are one: a peer that holds only a misplaced field is not called empty too', () => {
    expect(linesOf(policy({ ingress: [{ from: [{ matchLabels: { app: 'web' } }] }] }))).toEqual([
      'unknown field "spec.ingress[0].from[0].matchLabels"',
    ]);
  });
});

test('names of object prototype keys are ordinary labels, names and unknown fields', () => {
  const good = JSON.parse('{"podSelector":{"matchLabels":{"constructor":"toString","hasOwnProperty":"valueOf"}}}');
  expect(validatePolicy(policy(good, { name: 'constructor' }), root)).toEqual({ errors: [], warnings: [] });
  const bad = JSON.parse('{"__proto__":{"policyTypes":["x"]},"podSelector":{"matchLabels":{"__proto__":"x"}}}');
  expect(linesOf(policy(bad))).toEqual([
    'unknown field "spec.__proto__"',
    expect.stringContaining('spec.podSelector.matchLabels: Invalid value: "__proto__": name part must consist'),
  ]);
});

test('a generated name is checked without the dash that the server writes on', () => {
  expect(errorsOf(policy({}, { generateName: 'cart-' }))).toEqual([]);
  expect(errorsOf(policy({}, { generateName: 'Cart-' })).map(({ facts }) => facts.field)).toEqual(['metadata.generateName']);
});

test('annotations may say anything, under keys that are labels in any case, up to 256 KiB', () => {
  const annotated = (annotations: unknown) => linesOf(policy({}, { name: 'cart', annotations }));
  expect(annotated({ 'Shop.Example/Note': 'any thing at all: «x»', big: 'x'.repeat(200_000) })).toEqual([]);
  expect(annotated({ 'my note': 'x' })).toEqual([
    expect.stringContaining('metadata.annotations: Invalid value: "my note": name part must'),
  ]);
  expect(annotated({ big: 'x'.repeat(256 * 1024) })).toEqual(['metadata.annotations: Too long: may not be more than 262144 bytes']);
});

test('the group that Kubernetes 1.16 stopped serving is refused, and the error names its successor', () => {
  const old = { ...policy({}), apiVersion: 'extensions/v1beta1' };
  expect(validatePolicy(old, root)).toEqual({
    warnings: [],
    errors: [
      {
        code: 'deprecated-api',
        severity: 'error',
        facts: { kind: 'NetworkPolicy', name: 'cart-ingress', apiVersion: 'extensions/v1beta1', use: 'networking.k8s.io/v1' },
        origin: at(root, 'apiVersion'),
      },
    ],
  });
  expect(errorsOf(old).map(apiErrorText)).toEqual(['no matches for kind "NetworkPolicy" in version "extensions/v1beta1"']);
  expect(errorsOf(policy({}))).toEqual([]);
});

test('the object is left as it was', () => {
  const value = policy({ ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.5/24', except: [null] } }], ports: [null] }], policyTypes: ['x'] });
  const before = structuredClone(value);
  validatePolicy(value, root);
  expect(value).toEqual(before);
});

/** How often anything inside a value is looked at. */
function readsIn(value: object, work: (watched: object) => void): number {
  let reads = 0;
  const watched = <T extends object>(inner: T): T =>
    new Proxy(inner, {
      get: (target, key) => {
        reads++;
        const found: unknown = Reflect.get(target, key);
        return typeof found === 'object' && found !== null ? watched(found) : found;
      },
    });
  work(watched(value));
  return reads;
}

test('checking a good policy looks at each of its parts a few times, however many there are', () => {
  const withRules = (count: number) =>
    policy({
      podSelector: { matchLabels: { app: 'cart' } },
      ingress: Array.from({ length: count }, (_, i) => ({
        from: [{ podSelector: { matchLabels: { app: `web-${i}` } } }, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
        ports: [{ protocol: 'TCP', port: 7070 }, { port: 'grpc' }],
      })),
      policyTypes: ['Ingress'],
    });
  const reads = (count: number) =>
    readsIn(withRules(count), (value) => expect(validatePolicy(value as ReturnType<typeof policy>, root).errors).toEqual([]));
  const [few, many] = [reads(100), reads(1000)];
  expect(few).toBeGreaterThan(100);
  expect(many / few).toBeLessThan(10.5);
});
