// Every state of a world that changes came to it is the one that is made of its files and objects from nothing: the same cluster, and the same
// whole answers. Over series of changes to everything that a world holds.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Asked, askDescribe, askedOf, askLint, askMap, askVerdicts, askWhy } from '../../src/answer/asked.ts';
import type { InputText } from '../../src/manifest/load.ts';
import type { KubeObject } from '../../src/manifest/objects.ts';
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { apply, type Change, type World, worldOf } from '../../src/world/world.ts';
import { runs } from '../arbitraries/runs.ts';
import { type Edit, edited, lives, type Manifest, type WorldStep } from '../arbitraries/world-changes.ts';

/** A model of the world: what its files say, and what came beside them. */
interface Told {
  readonly files: ReadonlyMap<string, readonly Manifest[] | string>;
  readonly beside: ReadonlyMap<string, Manifest | undefined>;
}

const PROFILES = ['kubernetes', 'calico', 'cilium'];

test('a world that was changed is the one that is made from nothing, in every answer', () => {
  let patches = 0;
  fc.assert(
    fc.property(lives, fc.constantFrom(...PROFILES), ({ files, steps }, profile) => {
      let told: Told = {
        files: new Map(files.map((objects, i) => [`${'abcde'[i]}.json`, objects])),
        beside: new Map(),
      };
      let world = worldOf(textsOf(told));
      const earlier: [World, Told][] = [[world, told]];
      for (const step of steps) {
        const [change, next] = told_(told, step);
        if (change === undefined) continue;
        const before = world;
        world = apply(world, [change]);
        told = next;
        if (world.cluster.services === before.cluster.services) patches++;
        compared(world, freshOf(told), profile);
        earlier.push([world, told]);
      }
      // What a change left behind still answers, and the last state is reached at once, from the first.
      const [first] = earlier[0] as [World, Told];
      compared(apply(first, changesBetween(earlier[0]?.[1] as Told, told)), freshOf(told), profile);
      for (const [old, then] of earlier) expect(plain(old.cluster)).toEqual(plain(freshOf(then).cluster));
    }),
    runs(60),
  );
  expect(patches).toBeGreaterThan(10);
});

/** The change that a step makes, and what is told then; no change where there is nothing to edit. */
function told_(told: Told, step: WorldStep): readonly [Change | undefined, Told] {
  if ('edit' in step) return editedIn(told, step);
  if ('text' in step || 'objects' in step) {
    const says = 'text' in step ? step.text : step.objects;
    const files = new Map(told.files);
    const isGone = says.length === 0;
    if (isGone) files.delete(step.file);
    else files.set(step.file, says);
    return [isGone ? { removedFile: step.file } : { file: textOf(step.file, says) }, { ...told, files }];
  }
  if ('removed' in step) {
    return [{ removed: kubeObject(step.removed) }, { ...told, beside: new Map(told.beside).set(keyOf(step.removed), undefined) }];
  }
  return [{ object: kubeObject(step.object) }, { ...told, beside: new Map(told.beside).set(keyOf(step.object), step.object) }];
}

function editedIn(told: Told, edit: Edit): readonly [Change | undefined, Told] {
  const all = [...told.files].flatMap(([file, says]) => (typeof says === 'string' ? [] : says.map((object) => ({ file, object }))));
  const one = all[edit.edit % Math.max(1, all.length)];
  if (one === undefined) return [undefined, told];
  const now = edited(one.object, edit);
  if (edit.isToldByCluster) return [{ object: kubeObject(now) }, { ...told, beside: new Map(told.beside).set(keyOf(now), now) }];
  const says = (told.files.get(one.file) as readonly Manifest[]).map((object) => (object === one.object ? now : object));
  return [{ file: textOf(one.file, says) }, { ...told, files: new Map(told.files).set(one.file, says) }];
}

