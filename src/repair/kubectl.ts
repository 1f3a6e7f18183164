// Steps as what the API server is sent: for programs, and as commands for a shell (`kubectl label`, `kubectl patch`, `kubectl apply`).
// JSON patches are RFC 6902; where an edit replaces or removes, a test of the old value stands before it, so that an object that has
// changed meanwhile is not patched in the wrong place.

import type { Plain } from '../model/edit.ts';
import type { Path } from '../model/origin.ts';
import { isObject } from '../objects/read.ts';
import { objectOrigin, objectValue } from './apply.ts';
import { editedValue, type PlacedEdit, shiftingEdits } from './edited-value.ts';
import type { Lever } from './lever.ts';
import { blockLines } from './render.ts';
import type { EditedObject, Step } from './step.ts';

/** One command for each object, in the order of the steps. Pods that a controller makes anew are left to it. */
export function kubectlCommands(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'create') return [`kubectl apply -f - <<'EOF'\n${blockLines(step.value).join('\n')}\nEOF`];
    if (step.byController === true) return [];
    const labels = step.object.kind === 'pod' || step.object.kind === 'namespace' ? labelArguments(step.object, step.edits) : undefined;
    if (labels !== undefined) return [`kubectl label ${nameOf(step.object)} ${labels}`];
    if (step.object.kind === 'workload' && step.object.workload.kind === 'Job') return anew(step.object, step.edits);
    const operations = operationsOf(step.object, step.edits);
    return operations.length === 0 ? [] : [`kubectl patch ${nameOf(step.object)} --type=json -p=${quoted(JSON.stringify(operations))}`];
  });
}

/** What the API server has written into a Job, and would refuse in one that is made anew. */
const OF_THIS_JOB = ['controller-uid', 'job-name', 'batch.kubernetes.io/controller-uid', 'batch.kubernetes.io/job-name'];

/** The template of a Job is immutable (batch/v1 validation), so the Job is deleted and made again with the edit in it. */
function anew(object: EditedObject, edits: readonly PlacedEdit[]): readonly string[] {
  const value = editedValue(objectValue(object), objectOrigin(object).path, edits)?.value;
  if (!isObject(value) || !isObject(value.metadata) || !isObject(value.spec)) return [];
  const { name, namespace = object.kind === 'workload' ? object.workload.namespace : '', labels, annotations } = value.metadata;
  const { selector, template, ...spec } = value.spec;
  const job = {
    apiVersion: value.apiVersion,
    kind: value.kind,
    metadata: { name, namespace, labels, annotations },
    spec: { ...spec, ...(spec.manualSelector === true && { selector }), template },
  };
  return [`kubectl replace --force -f - <<'EOF'\n${blockLines(cleaned(job) as Plain).join('\n')}\nEOF`];
}

/** Without labels that name this very Job, and without nulls, which say nothing. */
function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, own]) => own !== undefined && own !== null && !OF_THIS_JOB.includes(key));
  return Object.fromEntries(kept.map(([key, own]) => [key, cleaned(own)]));
}

/** `networkpolicy cart-ingress -n shop`. */
function nameOf(object: EditedObject): string {
  const { kind, name, namespace } = identityOf(object);
  return `${kind.toLowerCase()} ${quoted(name)}${namespace === undefined ? '' : ` -n ${quoted(namespace)}`}`;
}

/** `app=cart tier-`, from the labels before and after; undefined where something else changes, too. */
function labelArguments(object: EditedObject, edits: readonly PlacedEdit[]): string | undefined {
  const root = objectOrigin(object).path;
  const before = objectValue(object);
  const after = editedValue(before, root, edits);
  if (after === undefined || edits.some(({ at }) => !isLabelPath(at.path.slice(root.length)))) return undefined;
  const [old, own] = [labelsIn(before), labelsIn(after.value)];
  const set = Object.entries(own)
    .filter(([key, value]) => old[key] !== value)
    .map(([key, value]) => quoted(`${key}=${value}`));
  const gone = Object.keys(old)
    .filter((key) => !Object.hasOwn(own, key))
    .map((key) => quoted(`${key}-`));
  const overwrites = Object.entries(own).some(([key, value]) => old[key] !== undefined && old[key] !== value);
  return [...set, ...gone, ...(overwrites ? ['--overwrite'] : [])].join(' ');
}

function isLabelPath(path: Path): boolean {
  return path.length <= 3 && ['metadata', 'labels'].every((step, i) => path[i] === undefined || path[i] === step);
}

function labelsIn(value: unknown): Readonly<Record<string, string>> {
  const metadata = isObject(value) ? value.metadata : undefined;
  const labels = isObject(metadata) ? metadata.labels : undefined;
  return isObject(labels) ? (labels as Record<string, string>) : {};
}

