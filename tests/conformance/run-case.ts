// One case of the corpus → what was compared: every evaluator, under every profile that the case can be held to.
import type { Semantics } from '../../src/profile/profile.ts';
import { compareConnectivity } from './compare-connectivity.ts';
import { compareExplain } from './compare-explain.ts';
import { compareExposedPeers } from './compare-exposed-peers.ts';
import { compareRepresentatives, compareUnprotected } from './compare-exposure.ts';
import { compareControllerPairs, compareControllerRows } from './compare-ingress-controller.ts';
import { compareMap } from './compare-map.ts';
import { compareMatrix, compareVerdicts } from './compare-verdicts.ts';
import { type Comparison, together } from './comparison.ts';
import { type CorpusCase, strangeOptions, textsUnder } from './corpus-case.ts';
import { type CaseCluster, caseCluster } from './ends-of-case.ts';
import { EVALUATORS } from './evaluators.ts';
import type { E2eStep } from './k8s-e2e.ts';
import { profilesFor, type Way, waysFor } from './ways.ts';

export function runCase(one: CorpusCase, evaluators = EVALUATORS): Comparison {
  const strange = strangeOptions(one);
  if (strange.length > 0) throw new Error(`${one.id} asks for ${strange.join(', ')}, which is not read here`);
  const setting = caseCluster(textsUnder(one.manifests));
  return together([
    ...waysFor(one.suite, setting.cluster, evaluators).map((way) => named(way, compare(one, setting, way))),
    ...profilesFor(setting.cluster).map((semantics) => named({ name: `map, ${semantics.name}` }, compareMaps(one, setting, semantics))),
  ]);
}

/** What is made in one go for the whole cluster, beside the evaluators that are asked cell by cell. */
function compareMaps({ expected, options }: CorpusCase, setting: CaseCluster, semantics: Semantics): Comparison {
  if (expected.kind !== 'connectivity' && expected.kind !== 'exposure') return together([]);
  return together([
    compareMap(setting, expected, options, semantics),
    compareControllerRows(setting, expected.connections, options, semantics),
    ...(expected.kind === 'exposure' ? [compareExposedPeers(setting, expected, options, semantics)] : []),
  ]);
}

/** A step of a Kubernetes e2e test. They were written for plugins to which an ipBlock means pods too. */
export function runStep({ texts, expected }: E2eStep, evaluators = EVALUATORS): Comparison {
  const setting = caseCluster(texts);
  return together(
    waysFor('k8s-e2e', setting.cluster, evaluators).map((way) => {
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
      return together([
        compareExplain(setting, expected, ask, { semantics, openness, options }),
        compareControllerPairs(setting, expected, ask, semantics),
      ]);
    default:
      throw new Error(`nothing compares ${expected.kind}`);
  }
}

function named(way: Pick<Way, 'name'>, { cells, open, differences }: Comparison): Comparison {
  return { cells, open, differences: differences.map((difference) => ({ ...difference, where: `${difference.where} (${way.name})` })) };
}
