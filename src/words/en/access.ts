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
