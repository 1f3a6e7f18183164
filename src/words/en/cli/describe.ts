// The help of `describe`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Explain in plain English what a policy does, or what all policies on a pod, workload or namespace allow together.',
  after: afterHelp({
    examples: [
      'netverdict describe -f k8s/ -n payments api-server-rules',
      'netverdict describe -f k8s/ payments/api-server-rules -o json',
      'netverdict describe -f k8s/ payments/deploy/api-server          # all policies on that pod',
      'netverdict describe -f k8s/ ns/payments                         # all policies of a namespace',
    ],
    exitCodes: `0 described, ${CANNOT_ANSWER}.`,
  }),
} as const;