/** What becomes of one object: JSON Patch operations for one that is there (RFC 6902), or the whole of one that is not. */
export type ObjectChange = { readonly kind: string; readonly name: string; readonly namespace?: string } & (
  | { readonly operations: readonly Operation[] }
  | { readonly create: Plain }
);

/**
 * What each lever does, object by object and however the files are laid out: `[[{ kind: 'Namespace', name: 'shop', operations: [{ op: 'add', … }] }]]`.
 * An object stands once, with the first lever that edits it: the operations of one object belong together. Pods that a controller makes
 * anew are left to it.
 */
export function objectChanges(levers: readonly Lever[], steps: readonly Step[]): readonly (readonly ObjectChange[])[] {
  const changes = levers.map((): ObjectChange[] => []);
  for (const step of steps) {
    const own = levers.findIndex((lever) => doesStep(lever, step));
    changes[Math.max(own, 0)]?.push(...changeOf(step));
  }
  return changes;
}

/** Is this step what the lever does? Pods beside the template of their workload stand elsewhere; those go with the first lever. */
function doesStep({ at, facts }: Lever, step: Step): boolean {
  if (step.kind === 'create') return at === undefined && facts.policy === `${step.namespace}/${step.name}`;
  if (at === undefined) return false;
  const { document, path } = objectOrigin(step.object);
  return at.document === document && path.every((each, i) => at.path[i] === each);
}

function changeOf(step: Step): readonly ObjectChange[] {
  if (step.kind === 'create') return [{ kind: 'NetworkPolicy', name: step.name, namespace: step.namespace, create: step.value }];
  if (step.byController === true) return [];
  const operations = operationsOf(step.object, step.edits);
  return operations.length === 0 ? [] : [{ ...identityOf(step.object), operations }];
}

function identityOf(object: EditedObject): { readonly kind: string; readonly name: string; readonly namespace?: string } {
  switch (object.kind) {
    case 'policy': {
      const { kind, name, namespace } = object.policy;
      return { kind, name, ...(namespace !== undefined && { namespace }) };
    }
    case 'workload':
      return { kind: object.workload.kind, name: object.workload.name, namespace: object.workload.namespace };
    case 'pod':
      return { kind: 'Pod', name: object.pod.name, namespace: object.pod.namespace };
    case 'namespace':
      return { kind: 'Namespace', name: object.namespace.name };
    case 'service':
      return { kind: 'Service', name: object.service.name, namespace: object.service.namespace };
  }
}

export interface Operation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** What shifts the places of others comes last, from the end of a list to its beginning, as it does in editedValue. */
function operationsOf(object: EditedObject, edits: readonly PlacedEdit[]): readonly Operation[] {
  const root = objectOrigin(object).path;
  const value = objectValue(object);
  const late = shiftingEdits(edits);
  return [...edits.filter((edit) => !late.includes(edit)), ...late].flatMap((edit) =>
    operations(value, edit.at.path.slice(root.length), edit),
  );
}

function operations(value: unknown, path: Path, edit: PlacedEdit): readonly Operation[] {
  const old = valueAt(value, path);
  const guard: Operation[] = typeof old === 'object' ? [] : [{ op: 'test', path: pointer(path), value: old }];
  switch (edit.kind) {
    case 'set-value':
      return [...guard, { op: 'replace', path: pointer(path), value: edit.value }];
    case 'add-entry':
      return [{ op: 'add', path: pointer([...path, edit.key]), value: edit.value }];
    case 'add-item':
      return [{ op: 'add', path: `${pointer(path)}/-`, value: edit.value }];
    case 'insert-item':
      return [{ op: 'add', path: pointer(path), value: edit.value }];
    case 'remove':
      return [...guard, { op: 'remove', path: pointer(path) }];
    case 'rename-key':
      return [...guard, { op: 'move', from: pointer(path), path: pointer([...path.slice(0, -1), edit.key]) }];
    default: {
      // Moves between levels are said as what comes out of them.
      const whole = edit.kind === 'move-under' ? path : edit.kind === 'split-item' ? path.slice(0, -2) : path.slice(0, -1);
      const root: Path = [];
      const changed = editedValue(value, root, [{ ...edit, at: { ...edit.at, path } }]);
      return changed === undefined ? [] : [{ op: 'replace', path: pointer(whole), value: valueAt(changed.value, whole) as Plain }];
    }
  }
}

function valueAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    found = Array.isArray(found) ? found[Number(step)] : isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

/** RFC 6901: `/metadata/labels/app.kubernetes.io~1name`. */
function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** For a POSIX shell: as it is where that is safe, else in single quotes. */
export function quoted(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
