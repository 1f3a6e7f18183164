// The help of `simplify`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description:
    'Find rules and policies that others imply, and a smaller set that is proved equal: the same verdict for every pod, every kind of pod to come and every address.',
  write: 'edit the files in place, when the smaller set is proved equal; comments stay',
  after: afterHelp({
    examples: [
      'netverdict simplify -f k8s/',
      'netverdict simplify -f k8s/ --cni calico -o patch | git apply',
      'netverdict simplify -f k8s/ --write',
    ],
    exitCodes: `0 nothing to simplify, 1 something to simplify (with --write: done), ${CANNOT_ANSWER}.`,
  }),
} as const;
