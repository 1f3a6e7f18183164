// The help of `cni`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Show which CNI a cluster runs, on which nodes it enforces policies, and which features its policies use that it lacks.',
  file: 'read files instead of a cluster (kubectl get ds,cm,no,po,netpol -A -o yaml); repeatable',
  after: afterHelp({
    examples: ['netverdict cni', 'netverdict cni --context prod -o json', 'netverdict cni -f snapshot.json'],
    exitCodes: `0 enforced on every node, 1 not enforced, or not on every node, ${CANNOT_ANSWER}.`,
  }),
} as const;
