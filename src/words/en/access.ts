// What a change opens to any pod, also to pods that nobody has created yet.
import { counted } from './lists.ts';

/** As documents have it. */
interface Access {
  readonly kind: 'new' | 'public';
  readonly outcome: 'nothing-opened' | 'opened' | 'undecided';
  readonly toCome: number;
}

/** `no new access between pods, existing or new (9 kinds of new pods tried)`. */
export function accessWords({ kind, outcome, toCome }: Access): string {
  const what = kind === 'new' ? 'access between pods' : 'access from or to addresses outside';
  const tried = `${counted(toCome, 'kind of new pods', 'kinds of new pods')} tried`;
  if (outcome === 'nothing-opened') return `no new ${what}, for existing and new pods (${tried})`;
  return outcome === 'opened' ? `new ${what} (${tried})` : `perhaps new ${what} (${tried})`;
}

/** `new-namespace-2 is a new namespace with team=web`. */
export function newNamespaceWords(name: string, labels: Readonly<Record<string, string>>): string {
  const list = Object.entries(labels).filter(([key]) => key !== 'kubernetes.io/metadata.name');
  return `${name} is a new namespace${list.length === 0 ? '' : ` with ${list.map((pair) => pair.join('=')).join(',')}`}`;
}

/**
 * An end of a row of new access. `shop/` → `a new pod without labels in shop`; `shop/app=cart (port http TCP 80)` → `a new pod with app=cart
 * in shop, whose port 80/TCP is called http`; the name of a workload as it is.
 */
export function accessEndWords(name: string): string {
  const [, namespace, labels = '', names, protocol, port] = /^([^/]+)\/(\S*=\S*)?(?: \(port (\S+) (\S+) (\d+)\))?$/.exec(name) ?? [];
  if (namespace === undefined) return name;
  const called = names === undefined ? '' : `, whose port ${port}/${protocol} is called ${names.replaceAll(',', ' and ')}`;
  return `a new pod ${labels === '' ? 'without labels' : `with ${labels}`} in ${namespace}${called}`;
}
