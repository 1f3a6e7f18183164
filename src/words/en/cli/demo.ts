// The help of `demo`.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Walk through a sample outage, from the symptom to a fix that is proven on a kernel.',
  after: afterHelp({
    examples: ['netverdict demo'],
    exitCodes: '0 shown, 2 the examples are missing from this installation.',
  }),
} as const;
