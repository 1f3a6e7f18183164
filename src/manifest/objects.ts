// Documents → Kubernetes objects: lists are unfolded, what is no object is named, of two objects with one name the later stays.
// Knows the envelope that all kinds share (apiVersion, kind, metadata.name) and nothing of what is inside.
import { looksLikePolicy } from '../kinds/looks-like-policy.ts';
import { at, type Origin } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { get, isObject, type Json } from '../objects/read.ts';
import { goKindOf } from '../objects/validate-go-text.ts';
import { apiGroup } from './kinds.ts';
import { MAX_PROBLEMS } from './limits.ts';
import { locate } from './locate.ts';
import type { ParsedDocument } from './parse.ts';
import { isWorkloadKind, templateOf } from './workloads.ts';

/** `{ apiVersion: 'v1', kind: 'Pod', name: 'cart-6d4', namespace: 'shop', value: { … }, origin: { document, path: ['items', 3] } }` */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty when there is none: the object may have a generateName, or be of a kind without metadata. */
  readonly name: string;
  /** As written; undefined when absent, null or empty, which are one and the same to the API. */
  readonly namespace: string | undefined;
  /** The whole object, `kind` and `metadata` included. Its keys are whatever somebody wrote: read them with `Object.hasOwn`. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly origin: Origin;
}

/** What an item may leave out because its list says it: the items of a `PodList` are Pods. */
interface FromList {
  readonly apiVersion: string | undefined;
  readonly kind: string | undefined;
}

/**
 * The objects in input order, and what is wrong with the rest.
 * `List`, `PodList` and the like are unfolded, lists in lists too. Null documents are skipped. An object of the same group, kind,
 * namespace and name as an earlier one replaces it, as `kubectl apply` would, and a `duplicate-object` problem names both places.
 * An object whose name or namespace is no string is kept, with a `wrong-type` problem at its origin: it must not vanish, a policy least of all.
 * `defaultNamespace` is where objects without a namespace live; it only serves to tell that two are one. `isCopy`: whether an object of
 * the same name was collected twice, which is not worth a problem. Never throws.
 */
export function objectsOf(
  documents: readonly ParsedDocument[],
  defaultNamespace = 'default',
  isCopy: (object: KubeObject, earlier: KubeObject) => boolean = () => false,
): { readonly objects: readonly KubeObject[]; readonly problems: readonly Problem[] } {
  const found: (KubeObject | undefined)[] = [];
  const problems: Problem[] = [];
  const counts = new Map<string, number>();
  const report: Report = (code, problem) => {
    const count = (counts.get(code) ?? 0) + 1;
    counts.set(code, count);
    if (count <= MAX_PROBLEMS) problems.push(problem());
  };
  const indexOf = newIndex(defaultNamespace);
  let replaced = 0;
  const add = (object: KubeObject): void => {
    const earlier = object.name === '' ? undefined : indexOf(object, found.length);
    if (earlier !== undefined) {
      const first = found[earlier];
      if (first === undefined || !isCopy(object, first)) report('duplicate-object', () => duplicateObject(object, first));
      replaced++;
      found[earlier] = undefined;
      // What has no template is a patch, and no second workload: the one with the pods stays.
      if (first !== undefined && lacksTemplate(object) && !lacksTemplate(first)) {
        found.push(first);
        return;
      }
    }
    found.push(object);
  };
  for (const { value, document } of documents) unfold(value, { document, path: [] }, NO_LIST, add, report);

  for (const [code, count] of counts) {
    if (count <= MAX_PROBLEMS) continue;
    problems.push({ code: 'limit', severity: 'error', facts: { what: 'too-many-problems', code, limit: MAX_PROBLEMS, found: count } });
  }
  const objects = replaced === 0 ? (found as KubeObject[]) : found.filter((object) => object !== undefined);
  return { objects, problems };
}

function lacksTemplate({ kind, value, origin }: KubeObject): boolean {
  return isWorkloadKind(kind) && templateOf(kind, value, origin) === undefined;
}

/** A text that is no manifest at all can have a million documents: a thousand complaints of each sort are told, the rest is counted. */
type Report = (code: Problem['code'], problem: () => Problem) => void;

/** Remembers where each object is, by group, kind, namespace and name, and says where one of the same name was before. */
function newIndex(defaultNamespace: string): (object: KubeObject, place: number) => number | undefined {
  // Maps in maps: a joined key would have to be built and hashed for each of a hundred thousand objects.
  const apiVersions = new Map<string, Map<string, Map<string, Map<string, number>>>>();
  const groups = new Map<string, Map<string, Map<string, Map<string, number>>>>();
  return ({ apiVersion, kind, namespace = defaultNamespace, name }, place) => {
    let kinds = apiVersions.get(apiVersion);
    if (kinds === undefined) {
      kinds = sub(groups, apiGroup(apiVersion));
      apiVersions.set(apiVersion, kinds);
    }
    const names = sub(sub(kinds, kind), namespace);
    const earlier = names.get(name);
    names.set(name, place);
    return earlier;
  };
}

function sub<Value>(maps: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  let map = maps.get(key);
  if (map === undefined) {
    map = new Map();
    maps.set(key, map);
  }
  return map;
}

