// What `lint` looks at: texts, so that findings can be fixed in them, or a live cluster; and the CNI, told from what is there with `auto`.
import { Failure } from '../failure.ts';
import { clusterOf, objectsIn } from '../manifest/load.ts';
import type { Cluster } from '../model/cluster.ts';
import { readObjects } from './cluster-input.ts';
import { type InputOptions, isLiveInput, painter, profileFor, type ReadTexts, readTexts } from './input.ts';
import { isConfig } from './lint-config.ts';
import { tellWorld, worldOfInputs } from './world.ts';

export interface LintInput extends ReadTexts {
  /** Set for a live cluster: there are no texts then. */
  readonly live: Cluster | undefined;
}

/** Failure when there is nothing to read, for an unknown profile, and for `--fix` on a cluster. */
export async function lintInput(options: InputOptions & { readonly fix?: boolean }): Promise<LintInput> {
  const paint = painter(options, process.stderr);
  if (await isLiveInput(options)) {
    if (options.fix === true)
      throw new Failure('fix-needs-files', 'a live cluster cannot be fixed in place', { hint: 'name the files with -f' });
    const { objects, problems, namespace, world } = await readObjects(options);
    tellWorld(world, options.quiet, paint);
    const choice = await profileFor(objects, options);
    return { texts: [], problems, choice, namespace, paths: [], bundles: [], live: clusterOf(objects, problems, namespace) };
  }
  const isAuto = options.cni === 'auto';
  const all = await readTexts(isAuto ? { ...options, cni: 'kubernetes' } : options);
  const read = { ...all, texts: all.texts.filter(({ file }) => !isConfig(file)) };
  const { objects, foreign } = objectsIn(read.texts, read.namespace);
  tellWorld(worldOfInputs(read, foreign.length), options.quiet, paint);
  return { ...read, choice: isAuto ? await profileFor(objects, options) : read.choice, live: undefined };
}
