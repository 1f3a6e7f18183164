// Evaluators that are plainly wrong, to see that the comparisons notice. Each says which kinds of cases must.
import { decide } from '../../src/policy/decide.ts';
import { type DirectionVerdict, isNonEmpty, join } from '../../src/policy/verdict.ts';
import type { Evaluator } from './evaluators.ts';
import type { Kind } from './expected.ts';

interface WrongEvaluator {
  readonly evaluator: Evaluator;
  readonly noticedBy: readonly Kind[];
}

const OPEN: DirectionVerdict = { outcome: 'not-isolated' };

export const WRONG_EVALUATORS: readonly WrongEvaluator[] = [
  {
    evaluator: { name: 'lets everything through', prepare: () => () => join(OPEN, OPEN) },
    noticedBy: ['connectivity', 'matrix', 'verdicts', 'exposure', 'explain'],
  },
  {
    evaluator: {
      name: 'denies everything',
      prepare:
        ({ policies }) =>
        () =>
          isNonEmpty(policies) ? join({ outcome: 'denied', policies }, { outcome: 'denied', policies }) : join(OPEN, OPEN),
    },
    noticedBy: ['connectivity', 'matrix', 'verdicts', 'exposure', 'explain'],
  },
  {
    evaluator: {
      name: 'takes the source for the destination',
      prepare: (cluster, semantics) => (connection) =>
        decide(cluster, semantics, { ...connection, source: connection.destination, destination: connection.source }),
    },
    noticedBy: ['connectivity', 'matrix', 'verdicts', 'exposure', 'explain'],
  },
  {
    evaluator: {
      name: 'names a policy too many',
      prepare: (cluster, semantics) => (connection) => {
        const { egress, ingress } = decide(cluster, semantics, connection);
        const everyone = (verdict: DirectionVerdict): DirectionVerdict =>
          verdict.outcome === 'denied' && isNonEmpty(cluster.policies) ? { ...verdict, policies: cluster.policies } : verdict;
        return join(everyone(egress), everyone(ingress));
      },
    },
    noticedBy: ['explain'],
  },
];
