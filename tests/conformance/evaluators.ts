// The evaluators that must give one answer, as a list. Each is prepared once per cluster and then asked about connections.
import type { Cluster } from '../../src/model/cluster.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Connection } from '../../src/policy/end.ts';
import type { Verdict } from '../../src/policy/verdict.ts';
import type { Semantics } from '../../src/profile/profile.ts';
import { reachOf } from '../../src/reach/reach.ts';
import { fastVerdict } from '../../src/reach/verdict-of.ts';

export type Ask = (connection: Connection) => Verdict;

export interface Evaluator {
  readonly name: string;
  prepare(cluster: Cluster, semantics: Semantics): Ask;
}

export const EVALUATORS: readonly Evaluator[] = [
  { name: 'decide', prepare: (cluster, semantics) => (connection) => decide(cluster, semantics, connection) },
  {
    name: 'reach',
    prepare: (cluster, semantics) => {
      const reach = reachOf(cluster, semantics);
      return (connection) => fastVerdict(reach, connection);
    },
  },
];
