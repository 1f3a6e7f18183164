// What a fix does to the objects, as data: edits of an object that is there, or a policy that is not there yet. From the same steps come
// the changed cluster (apply.ts), the text (edit.ts), the commands (kubectl.ts) and the words (report/).
import type { Namespace, Pod, Service, Workload } from '../model/cluster.ts';
import type { Plain } from '../model/edit.ts';
import type { Origin } from '../model/origin.ts';
import type { Policy } from '../model/policy.ts';
import type { PlacedEdit } from './edited-value.ts';
import { blockLines, isList, isMapping } from './render.ts';

export type EditedObject =
  | { readonly kind: 'policy'; readonly policy: Policy }
  /** Its pod template; the pods of the workload follow when they are made anew. */
  | { readonly kind: 'workload'; readonly workload: Workload }
  | { readonly kind: 'pod'; readonly pod: Pod }
  | { readonly kind: 'namespace'; readonly namespace: Namespace }
  | { readonly kind: 'service'; readonly service: Service };

export type Step =
  | {
      readonly kind: 'edit';
      readonly object: EditedObject;
      readonly edits: readonly PlacedEdit[];
      /** Pods of the input whose workload is edited too: its controller makes them so, only the text has to be told. */
      readonly byController?: true;
    }
  | { readonly kind: 'create'; readonly name: string; readonly namespace: string; readonly value: NewPolicy; readonly beside: Origin };

/** A whole NetworkPolicy object, ready to be written. */
export type NewPolicy = { readonly [key: string]: Plain };

/** `NetworkPolicy shop/cart-ingress`: one text for one object. */
function objectKey(object: EditedObject): string {
  switch (object.kind) {
    case 'policy':
      return `${object.policy.kind} ${object.policy.ref}`;
    case 'workload':
      return object.workload.ref;
    case 'pod':
      return `pod ${object.pod.ref}`;
    case 'namespace':
      return `namespace ${object.namespace.name}`;
    case 'service':
      return `Service ${object.service.ref}`;
  }
}

/** Steps of several parts together: the edits of one object are one step. The same edit wanted twice is made once. */
export function joined(steps: readonly Step[]): readonly Step[] {
  const edits = new Map<string, Extract<Step, { kind: 'edit' }>>();
  const created = new Map<string, Step>();
  for (const step of steps) {
    if (step.kind === 'create') {
      created.set(JSON.stringify([step.namespace, step.value]), step);
      continue;
    }
    const key = objectKey(step.object);
    const known = edits.get(key);
    const distinct = new Map([...(known?.edits ?? []), ...step.edits].map((edit) => [editKey(edit), edit]));
    edits.set(key, { ...step, edits: [...distinct.values()].reduce(withEdit, []) });
  }
  return [...edits.values(), ...created.values()];
}

/** Two that write the same list of rules where there was none write one list with both. */
function withEdit(before: readonly PlacedEdit[], edit: PlacedEdit): readonly PlacedEdit[] {
  const rules = rulesIn(edit);
  const at = before.findIndex((other) => rulesIn(other) !== undefined && placeKey(other) === placeKey(edit));
  const own = before[at];
  if (rules === undefined || own === undefined || (own.kind !== 'add-entry' && own.kind !== 'set-value')) return [...before, edit];
  return before.with(at, { ...own, value: [...(rulesIn(own) ?? []), ...rules] });
}

function rulesIn(edit: PlacedEdit): readonly Plain[] | undefined {
  if (edit.kind !== 'add-entry' && edit.kind !== 'set-value') return undefined;
  const { value } = edit;
  return isList(value) && value.length > 0 && value.every((item) => isMapping(item)) ? value : undefined;
}

function placeKey(edit: PlacedEdit): string {
  return JSON.stringify([edit.kind, edit.at.path, edit.kind === 'add-entry' ? edit.key : '']);
}

function editKey(edit: PlacedEdit): string {
  return JSON.stringify({ ...edit, at: edit.at.path });
}

/** How much there is to read in a review: about the lines that change. */
export function sizeOf(steps: readonly Step[]): number {
  let size = 0;
  for (const step of steps) {
    if (step.kind === 'create') size += blockLines(step.value).length;
    else if (step.byController !== true) for (const edit of step.edits) size += editSize(edit);
  }
  return size;
}

function editSize(edit: PlacedEdit): number {
  switch (edit.kind) {
    case 'set-value':
    case 'add-item':
    case 'insert-item':
      return blockLines(edit.value).length;
    case 'add-entry':
      return blockLines({ [edit.key]: edit.value }).length;
    case 'rename-key':
    case 'remove':
    case 'join-to-previous':
    case 'split-item':
    case 'move-under':
      return 1;
  }
}