/** Lists in lists are no deeper than the text may nest (MAX_DEPTH). */
function unfold(value: unknown, origin: Origin, from: FromList, add: (object: KubeObject) => void, report: Report): void {
  if (value === null || value === undefined) return;
  if (!isObject(value)) {
    report('not-an-object', () => ({ code: 'not-an-object', severity: 'error', facts: { found: kindOf(value) }, origin }));
    return;
  }
  const apiVersion = get(value, 'apiVersion') ?? from.apiVersion;
  const kind = get(value, 'kind') ?? from.kind;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || apiVersion === '' || kind === '') {
    if (looksLikePolicy(apiVersion, kind, value)) {
      // It must not vanish: `toCluster` says that nothing serves it, and what it could touch is undecided.
      add(objectOf(value, textIn(apiVersion), textIn(kind), origin, report));
    } else reportEnvelope({ apiVersion, kind }, origin, report);
    return;
  }
  if (kind.endsWith('List')) {
    const items = get(value, 'items');
    if (Array.isArray(items)) {
      const of = kind === 'List' ? NO_LIST : { apiVersion, kind: kind.slice(0, -'List'.length) };
      for (let i = 0; i < items.length; i++) {
        unfold(items[i], at(origin, 'items', i), of, add, report);
      }
      return;
    }
    // An empty list as Go writes it is `items: null`.
    if (items === undefined && (kind === 'List' || Object.hasOwn(value, 'items'))) return;
    if (kind === 'List') {
      report('wrong-type', () => wrongType({ kind, name: '' }, origin, ['items'], items, 'list', '[]'));
      return;
    }
  }
  add(objectOf(value, apiVersion, kind, origin, report));
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const NO_LIST: FromList = { apiVersion: undefined, kind: undefined };

const KINDS: Readonly<Record<string, string>> = { bool: 'boolean', number: 'number', string: 'string', array: 'list', object: 'mapping' };

function kindOf(value: unknown): string {
  return KINDS[goKindOf(value)] ?? 'nothing';
}

function objectOf(value: Json, apiVersion: string, kind: string, origin: Origin, report: Report): KubeObject {
  const metadata = get(value, 'metadata');
  if (metadata !== undefined && !isObject(metadata)) {
    report('wrong-type', () => wrongType({ kind, name: '' }, origin, ['metadata'], metadata, 'mapping', 'v1.ObjectMeta'));
    return { apiVersion, kind, name: '', namespace: undefined, value, origin };
  }
  const name = get(metadata, 'name');
  const namespace = get(metadata, 'namespace');
  if (typeof name !== 'string' || typeof namespace !== 'string') reportNoTexts({ name, namespace }, kind, origin, report);
  return { apiVersion, kind, name: scalarText(name), namespace: scalarText(namespace) || undefined, value, origin };
}

function reportNoTexts(fields: Readonly<Record<'name' | 'namespace', unknown>>, kind: string, origin: Origin, report: Report): void {
  for (const field of ['name', 'namespace'] as const) {
    const text = fields[field];
    if (text === undefined || typeof text === 'string') continue;
    report('wrong-type', () => wrongType({ kind, name: scalarText(fields.name) }, origin, ['metadata', field], text, 'string', 'string'));
  }
}

/** `name: 8080` is refused by the API server, but people look for the object under that name. */
function scalarText(value: unknown): string {
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

/**
 * Neither apiVersion nor kind: a values.yaml or a package.json that lay in the folder, so a warning. One without the other: a manifest
 * with a mistake in it, an error.
 */
function reportEnvelope(envelope: { readonly apiVersion: unknown; readonly kind: unknown }, origin: Origin, report: Report): void {
  const fields = ['apiVersion', 'kind'] as const;
  const missing = fields.filter((field) => envelope[field] === undefined || envelope[field] === '');
  if (missing.length > 0) {
    const facts: Record<string, string | readonly string[]> = { missing };
    for (const field of fields) if (typeof envelope[field] === 'string' && envelope[field] !== '') facts[field] = envelope[field];
    const severity = missing.length === fields.length ? 'warning' : 'error';
    report('missing-kind', () => ({ code: 'missing-kind', severity, facts, origin }));
  }
  for (const field of fields) {
    const value = envelope[field];
    if (value === undefined || typeof value === 'string') continue;
    report('wrong-type', () => wrongType({ kind: '', name: '' }, origin, [field], value, 'string', 'string'));
  }
}

/** In the words of the API server's decoder, as decode.ts has them for everything inside. Kubernetes: json.UnmarshalTypeError. */
function wrongType(
  whose: { readonly kind: string; readonly name: string },
  origin: Origin,
  path: readonly string[],
  value: unknown,
  wanted: string,
  go: string,
): Problem {
  const owner = path.length > 1 ? 'ObjectMeta' : whose.kind;
  const field = path.join('.');
  // QUOTED: kube-apiserver
  const detail = `json: cannot unmarshal ${goKindOf(value)} into Go struct field ${owner}.${field} of type ${go}`;
  const facts: Record<string, string> = { ...whose, field, wanted, found: kindOf(value), detail };
  if (typeof value !== 'object') facts.value = String(value);
  return { code: 'wrong-type', severity: 'error', facts, origin: { document: origin.document, path: [...origin.path, ...path] } };
}

function duplicateObject(object: KubeObject, earlier: KubeObject | undefined): Problem {
  const facts: Record<string, string> = { kind: object.kind, name: object.name };
  if (object.namespace !== undefined) facts.namespace = object.namespace;
  if (earlier !== undefined) {
    const { file, line } = locate(earlier.origin);
    facts.first = line === 0 ? file : `${file}:${line}`;
  }
  return { code: 'duplicate-object', severity: 'warning', facts, origin: object.origin };
}
