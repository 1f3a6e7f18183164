// Under which profiles, and by which evaluators, a suite of the corpus is asked, and what may stay open then.
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { rulesOf } from './atoms.ts';
import type { Openness } from './comparison.ts';
import type { Ask, Evaluator } from './evaluators.ts';

/** A way of asking: `decide, kubernetes`. */
export interface Way {
  readonly name: string;
  readonly semantics: Semantics;
  readonly openness: Openness;
  readonly prepare: (cluster: Cluster, semantics: Semantics) => Ask;
}

/** Every evaluator under every profile. */
export function waysFor(suite: string, cluster: Cluster, evaluators: readonly Evaluator[]): Way[] {
  const neverMatchesPods = suite.startsWith('npg-');
  return evaluators.flatMap((evaluator) =>
    profilesFor(cluster).map(
      (semantics): Way => ({
        name: `${evaluator.name}, ${semantics.name}`,
        semantics,
        openness: neverMatchesPods ? 'where-denied' : semantics.name === 'kubernetes' ? 'anywhere' : 'never',
        prepare: (cluster, semantics) => evaluator.prepare(cluster, semantics),
      }),
    ),
  );
}

/**
 * The default profile leaves open what an ipBlock means to a pod; Calico says that it matches. Tables of netpol-analyzer were made as if
 * it never did, and hold under both (corpus README, peculiarity 10); those of the other tools hold under Calico.
 * Without any ipBlock the two profiles cannot differ, and one of them is asked.
 */
export function profilesFor(cluster: Cluster): Semantics[] {
  return (hasBlocks(cluster) ? ['kubernetes', 'calico'] : ['kubernetes']).map((profile) => {
    const choice = chooseProfile(profile);
    if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
    return semanticsOf(choice);
  });
}

function hasBlocks({ policies }: Cluster): boolean {
  const peers = policies.flatMap(rulesOf).flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers));
  return peers.some(({ kind }) => kind === 'block');
}
