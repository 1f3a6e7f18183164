// Whose place is this? From an origin to the object that holds it, `NetworkPolicy shop/cart-ingress`, and to what its annotations say.

import type { Origin, SourceDocument } from '../model/origin.ts';
import { dig, textOf } from '../objects/read.ts';
import { type LintContext, perRun } from './context.ts';

export interface ObjectAt {
  /** `NetworkPolicy shop/cart-ingress`, `Namespace shop`. */
  readonly name: string;
  /** Where the object itself begins. */
  readonly root: Origin;
  /** The text of the annotation `netverdict.dev/ignore`. */
  readonly ignores: string | undefined;
}

export const IGNORE_ANNOTATION = 'netverdict.dev/ignore';

/** undefined for an origin that is in no object of the input. */
export function objectAt(context: LintContext, origin: Origin): ObjectAt | undefined {
  return objectsByRoot(context)
    .get(origin.document)
    ?.get(rootKey(origin, rootLength(origin)));
}

export const objectsByRoot: (context: LintContext) => ReadonlyMap<SourceDocument, ReadonlyMap<string | number, ObjectAt>> = perRun(
  ({ cluster }) => {
    const found = new Map<SourceDocument, Map<string | number, ObjectAt>>();
    const add = (name: string, origin: Origin | undefined, ignores: unknown) => {
      if (origin === undefined) return;
      let roots = found.get(origin.document);
      if (roots === undefined) {
        roots = new Map();
        found.set(origin.document, roots);
      }
      const length = rootLength(origin);
      const root = origin.path.length === length ? origin : { document: origin.document, path: origin.path.slice(0, length) };
      const key = rootKey(origin, length);
      if (!roots.has(key)) roots.set(key, { name, root, ignores: textOf(ignores) });
    };
    const annotation = (metadata: unknown) => dig(metadata, 'annotations', IGNORE_ANNOTATION);
    for (const { kind, ref, origin, value } of cluster.policies) add(`${kind} ${ref}`, origin, annotation(dig(value, 'metadata')));
    for (const { name, origin } of cluster.namespaces.values()) add(`Namespace ${name}`, origin, undefined);
    for (const { name, origin } of cluster.nodes.values()) add(`Node ${name}`, origin, undefined);
    for (const { ref, origin, annotations } of cluster.services.values()) add(`Service ${ref}`, origin, annotations.get(IGNORE_ANNOTATION));
    for (const { ref, origin } of cluster.ingresses) add(`Ingress ${ref}`, origin, undefined);
    for (const { kind, name, namespace, origin, value, written } of cluster.workloads.values()) {
      if (written && kind !== 'Pod') add(`${kind} ${namespace}/${name}`, origin, annotation(dig(value, 'metadata')));
    }
    for (const { ref, origin, metadata, template } of cluster.pods) if (!template) add(`Pod ${ref}`, origin, annotation(metadata));
    for (const [kind, list] of cluster.extras)
      for (const { name, namespace, origin } of list) add(`${kind} ${namespace}/${name}`, origin, undefined);
    return found;
  },
);

/** Lists are unfolded: of `['items', 3, 'spec', 'ingress']` the object is `['items', 3]`. */
function rootLength({ path }: Origin): number {
  let length = 0;
  while (path[length] === 'items' && typeof path[length + 1] === 'number') length += 2;
  return length;
}

/** The number of the item in a list, '' for an object that is alone, `3.items.0` for an item of a list in a list. */
function rootKey({ path }: Origin, length: number): string | number {
  return length === 2 ? (path[1] as number) : path.slice(1, length).join('.');
}
