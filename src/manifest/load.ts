// The whole of reading: texts in, cluster out. What every command and every test begins with.

import { looksLikePolicy } from '../kinds/looks-like-policy.ts';
import type { Cluster } from '../model/cluster.ts';
import type { SourceDocument } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { get, isObject } from '../objects/read.ts';
import { brokenPolicyObjects } from './broken-documents.ts';
import { type KubeObject, objectsOf } from './objects.ts';
import { type ParsedDocument, type ParsedText, parseText } from './parse.ts';
import { treesIn } from './render-trees.ts';
import { type ClusterParts, clusterParts } from './to-cluster.ts';
import { repairedText } from './yaml-repair.ts';

export interface InputText {
  /** As a person would name it: `deploy/api.yaml`, `<stdin>`. */
  readonly file: string;
  readonly text: string;
  /** It lay in a folder that was named, and was not named itself: it may be something that is no manifest at all. */
  readonly isFound?: boolean;
  /** The support bundle that it is part of, where the same object may be in several files. */
  readonly bundle?: string;
}

/**
 * `loadCluster([{ file: 'shop.yaml', text }])` → a cluster; what could not be read is in `cluster.problems`. Never throws.
 * `namespace`: where objects without one live (kubectl's context; `default` when nothing else is said).
 */
export function loadCluster(
  texts: readonly InputText[],
  options: { readonly namespace?: string; readonly problems?: readonly Problem[] } = {},
): Cluster {
  const namespace = options.namespace ?? 'default';
  const { objects, problems } = objectsIn(texts, namespace);
  return clusterOf(objects, [...(options.problems ?? []), ...problems], namespace);
}

export interface TextObjects {
  readonly objects: readonly KubeObject[];
  readonly problems: readonly Problem[];
  /** Files that lay in a folder and hold nothing of Kubernetes (CI files, values, tsconfig.json): counted, and no problem. */
  readonly foreign: readonly string[];
}

/**
 * The objects of texts, those that stand for broken policies among them, and what is wrong with the rest.
 * `namespace`: where objects without one live. `parsedOf`: for texts that were parsed before.
 */
export function objectsIn(
  texts: readonly InputText[],
  namespace: string,
  parsedOf: (text: InputText) => ParsedText = ({ file, text }) => parseText(file, text),
): TextObjects {
  const parsed = texts.map((text) => ({ text, ...parsedOf(text) }));
  const trees = treesIn(parsed.flatMap(({ documents }) => documents));
  const foreign = new Set(parsed.filter((each) => !trees.files.has(each.text.file) && isForeign(each)).map(({ text }) => text.file));
  const read = parsed.filter(({ text }) => !foreign.has(text.file)).map(withPreviews);
  const bundles = new Map(texts.flatMap(({ file, bundle }) => (bundle === undefined ? [] : [[file, bundle]])));
  const bundleOf = ({ origin }: KubeObject) => bundles.get(origin.document.file);
  const found = objectsOf(
    read.flatMap(({ documents }) => documents).filter(({ document }) => !trees.files.has(document.file)),
    namespace,
    (object, earlier) => bundleOf(object) !== undefined && bundleOf(object) === bundleOf(earlier),
  );
  const broken = brokenPolicyObjects([...read.flatMap((each) => each.broken), ...trees.broken], namespace);
  return {
    objects: [...found.objects, ...broken],
    problems: [...read.flatMap(({ problems }) => problems), ...trees.problems, ...found.problems],
    foreign: [...foreign],
  };
}

/** Problems of a text that was damaged by pasting get a preview of what it probably was. */
function withPreviews<Parsed extends ParsedText>(parsed: Parsed): Parsed {
  const flat = parsed.documents.filter(({ value }) => hasLostIndentation(value));
  const torn = parsed.broken.filter(({ problem }) => problem.code === 'not-yaml');
  if (flat.length + torn.length === 0) return parsed;
  const withPreview = new Map(
    torn.flatMap(({ document, problem }): [Problem, Problem][] => {
      const preview = previewOf(document);
      return preview === undefined ? [] : [[problem, { ...problem, facts: { ...problem.facts, ...preview } }]];
    }),
  );
  const lost = flat.flatMap(({ document }): Problem[] => {
    const preview = previewOf(document);
    return preview === undefined ? [] : [{ code: 'lost-indentation', severity: 'error', facts: preview, origin: { document, path: [] } }];
  });
  return {
    ...parsed,
    problems: [...lost, ...parsed.problems.map((problem) => withPreview.get(problem) ?? problem)],
    broken: parsed.broken.map((each) => ({ ...each, problem: withPreview.get(each.problem) ?? each.problem })),
  };
}

/** Valid YAML all the same, in which `spec:` and `metadata:` have nothing below them. */
function hasLostIndentation(value: unknown): boolean {
  return isObject(value) && value.kind === 'NetworkPolicy' && value.spec === null && value.metadata === null;
}

function previewOf({ text = '', start, end }: SourceDocument): { readonly preview: string; readonly isUnique: boolean } | undefined {
  const repaired = repairedText(text.slice(start, end));
  return repaired && { preview: repaired.text, isUnique: repaired.isUnique };
}

/** Nothing in it says what a Kubernetes object says: an apiVersion and a kind, be they broken, or the shape of a policy. */
function isForeign({ text, documents }: { readonly text: InputText; readonly documents: readonly ParsedDocument[] }): boolean {
  if (text.isFound !== true || (/\bkind\b/.test(text.text) && /\bapiVersion\b/.test(text.text))) return false;
  return documents.every(
    ({ value }) => !isObject(value) || !(looksLikePolicy(get(value, 'apiVersion'), get(value, 'kind'), value) || saysItsKind(value)),
  );
}

function saysItsKind(value: unknown): boolean {
  return ['apiVersion', 'kind'].some((key) => typeof get(value, key) === 'string');
}

/** The same from objects that were read elsewhere, such as from a live cluster. */
export function clusterOf(objects: readonly KubeObject[], problems: readonly Problem[], namespace: string): Cluster {
  return partsOf(objects, problems, namespace).cluster;
}

/** The same, with what the policies were read beside. */
export function partsOf(objects: readonly KubeObject[], problems: readonly Problem[], namespace: string): ClusterParts {
  const { cluster, surroundings } = clusterParts(objects, problems, namespace);
  return { cluster: { ...cluster, problems: distinct(cluster.problems) }, surroundings };
}

/** Reading and validation may both notice the same wrong type: said once. */
function distinct(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  const seen = new Map<unknown, Set<string>>();
  return problems.filter(({ code, origin, facts }) => {
    if (origin === undefined) return true;
    const said = seen.get(origin.document) ?? new Set<string>();
    seen.set(origin.document, said);
    const key = `${code} ${origin.path.join('/')} ${JSON.stringify(facts)}`;
    return said.has(key) ? false : said.add(key);
  });
}
