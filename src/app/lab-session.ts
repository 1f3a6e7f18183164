// A kept lab between two commands: what `up` put into its state, from which the next command makes everything again.

import { Failure } from '../failure.ts';
import { changeLab } from '../lab/netns-change.ts';
import { openControl } from '../lab/netns-control.ts';
import { type LabState, labFolder, stateOf, writeState } from '../lab/netns-place.ts';
import { type BuiltLab, type LabContent, labUp } from '../lab/netns-up.ts';
import type { Addresses } from '../lab/served.ts';
import { findTools } from '../lab/tools.ts';
import { type KubeObject, objectsOf } from '../manifest/objects.ts';
import { parseText } from '../manifest/parse.ts';
import type { Decided } from '../nft/decided.ts';
import { type LabCluster, labCluster } from './lab-cluster.ts';

export interface LabData {
  /** The profile's name, for people. */
  readonly cni: string;
  readonly semantics: Decided['semantics'];
  /** Where objects without a namespace live. */
  readonly namespace: string;
  readonly faithful: boolean;
  readonly generation: number;
  readonly objects: readonly StoredObject[];
  readonly addresses: Addresses;
  /** What the tables on each node are called now. */
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

export interface StoredObject {
  readonly file: string;
  readonly value: unknown;
}

export interface Session extends LabCluster {
  readonly state: LabState<LabData>;
}

/** The lab as it is now. Failure `lab-not-up`. */
export function openSession(name: string): Session {
  const state = stateOf<LabData>(name);
  return { state, ...labCluster(restored(state.data.objects), state.data, state.data.addresses) };
}

export type Choice = Pick<LabData, 'cni' | 'semantics' | 'namespace' | 'faithful'>;

export async function startSession(
  name: string,
  objects: readonly KubeObject[],
  choice: Choice,
  signal: AbortSignal,
): Promise<Session & Pick<BuiltLab<LabData>, 'failed'>> {
  const made = labCluster(objects, { ...choice, generation: 1 });
  if (made.cluster.pods.every(({ ref }) => ref === 'kube-system/coredns')) {
    throw new Failure('nothing-to-run', {});
  }
  const data: LabData = {
    ...choice,
    generation: 1,
    objects: objects.map(({ value, origin }) => ({ file: origin.document.file, value })),
    addresses: made.addresses,
    tables: tablesOf(made.content),
  };
  const { state, failed } = await labUp(name, made.content, data, signal);
  return { ...made, state, failed };
}

/** Puts other objects in force; gives the new session and how many changes it took. Failures: those of changeLab. */
export async function changeSession(session: Session, objects: readonly StoredObject[]): Promise<Session & { readonly changes: number }> {
  const { state } = session;
  const generation = state.data.generation + 1;
  const after = labCluster(restored(objects), { ...state.data, generation }, state.data.addresses);
  const control = await openControl(labFolder(state.name));
  try {
    const { changes, tables } = await changeLab(control, findTools(), session.content, after.content, state.data.tables, state.rootless);
    const changed: LabState<LabData> = {
      ...state,
      data: { ...state.data, generation, objects, addresses: { ...state.data.addresses, ...after.addresses }, tables },
    };
    writeState(changed);
    return { ...after, state: changed, changes };
  } finally {
    control.close();
  }
}

/** `kubectl apply`: an object of the same kind, namespace and name is replaced where it stands, others come after. */
export function applied(before: readonly StoredObject[], objects: readonly KubeObject[], namespace: string): readonly StoredObject[] {
  const wanted = new Map(objects.map((object) => [keyOf(object, namespace), { file: object.origin.document.file, value: object.value }]));
  const old = restored(before);
  const places = new Set(old.map((object) => keyOf(object, namespace)));
  return [
    ...before.map((stored, i) => {
      const object = old[i];
      return (object && wanted.get(keyOf(object, namespace))) ?? stored;
    }),
    ...[...wanted].filter(([key]) => !places.has(key)).map(([, stored]) => stored),
  ];
}

/** `kubectl delete`. Failure `not-in-lab` when one of them is not there: nothing is deleted then. */
export function deleted(before: readonly StoredObject[], objects: readonly KubeObject[], namespace: string): readonly StoredObject[] {
  const goes = new Set(objects.map((object) => keyOf(object, namespace)));
  const old = restored(before).map((object) => keyOf(object, namespace));
  const missing = [...goes].filter((key) => !old.includes(key));
  if (missing.length > 0) {
    throw new Failure('not-in-lab', { objects: missing });
  }
  return before.filter((_, i) => !goes.has(old[i] ?? ''));
}

export interface ObjectChange {
  /** `NetworkPolicy shop/cart-ingress`. */
  readonly object: string;
  readonly change: 'created' | 'configured' | 'unchanged' | 'deleted';
}

/** What becomes of the objects that a command names, in their order. */
export function objectChanges(
  before: readonly StoredObject[],
  after: readonly StoredObject[],
  named: readonly KubeObject[],
  namespace: string,
): readonly ObjectChange[] {
  const byKey = (stored: readonly StoredObject[]) =>
    new Map(restored(stored).map((object) => [keyOf(object, namespace), JSON.stringify(object.value)]));
  const [old, now] = [byKey(before), byKey(after)];
  return [...new Set(named.map((object) => keyOf(object, namespace)))].map((object) => {
    const [was, is] = [old.get(object), now.get(object)];
    return { object, change: is === undefined ? 'deleted' : was === undefined ? 'created' : was === is ? 'unchanged' : 'configured' };
  });
}

/** `NetworkPolicy shop/cart-ingress`. */
function keyOf({ kind, name, namespace }: KubeObject, defaultNamespace: string): string {
  return kind === 'Namespace' || kind === 'Node' ? `${kind} ${name}` : `${kind} ${namespace ?? defaultNamespace}/${name}`;
}

/** One object for each: what is stored was an object when it was read. */
function restored(stored: readonly StoredObject[]): readonly KubeObject[] {
  return stored.flatMap(({ file, value }) => objectsOf(parseText(file, JSON.stringify(value)).documents).objects);
}

function tablesOf({ rules }: LabContent): LabData['tables'] {
  return Object.fromEntries([...rules].map(([id, rulesets]) => [id, rulesets.map(({ table }) => table)]));
}
