// The cluster as it is now, and how it comes to be what it is next: files and objects with identities, the cluster made of them, and changes that
// give a new world and share with the old one what they did not touch. Begin here. docs/decisions/0009 has the alternatives.
import { apiGroup } from '../manifest/kinds.ts';
import { type InputText, objectsIn, partsOf } from '../manifest/load.ts';
import type { KubeObject } from '../manifest/objects.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Problem } from '../model/problem.ts';
import { type FileReader, fileReader } from './files.ts';
import { withEntries } from './overlay.ts';
import { type PatchableParts, patched, type Replacement } from './patched.ts';

/** Which object it is, in whichever state of the world: `{ apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'cart-6d4' }`. */
export type ObjectName = Pick<KubeObject, 'apiVersion' | 'kind' | 'namespace' | 'name'>;

/** What happens to a world. A text belongs to its file; an object comes beside all files, as a watch event brings it, and hides one of its name. */
export type Change =
  | { readonly file: InputText }
  | { readonly removedFile: string }
  | { readonly object: KubeObject }
  | { readonly removed: ObjectName };

/** A value: no change touches it, so that any number of worlds can be made of one. */
export interface World {
  /** How many changes it is away from the first one. */
  readonly revision: number;
  readonly cluster: Cluster;
  /** Those that count, in the order in which they are read. */
  readonly objects: readonly KubeObject[];
}

export interface WorldOptions {
  /** Where objects without a namespace live; `default` when nothing else is said. */
  readonly namespace?: string;
  /** What was wrong before anything was read. */
  readonly problems?: readonly Problem[];
  /** Objects that come beside the files, such as those of a live cluster. */
  readonly objects?: readonly KubeObject[];
}

/** What a world is made of, beside what can be seen of it. */
interface Making {
  readonly files: readonly InputText[];
  /** Objects beside the files by their keys; undefined: removed, whatever the files say. */
  readonly loose: ReadonlyMap<string, KubeObject | undefined>;
  readonly parts: PatchableParts;
  /** Where each object stands in `objects`, by its key. */
  readonly places: () => ReadonlyMap<string, number>;
  /** No folder of the files wants rendering: each file means what it says, whatever the others say. */
  readonly isAsWritten: boolean;
  readonly reader: FileReader;
  readonly namespace: string;
  readonly problems: readonly Problem[];
}

const makings = new WeakMap<World, Making>();

/** `worldOf([{ file: 'shop.yaml', text }])` → a world of revision 0. What cannot be read is in `cluster.problems`. Never throws. */
export function worldOf(files: readonly InputText[], { namespace = 'default', problems = [], objects = [] }: WorldOptions = {}): World {
  const loose = new Map(objects.map((object) => [keyOf(object, namespace), object] as const));
  return made({ files, loose, namespace, problems, reader: fileReader(namespace) }, 0, []);
}

/**
 * The world after these changes, in their order. What it shares with this one is the same value; the answers are those of a world
 * made from nothing. A file that is new is read last. `[]` gives the world back.
 */
export function apply(world: World, changes: readonly Change[]): World {
  if (changes.length === 0) return world;
  const making = makings.get(world) as Making;
  const revision = world.revision + changes.length;
  const files = changes.reduce(withFile, making.files);
  const loose = changes.reduce((known, change) => withLoose(known, change, making.namespace), making.loose);
  const found = making.isAsWritten ? replacementsOf(world, making, changes) : undefined;
  const parts = found && patched(making.parts, found, making.namespace);
  if (parts === undefined) return made({ ...making, files, loose }, revision, world.objects);
  const objects = [...world.objects];
  for (const { before, after } of found ?? []) objects[making.places().get(keyOf(before, making.namespace)) as number] = after;
  const next: World = { revision, cluster: parts.cluster, objects };
  makings.set(next, { ...making, files, loose, parts });
  return next;
}

function made(from: Omit<Making, 'parts' | 'places' | 'isAsWritten'>, revision: number, earlier: readonly KubeObject[]): World {
  const { files, loose, namespace, problems, reader } = from;
  const read = objectsIn(files, namespace, (text) => reader.parsed(text));
  const seen = new Set<string>();
  const known = new Map(earlier.map((object) => [object.value, object]));
  const objects = read.objects.flatMap((object): readonly KubeObject[] => {
    const key = keyOf(object, namespace);
    const same = known.get(object.value);
    const own = same !== undefined && same.origin.document === object.origin.document ? same : object;
    if (!loose.has(key)) return [own];
    seen.add(key);
    const instead = loose.get(key);
    return instead === undefined ? [] : [instead];
  });
  for (const [key, object] of loose) if (object !== undefined && !seen.has(key)) objects.push(object);
  const parts: PatchableParts = { ...partsOf(objects, [...problems, ...read.problems], namespace), stale: NOTHING };
  const world: World = { revision, cluster: parts.cluster, objects };
  let places: ReadonlyMap<string, number> | undefined;
  const placesOf = () => {
    places ??= new Map(objects.map((object, i) => [keyOf(object, namespace), i]));
    return places;
  };
  makings.set(world, { ...from, parts, places: placesOf, isAsWritten: reader.areAsWritten(files) });
  return world;
}

const NOTHING: ReadonlySet<string> = new Set();

/** `apps Deployment shop cart`. Two objects of one key are one object. */
function keyOf({ apiVersion, kind, namespace, name }: ObjectName, defaultNamespace: string): string {
  return `${apiGroup(apiVersion)} ${kind} ${namespace ?? defaultNamespace} ${name}`;
}

function withFile(files: readonly InputText[], change: Change): readonly InputText[] {
  if ('removedFile' in change) return files.filter(({ file }) => file !== change.removedFile);
  if (!('file' in change)) return files;
  const at = files.findIndex(({ file }) => file === change.file.file);
  return at < 0 ? [...files, change.file] : files.with(at, change.file);
}

function withLoose(
  loose: ReadonlyMap<string, KubeObject | undefined>,
  change: Change,
  namespace: string,
): ReadonlyMap<string, KubeObject | undefined> {
  if ('object' in change) return withEntries(loose, [[keyOf(change.object, namespace), change.object]]);
  return 'removed' in change ? withEntries(loose, [[keyOf(change.removed, namespace), undefined]]) : loose;
}

/** Each object that gives its place to another of its name; undefined where anything else happens, or it is not plain which. */
function replacementsOf(world: World, making: Making, changes: readonly Change[]): readonly Replacement[] | undefined {
  const now = new Map<string, Replacement>();
  const put = (after: KubeObject): boolean => {
    const key = keyOf(after, making.namespace);
    const before = now.get(key)?.before ?? world.objects[making.places().get(key) ?? -1];
    if (before === undefined || after.name === '') return false;
    now.set(key, { before, after });
    return true;
  };
  let files = making.files;
  for (const change of changes) {
    if ('object' in change) {
      if (!put(change.object)) return undefined;
    } else if ('file' in change) {
      const before = files.find(({ file }) => file === change.file.file);
      const changed = before && making.reader.changedObjects(before, change.file);
      if (changed === undefined) return undefined;
      // What came beside the files hides what the file says, and so does a later file that has an object of the same name.
      const isHidden = (object: KubeObject) =>
        world.objects[making.places().get(keyOf(object, making.namespace)) ?? -1]?.origin.document.file !== change.file.file;
      if (changed.some(isHidden) || !changed.every(put)) return undefined;
      files = withFile(files, change);
    } else return undefined;
  }
  return [...now.values()];
}