/** Files that left come first, so that the others keep their order. */
function changesBetween(from: Told, to: Told): readonly Change[] {
  return [
    ...[...from.files.keys()].map((file): Change => ({ removedFile: file })),
    ...[...to.files].map(([file, says]): Change => ({ file: textOf(file, says) })),
    ...besideOf(to),
  ];
}

function besideOf({ beside }: Told): readonly Change[] {
  return [...beside].map(([key, object]): Change => {
    if (object !== undefined) return { object: kubeObject(object) };
    const [apiVersion = '', kind = '', namespace = '', name = ''] = key.split(' ');
    return { removed: { apiVersion, kind, namespace: namespace || undefined, name } };
  });
}

function freshOf(told: Told): World {
  const objects = [...told.beside.values()].filter((object) => object !== undefined).map(kubeObject);
  const isAdding = objects.length === told.beside.size;
  return isAdding ? worldOf(textsOf(told), { objects }) : apply(worldOf(textsOf(told)), besideOf(told));
}

function textsOf({ files }: Told): readonly InputText[] {
  return [...files].map(([file, says]) => textOf(file, says));
}

function textOf(file: string, says: readonly Manifest[] | string): InputText {
  return { file, text: typeof says === 'string' ? says : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: says }) };
}

function keyOf({ apiVersion, kind, metadata }: Manifest): string {
  return [apiVersion, kind, metadata.namespace ?? '', metadata.name].join(' ');
}

const documents = new Map<string, KubeObject['origin']['document']>();

/** As the reader of a cluster makes it. */
function kubeObject(value: Manifest): KubeObject {
  const { apiVersion, kind, metadata } = value;
  const file = `cluster:${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
  const document = documents.get(file) ?? { file, text: undefined, start: 0, end: 0, line: 0, format: 'json' };
  documents.set(file, document);
  return { apiVersion, kind, name: metadata.name, namespace: metadata.namespace, value: { ...value }, origin: { document, path: [] } };
}

function compared(world: World, fresh: World, profile: string): void {
  expect(plain(world.cluster)).toEqual(plain(fresh.cluster));
  expect(world.objects.map(({ value }) => value)).toEqual(fresh.objects.map(({ value }) => value));
  expect(answers(world.cluster, profile)).toEqual(answers(fresh.cluster, profile));
}

/** With lists for maps, because a map of a world may share its entries with another one. */
function plain({ namespaces, podByRef, workloads, services, nodes, otherKinds, extras, ...rest }: Cluster) {
  for (const workload of workloads.values()) for (const pod of workload.pods) expect(podByRef.get(pod.ref)).toBe(pod);
  for (const pod of rest.pods) expect(podByRef.get(pod.ref)).toBe(pod);
  const maps = [namespaces, podByRef, workloads, services, nodes, otherKinds, extras].map((map) => [...map]);
  return { ...rest, maps };
}

/** Everything that is asked of a world, as documents. */
function answers(cluster: Cluster, profile: string) {
  const choice = chooseProfile(profile);
  if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
  const asked: Asked = askedOf(cluster, choice, 'default');
  const ends = [...cluster.pods.slice(0, 3).map(({ ref }) => ref), 'internet', '10.0.0.4'];
  const targets = [
    ...ends.slice(0, 3),
    ...[...cluster.services.values()].slice(0, 2).map(({ namespace, name }) => `${namespace}/svc/${name}`),
  ];
  const pairs = ends.flatMap((from) => targets.map((to) => ({ from, to })));
  return {
    why: pairs.map(({ from, to }) => askWhy(asked, { from, to: to.includes('svc') ? to : `${to}:8080` })),
    describe: cluster.policies.slice(0, 3).map(({ ref }) => askDescribe(asked, { name: ref })),
    map: askMap(asked),
    lint: askLint(asked, { severity: 'note' }),
    verdicts: askVerdicts(
      asked,
      pairs.filter(({ to }) => !to.includes('svc')).map(({ from, to }) => ({ from, to, port: 80 })),
    ),
  };
}
