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

/**
 * The default profile leaves open what an ipBlock means to a pod; Calico says that it matches. Tables of netpol-analyzer were made as if
 * it never did, and hold under both (corpus README, peculiarity 10); those of the other tools hold under Calico.
 * Without any ipBlock the two profiles cannot differ, and one of them is asked.
 */
export function waysFor(suite: string, cluster: Cluster, evaluators: readonly Evaluator[]): Way[] {
  const neverMatchesPods = suite.startsWith('npg-');
  const profiles = hasBlocks(cluster) ? (['kubernetes', 'calico'] as const) : (['kubernetes'] as const);
  return evaluators.flatMap((evaluator) =>
    profiles.map((profile): Way => {
      const choice = chooseProfile(profile);
      if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
      return {
        name: `${evaluator.name}, ${profile}`,
        semantics: semanticsOf(choice),
        openness: neverMatchesPods ? 'where-denied' : profile === 'kubernetes' ? 'anywhere' : 'never',
        prepare: (cluster, semantics) => evaluator.prepare(cluster, semantics),
      };
    }),
  );
}

function hasBlocks({ policies }: Cluster): boolean {
  const peers = policies.flatMap(rulesOf).flatMap((rule) => (rule.peers === 'anyone' ? [] : rule.peers));
  return peers.some(({ kind }) => kind === 'block');
}
