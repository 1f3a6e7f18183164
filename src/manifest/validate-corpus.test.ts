// The corpus: its faulty NetworkPolicies must be refused, and all the others must not. What upstream's tool says of a case is mapped to
// what the API says; what it refuses and the API takes stands here too, with the reason.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { describeWithShared, sharedPath } from '../../tests/shared.ts';
import { validatePolicy } from '../kinds/network-policy/validate.ts';
import type { Problem } from '../model/problem.ts';
import { get, isObject, type Json, listOf } from '../objects/read.ts';
import { apiErrorText } from '../objects/validate-problem.ts';
import { validatePodSpec } from './validate-objects.ts';

interface ErrorCase {
  readonly contains: string;
  readonly tier: string;
  readonly severity: string;
  readonly folder: string;
}

/** Upstream's words → the line that the API has for it. */
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  [
    'selector error',
    /^spec\.(in|e)gress\[\d\]\.(from|to)\[\d\]\.podSelector\.matchLabels: Invalid value: "\$backendservice": a valid label must/,
  ],
  ['cannot have empty rule peer', /^spec\.(in|e)gress\[\d\]\.(from|to)\[\d\]: Required value: must specify a peer$/],
  [
    'port range 10-1 is legal',
    /^spec\.(in|e)gress\[\d\]\.ports\[\d\]\.endPort: Invalid value: 10: must be greater than or equal to `port`$/,
  ],
  [
    'cannot have both IPBlock and PodSelector',
    /^spec\.(in|e)gress\[\d\]\.(from|to)\[\d\]: Forbidden: may not specify both ipBlock and another peer$/,
  ],
  [
    'cannot restore slice from map',
    /^json: cannot unmarshal object into Go struct field Container\.spec\.containers\.ports of type \[\]v1\.ContainerPort$/,
  ],
  [
    'unrecognized type',
    /^json: cannot unmarshal array into Go struct field ContainerPort\.spec\.containers\.ports\.containerPort of type int32$/,
  ],
]);

/** Upstream's words → why no object is at fault for the API server. */
const TAKEN: ReadonlyMap<string, string> = new Map([
  ['named port error', 'the API takes a named port beside an ipBlock; whether a CNI can resolve it is another question'],
  ['Found Pods of the same owner workload', 'each pod is fine; together they are odd'],
  ['is already exists', 'each policy is fine; two have one name'],
  ['found character that cannot start any token', 'no YAML'],
  ['is missing in', 'no kind, so no object'],
  ['recognized file extensions are', 'no files'],
  ['does not exist in the input resources', 'a question about a workload that is not there'],
  ['no relevant Kubernetes workload resources found', 'no workloads'],
  ['cannot unmarshal array into Go value of type unstructured.detector', 'a file that is no object'],
]);

/** Faulty policies in cases that are about something else. */
const FAULTY_BESIDES: ReadonlyMap<string, RegExp> = new Map([
  ['use_common_labels_same_values', /^metadata\.name: Invalid value: "use_common_labels_same_values": a lowercase RFC 1123 subdomain must/],
]);

describeWithShared('the corpus', () => {
  const cases = ['npg-error', 'npg-diff-error'].flatMap((suite) =>
    readdirSync(sharedPath('corpus', suite)).map((name): ErrorCase => {
      const folder = sharedPath('corpus', suite, name);
      const expected = json(join(folder, 'expected.json'));
      return {
        contains: [get(expected, 'contains')].flat().join(' '),
        severity: String(get(expected, 'severity')),
        tier: String(get(json(join(folder, 'case.json')), 'tier')),
        folder,
      };
    }),
  );
  const errors = cases.filter(({ tier, severity }) => tier === 'core' && (severity === 'fatal' || severity === 'severe'));

  test('every error of plain Kubernetes objects is either refused here or explained', () => {
    const known = [...REFUSED.keys(), ...TAKEN.keys()];
    expect(errors.length).toBeGreaterThan(10);
    expect(errors.filter(({ contains }) => !known.some((words) => contains.includes(words)))).toEqual([]);
  });

  test.each([...REFUSED])('%s', (words, line) => {
    const folders = errors.filter(({ contains }) => contains.includes(words)).map(({ folder }) => folder);
    expect(folders).not.toEqual([]);
    for (const folder of folders) expect(problemsIn(folder).map(apiErrorText)).toContainEqual(expect.stringMatching(line));
  });

  test.each([...TAKEN])('%s: no object is at fault: %s', (words) => {
    const folders = errors.filter(({ contains }) => contains.includes(words)).map(({ folder }) => folder);
    expect(folders).not.toEqual([]);
    expect(folders.flatMap(problemsIn).filter((problem) => !isKnownBesides(problem))).toEqual([]);
  });

  test('no policy of the other cases and of real applications is refused', () => {
    const suites = ['cyclonus', 'npg-connlist', 'npg-eval', 'npg-explain', 'npg-exposure', 'npg-parsed', 'policy-assistant', 'recipes'];
    const roots = [...suites.map((suite) => sharedPath('corpus', suite)), sharedPath('realworld')];
    const folders = roots.flatMap((root) => readdirSync(root).map((name) => join(root, name)));
    const truthTables = readdirSync(sharedPath('corpus', 'k8s-e2e')).flatMap((name) =>
      loadAll(readFileSync(sharedPath('corpus', 'k8s-e2e', name), 'utf8')),
    );
    const upstream = truthTables.flatMap((table) => listOf(get(table, 'steps'))).flatMap((step) => listOf(get(step, 'policies')));
    const checked = [...folders.flatMap(objectsIn), ...upstream.filter(isObject)].filter(isNetworkPolicy);
    expect(checked.length).toBeGreaterThan(500);
    expect(
      checked
        .flatMap(problemsOf)
        .filter((problem) => !isKnownBesides(problem))
        .map(apiErrorText),
    ).toEqual([]);
  });
});

function isKnownBesides(problem: Problem): boolean {
  return FAULTY_BESIDES.get(String(problem.facts.name))?.test(apiErrorText(problem)) ?? false;
}

function problemsIn(folder: string): readonly Problem[] {
  return objectsIn(folder).flatMap(problemsOf);
}

/** Errors only: what servers warn of is no reason to refuse. */
function problemsOf(object: Json): readonly Problem[] {
  const document = { file: 'corpus', text: undefined, start: 0, end: 0, line: 1, format: 'yaml' as const };
  if (isNetworkPolicy(object)) return validatePolicy(object, { document, path: [] }).errors;
  if (get(object, 'kind') === 'Pod') return validatePodSpec(get(object, 'spec'), { document, path: ['spec'] });
  return [];
}

function isNetworkPolicy(object: Json): boolean {
  return get(object, 'kind') === 'NetworkPolicy' && get(object, 'apiVersion') === 'networking.k8s.io/v1';
}

/** Every object of every readable file under `manifests`, those inside Lists too. */
function objectsIn(folder: string): Json[] {
  const names = readdirSync(folder).includes('manifests') ? readdirSync(join(folder, 'manifests'), { recursive: true }) : [];
  const files = names
    .map((name) => join(folder, 'manifests', String(name)))
    .filter((file) => /\.(ya?ml|json)$/.test(file) && statSync(file).isFile());
  return files.flatMap((file) => {
    try {
      return loadAll(readFileSync(file, 'utf8')).filter(isObject).flatMap(itemsOf);
    } catch {
      return []; // Some files are not YAML on purpose.
    }
  });
}

function itemsOf(object: Json): Json[] {
  return String(get(object, 'kind')).endsWith('List') ? listOf(get(object, 'items')).filter(isObject) : [object];
}

function json(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
