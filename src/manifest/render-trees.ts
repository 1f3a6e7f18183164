// Folders that want rendering: what kustomize and Helm make of them is applied, not what lies there. Patches are set aside, so that none of
// them replaces an object; a patched policy is one whose content is not known. Renders nothing.
import { isPolicyName } from '../kinds/looks-like-policy.ts';
import type { SourceDocument } from '../model/origin.ts';
import type { Problem } from '../model/problem.ts';
import { get, isObject, listOf, textOf } from '../objects/read.ts';
import { apiGroup } from './kinds.ts';
import type { BrokenDocument, ParsedDocument } from './parse.ts';
import { policingKind } from './policing-kinds.ts';

export interface RenderTrees {
  /** Files that say how to build, and patches: none of them is an object. */
  readonly files: ReadonlySet<string>;
  /** Those that patch a policy. */
  readonly broken: readonly BrokenDocument[];
  /** One for each folder that a person would render, and that comes out otherwise than it lies there. */
  readonly problems: readonly Problem[];
}

/** `overlays/prod/kustomization.yaml` with `patches: [{ path: replicas.yaml }]` → `overlays/prod/replicas.yaml`. Nothing for plain manifests. */
export function treesIn(documents: readonly ParsedDocument[]): RenderTrees {
  const roots = documents.filter(isKustomization);
  const charts = documents.filter(
    ({ document, value }) => /(^|\/)Chart\.ya?ml$/.test(document.file) && typeof get(value, 'name') === 'string',
  );
  if (roots.length === 0 && charts.length === 0) return { files: NOTHING, broken: [], problems: [] };
  const files = new Set(roots.flatMap(({ document, value }) => patchFiles(value).map((path) => joined(folderOf(document.file), path))));
  const used = new Set(roots.flatMap(({ document, value }) => usedFolders(value).map((path) => joined(folderOf(document.file), path))));
  const altering = alteringFolders(roots, documents);
  const tops = roots.filter(({ document }) => !used.has(folderOf(document.file)) && altering.has(folderOf(document.file)));
  const problemOf = new Map([...tops, ...charts].map((each) => [each.document.file, wantsRendering(each.document, charts.includes(each))]));
  const by = problemOf.get(tops[0]?.document.file ?? '');
  const broken = documents.flatMap(({ document, value }): BrokenDocument[] =>
    by !== undefined && files.has(document.file) && isPolicy(value) ? [{ document, problem: by }] : [],
  );
  for (const { document } of [...roots, ...charts]) files.add(document.file);
  return { files, broken, problems: [...problemOf.values()] };
}

const NOTHING: ReadonlySet<string> = new Set();

function isKustomization({ value, document }: ParsedDocument): boolean {
  if (!isObject(value)) return false;
  const isNamed = /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(document.file);
  return (
    isNamed || (apiGroup(textOf(get(value, 'apiVersion')) ?? '') === 'kustomize.config.k8s.io' && get(value, 'kind') === 'Kustomization')
  );
}

function patchFiles(value: unknown): readonly string[] {
  const named = [...listOf(get(value, 'patches')), ...listOf(get(value, 'patchesJson6902'))].map((patch) => get(patch, 'path'));
  // An inline patch stands there as a text of several lines.
  return [...named, ...listOf(get(value, 'patchesStrategicMerge'))].filter(
    (path): path is string => typeof path === 'string' && !path.includes('\n'),
  );
}

function usedFolders(value: unknown): readonly string[] {
  return ['resources', 'bases', 'components'].flatMap((list) => listOf(get(value, list))).filter((path) => typeof path === 'string');
}

function isPolicy(value: unknown): boolean {
  const kind = textOf(get(value, 'kind')) ?? '';
  return isPolicyName(kind) || policingKind(`${kind}.${apiGroup(textOf(get(value, 'apiVersion')) ?? '')}`) !== undefined;
}

function wantsRendering(document: SourceDocument, isChart: boolean): Problem {
  const folder = folderOf(document.file) || '.';
  const render = isChart ? `helm template ${folder}` : `kubectl kustomize ${folder}`;
  return {
    code: 'wants-rendering',
    severity: 'warning',
    facts: { folder, render, tool: isChart ? 'helm' : 'kustomize', flag: isChart ? `--helm ${folder}` : `-k ${folder}` },
    origin: { document, path: [] },
  };
}

/** `a/b/kustomization.yaml` → `a/b`, '' for a file of this folder. */
function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '' : file.slice(0, slash);
}

/** Keys that name what is applied, and one that changes nothing policies see. Every other key may change the objects. */
const PLAIN_KEYS: ReadonlySet<string> = new Set(['apiVersion', 'bases', 'components', 'images', 'kind', 'metadata', 'resources']);

/**
 * Folders whose build differs from the files under them: it changes objects, leaves out files that were read, or takes in what was not.
 * A kustomization that only lists its files is not among them, for reading the files is reading its build.
 */
function alteringFolders(roots: readonly ParsedDocument[], documents: readonly ParsedDocument[]): ReadonlySet<string> {
  const read = new Set(documents.flatMap(({ document, value }) => (isObject(value) ? [document.file] : [])));
  const rootOf = new Map(roots.map((root) => [folderOf(root.document.file), root]));
  const found = new Set<string>();
  for (const folder of rootOf.keys()) {
    const taken = filesTaken(folder, rootOf, read);
    const isLeftOut = (file: string) => isWithin(file, folder) && !taken?.has(file);
    if (taken === undefined || [...read].some(isLeftOut)) found.add(folder);
  }
  return found;
}

/** Files that the build of a folder takes over as they are; undefined where it may change them or takes in what was not read. */
function filesTaken(top: string, rootOf: ReadonlyMap<string, ParsedDocument>, read: ReadonlySet<string>): ReadonlySet<string> | undefined {
  const taken = new Set<string>();
  const [queue, seen] = [[top], new Set([top])];
  for (const folder of queue) {
    const root = rootOf.get(folder);
    if (root === undefined || !isObject(root.value) || Object.keys(root.value).some((key) => !PLAIN_KEYS.has(key))) return undefined;
    taken.add(root.document.file);
    for (const path of usedFolders(root.value)) {
      const used = joined(folder, path);
      if (read.has(used)) taken.add(used);
      else if (!rootOf.has(used)) return undefined;
      else if (!seen.has(used)) {
        seen.add(used);
        queue.push(used);
      }
    }
  }
  return taken;
}

function isWithin(file: string, folder: string): boolean {
  return folder === '' || file.startsWith(`${folder}/`);
}

/** `overlays/prod` + `../../base` → `base`. */
function joined(folder: string, path: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
