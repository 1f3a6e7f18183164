// One case of the corpus → what was compared: every evaluator, under every profile that the case can be held to.
import type { Cluster } from '../../src/model/cluster.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../src/profile/choose.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { rulesOf } from './atoms.ts';
import { compareConnectivity } from './compare-connectivity.ts';
import { compareExplain } from './compare-explain.ts';
import { compareRepresentatives, compareUnprotected } from './compare-exposure.ts';
import { compareMatrix, compareVerdicts } from './compare-verdicts.ts';
import { type Comparison, type Openness, together } from './comparison.ts';
import { type CorpusCase, textsUnder } from './corpus-case.ts';
import { type CaseCluster, caseCluster } from './ends-of-case.ts';
import { type Ask, EVALUATORS } from './evaluators.ts';
import type { E2eStep } from './k8s-e2e.ts';

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
function waysFor(suite: string, cluster: Cluster, evaluators = EVALUATORS): Way[] {
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

export function runCase(one: CorpusCase, evaluators = EVALUATORS): Comparison {
  const setting = caseCluster(textsUnder(one.manifests));
  return together(waysFor(one.suite, setting.cluster, evaluators).map((way) => named(way, compare(one, setting, way))));
}

/** A step of a Kubernetes e2e test. They were written for plugins to which an ipBlock means pods too. */
export function runStep({ texts, expected }: E2eStep): Comparison {
  const setting = caseCluster(texts);
  return together(
    waysFor('k8s-e2e', setting.cluster).map((way) => {
      const ask = way.prepare(setting.cluster, way.semantics);
      return named(way, compareVerdicts(setting, expected, ask, way.openness));
    }),
  );
}

function compare({ expected, options }: CorpusCase, setting: CaseCluster, way: Way): Comparison {
  const { prepare, semantics, openness } = way;
  const ask = prepare(setting.cluster, semantics);
  switch (expected.kind) {
    case 'verdicts':
      return compareVerdicts(setting, expected, ask, openness);
    case 'matrix':
      return compareMatrix(setting, expected, ask, openness);
    case 'connectivity':
      return compareConnectivity(setting, expected, options, ask, openness);
    case 'exposure':
      return together([
        compareConnectivity(setting, expected, options, ask, openness),
        compareRepresentatives(setting, expected, way),
        compareUnprotected(setting, expected, options),
      ]);
    case 'explain':
      return compareExplain(setting, expected, ask, { semantics, openness, options });
    default:
      throw new Error(`nothing compares ${expected.kind}`);
  }
}

function named(way: Pick<Way, 'name'>, { cells, open, differences }: Comparison): Comparison {
  return { cells, open, differences: differences.map((difference) => ({ ...difference, where: `${difference.where} (${way.name})` })) };
}
