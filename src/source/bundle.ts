// A support bundle as input texts: which of its files are read, what is taken out of them before anybody else sees it, and what the
// bundle does not hold although it could decide. What cannot be told from names is told here; the names are bundle-layouts.ts.

import type { InputText } from '../manifest/load.ts';
import { objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import { limitObject, type ReadLimit } from '../manifest/read-limits.ts';
import { type BundleKind, isLeftAlone, type Recognised, recogniseBundle, TIMESTAMP } from './bundle-layouts.ts';
import { CLUSTER_KINDS, type ClusterKind, resourceName } from './cluster-kinds.ts';
import { sanitized } from './snapshot.ts';

/** What an answer was made from: `{ kind: 'must-gather', path: 'mg.tar.gz', cluster: 'prod-x7k2p', takenAt: '2026-11-30 12:03 UTC', files: 812 }`. */
export interface Bundle {
  /** `archive`: of files that no known tool has laid out. */
  readonly kind: BundleKind | 'archive';
  readonly path: string;
  /** undefined where no file says it. */
  readonly cluster: string | undefined;
  readonly takenAt: string | undefined;
  /** How many files were read. */
  readonly files: number;
}

/** A file of the bundle: its name there, the name that a person is told, its text. */
export interface BundleFile {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

export interface BundleTexts {
  readonly texts: readonly InputText[];
  readonly bundle: Bundle;
}

/** `names`: of all files, also those that were not opened. Never throws. */
export function bundleTexts(path: string, names: readonly string[], files: readonly BundleFile[]): BundleTexts {
  const found = recogniseBundle(path, names);
  const kind = found?.kind ?? 'archive';
  const own = new Set(found?.names ?? []);
  const wanted = files.filter(({ name }) => !TIMESTAMP.test(name) && !(own.has(name) && isLeftAlone(name)));
  const texts = wanted.map(({ name, file, text }): InputText => {
    const isOwn = own.has(name);
    const object = kind === 'support-bundle' && isOwn ? asList(name, text) : text;
    return { ...withoutValues(file, object), isFound: true, ...(isOwn && { bundle: path }) };
  });
  const limits = found === undefined ? [] : limitsOf(found, names);
  const facts: Bundle = {
    kind,
    path,
    cluster: found && clusterIn(found.kind, files),
    takenAt: found?.takenAt ?? timestampIn(files),
    files: wanted.length,
  };
  return { texts: limits.length === 0 ? texts : [...texts, limitsText(path, limits)], bundle: facts };
}

/**
 * What `kubectl cluster-info dump` prints: lists of JSON with the logs of every container between them. undefined for any other text.
 * The logs become empty lines, so that places stay where they are.
 */
export function dumpTexts(path: string, file: string, text: string): BundleTexts | undefined {
  if (!isDumpOutput(text)) return undefined;
  const limits = [notCollected(networkPolicies(), [], 'cluster-info-dump')];
  return {
    texts: [{ file, text: withoutLogs(text), bundle: path }, limitsText(path, limits)],
    bundle: { kind: 'cluster-info-dump', path, cluster: undefined, takenAt: undefined, files: 1 },
  };
}

const LOG_START = /^==== START logs for container .* of pod .* ====$/m;

function isDumpOutput(text: string): boolean {
  const begins = /^\s*\{/.test(text.slice(0, 100)) && /"kind": ?"NodeList"/.test(text.slice(0, 400));
  return begins && (/"kind": ?"ReplicationControllerList"/.test(text) || LOG_START.test(text));
}

// QUOTED: kubectl
function withoutLogs(text: string): string {
  let isLog = false;
  return text
    .split('\n')
    .map((line) => {
      // QUOTED: kubectl cluster-info dump
      if (line.startsWith('==== START logs for container ')) isLog = true;
      const kept = isLog ? '' : line;
      // QUOTED: kubectl cluster-info dump
      if (line.startsWith('==== END logs for container ')) isLog = false;
      return kept;
    })
    .join('\n');
}

/** A support bundle's older lists are bare arrays whose items do not say what they are; the folder does. Put in front, lines stay. */
function asList(name: string, text: string): string {
  if (!/^\s*\[/.test(text)) return text;
  const folder = /(?:^|\/)cluster-resources\/([^/.]+)/.exec(name)?.[1] ?? '';
  const resource = SINGULAR_FOLDERS.get(folder) ?? folder;
  const kind = CLUSTER_KINDS.find((each) => each.role !== 'sign' && each.resource === resource && HOME.has(each.group));
  const apiVersion = kind === undefined ? 'v1' : kind.group === '' ? 'v1' : `${kind.group}/v1`;
  return `{"apiVersion":"${apiVersion}","kind":"${kind?.kind ?? ''}List","items":${text.trimEnd()}}`;
}

const SINGULAR_FOLDERS = new Map([
  ['ingress', 'ingresses'],
  ['network-policy', 'networkpolicies'],
]);
const HOME = new Set(['', 'apps', 'batch', 'networking.k8s.io', 'discovery.k8s.io']);

const MAY_HOLD_VALUES = /["']?\bkind["']?[ \t]*:[ \t]*["']?(?:Secret|ConfigMap)(?:List)?\b/;

/**
 * Secrets are dropped, ConfigMaps keep the few settings that verdicts hang on. A file that holds one is written anew from its objects, and
 * its name says so, because lines in it are no longer those of the file.
 */
function withoutValues(file: string, text: string): InputText {
  if (!MAY_HOLD_VALUES.test(text)) return { file, text };
  const { documents, broken } = parseText(file, text);
  const { objects } = objectsOf(documents);
  const isSecret = (kind: string) => kind === 'Secret' || kind === 'ConfigMap';
  const isClean = !objects.some(({ kind }) => isSecret(kind)) && !broken.some(({ document }) => MAY_HOLD_VALUES.test(sliceOf(document)));
  if (isClean) return { file, text };
  const kept = objects.flatMap((object) =>
    object.kind === 'Secret' ? [] : object.kind === 'ConfigMap' ? (sanitized(object) ?? []) : object.value,
  );
  const lines = kept.map((value) => JSON.stringify(value)).join(',\n');
  // What could not be read may be a policy; it stays, unless it could be a Secret.
  const unread = broken.map(({ document }) => sliceOf(document)).filter((part) => !MAY_HOLD_VALUES.test(part));
  const list = `{"apiVersion":"v1","kind":"List","items":[\n${lines}\n]}\n`;
  return { file: `${file} (values removed)`, text: [list, ...unread].join('---\n') };
}

function sliceOf({ text, start, end }: { readonly text: string | undefined; readonly start: number; readonly end: number }): string {
  return (text ?? '').slice(start, end);
}

/** Kinds that the tool asks every cluster of its sort for. */
const ASKED: Readonly<Partial<Record<BundleKind, readonly string[]>>> = {
  'cilium-sysdump': ['ciliumnetworkpolicies.cilium.io', 'ciliumclusterwidenetworkpolicies.cilium.io'],
  'calico-diags': ['networkpolicies.crd.projectcalico.org', 'globalnetworkpolicies.crd.projectcalico.org'],
};

/** Policies that are in the cluster, or may be, and not in the bundle: what they say is not known. */
function limitsOf(found: Recognised, names: readonly string[]): readonly ReadLimit[] {
  const crds = new Set(names.flatMap((name) => /(?:^|\/)customresourcedefinitions\/([^/]+)\.yaml$/.exec(name)?.[1] ?? []));
  const asked = ASKED[found.kind] ?? [];
  return CLUSTER_KINDS.flatMap((kind) => {
    const name = resourceName(kind);
    const isAsked = kind === networkPolicies() || (kind.role === 'policy' && (crds.has(name) || asked.includes(name)));
    const collected = isAsked ? found.collected(kind) : 'everywhere';
    return collected === 'everywhere' ? [] : [notCollected(kind, collected, found.kind)];
  });
}

function networkPolicies(): ClusterKind {
  return CLUSTER_KINDS.find(({ kind, group }) => kind === 'NetworkPolicy' && group === 'networking.k8s.io') as ClusterKind;
}

function notCollected(kind: ClusterKind, readIn: readonly string[], bundle: BundleKind): ReadLimit {
  return {
    kind: kind.kind,
    group: kind.group,
    resource: resourceName(kind),
    reason: 'not-collected',
    readIn,
    weight: 'policy',
    message: bundle,
  };
}

/** Limits travel as objects in a text of their own, as they do in a snapshot. */
function limitsText(path: string, limits: readonly ReadLimit[]): InputText {
  const file = `<${path}>`;
  const items = limits.map((limit) => JSON.stringify(limitObject(limit, file).value)).join(',\n');
  return { file, text: `{"apiVersion":"v1","kind":"List","items":[\n${items}\n]}\n`, bundle: path };
}

/** A limit is lifted where somebody gave the missing kind beside the bundle. */
export function withGivenKinds(texts: readonly InputText[]): readonly InputText[] {
  const given = texts.filter(({ bundle }) => bundle === undefined);
  if (given.length === 0 || given.length === texts.length) return texts;
  const isGiven = (kind: string) =>
    given.some(({ text }) => new RegExp(String.raw`\bkind["']?[ \t]*:[ \t]*["']?${kind}(?:List)?\b`).test(text));
  return texts.flatMap((text) => {
    if (text.bundle === undefined || text.file !== `<${text.bundle}>`) return [text];
    const list: { items: { spec: { kind: string } }[] } = JSON.parse(text.text);
    const items = list.items.filter(({ spec }) => !isGiven(spec.kind));
    return items.length === 0 ? [] : [{ ...text, text: JSON.stringify({ ...list, items }) }];
  });
}

const CLUSTER_NAMES: Readonly<Partial<Record<BundleKind, readonly [file: RegExp, name: RegExp]>>> = {
  'must-gather': [/config\.openshift\.io\/infrastructures(?:\/cluster)?\.yaml$/, /^\s*infrastructureName:[ \t]*["']?([\w.-]+)/m],
  'cilium-sysdump': [/(?:^|\/)cilium-configmap-[\d-]+\.yaml$/, /^\s*cluster-name:[ \t]*["']?([\w.-]+)/m],
};

function clusterIn(kind: BundleKind, files: readonly BundleFile[]): string | undefined {
  const [file, name] = CLUSTER_NAMES[kind] ?? [];
  if (file === undefined || name === undefined) return undefined;
  const found = files.flatMap((each) => (file.test(each.name) ? (name.exec(each.text)?.[1] ?? []) : []))[0];
  // Cilium's own word for a cluster that nobody named.
  return found === 'default' ? undefined : found;
}

/** `2026-11-30 12:03:41.5 +0000 UTC m=+0.1`, the first line of the file `timestamp`. */
function timestampIn(files: readonly BundleFile[]): string | undefined {
  const text = files.find(({ name }) => TIMESTAMP.test(name))?.text ?? '';
  const [, day, time, zone] = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d):\d\d(?:\.\d+)? ([+-]\d{4})/.exec(text) ?? [];
  return day === undefined ? undefined : `${day} ${time} ${zone === '+0000' ? 'UTC' : zone}`;
}
