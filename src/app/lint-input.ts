// What `lint` looks at: texts, so that findings can be fixed in them, or the objects of a live cluster; and the CNI.
import { clusterOf, objectsIn } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import type { ProfileChoice } from '../profile/choose.ts';
import type { Basis } from './basis.ts';
import { basisOfTexts, decidedInput, type InputWish, type ReadTexts, readObjects, readTexts } from './input.ts';
import { isConfig } from './lint-config.ts';
import type { Ports } from './ports.ts';
import { namedProfile, profileFor } from './profile.ts';

export interface LintInput extends ReadTexts {
  /** What was read, of the texts as they are. */
  readonly cluster: Cluster;
  /** A live cluster: there are no texts then. */
  readonly isLive: boolean;
  readonly choice: ProfileChoice;
  readonly basis: Basis;
}

/** Failure when there is nothing to read, for an unknown profile, and when the cluster cannot be read. */
export async function lintInput(ports: Ports, wish: InputWish): Promise<LintInput> {
  if (wish.cni !== undefined && wish.cni !== 'auto') await namedProfile(ports.files, wish);
  const input = await decidedInput(ports.files, wish.input);
  if (input.from === 'cluster') {
    const read = await readObjects(ports, { ...wish, input });
    const { objects, problems, namespace, basis } = read;
    const choice = await profileFor(ports.files, read, wish);
    return {
      texts: [],
      problems,
      choice,
      namespace,
      paths: [],
      bundles: [],
      basis,
      isLive: true,
      cluster: clusterOf(objects, problems, namespace),
    };
  }
  const all = await readTexts(ports, input, wish.namespace);
  // A configuration of ours lies among the manifests and is none.
  const read = { ...all, texts: all.texts.filter(({ file }) => !isConfig(file)) };
  const { objects, problems, foreign } = objectsIn(read.texts, read.namespace);
  const choice = await profileFor(ports.files, { objects, context: undefined }, wish);
  const cluster = clusterOf(objects, [...read.problems, ...problems], read.namespace);
  return { ...read, choice, cluster, isLive: false, basis: basisOfTexts(read, foreign.length) };
}
