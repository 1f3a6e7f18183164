// The help of `verdicts`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Answer many questions in one run: one JSON line in, one JSON line out, in the same order.',
  queries: 'file with the questions, or - for standard input',
  after: afterHelp({
    notes: `A question: {"id":1,"from":"web/frontend-6d4","to":"payments/api-7f9","port":8080,"protocol":"TCP"}
Ends are pods (namespace/name), node/NAME or addresses. A port is a number or a name; the protocol defaults to TCP.
For protocol ICMP the port is the message type (8 is ping), and "code" may be given.
A line that cannot be answered yields {"id":…,"error":{"code":…,"message":…}} in its place.`,
    examples: [
      'netverdict verdicts -f cluster.json < questions.jsonl > answers.jsonl',
      'netverdict verdicts -f cluster.json --queries questions.jsonl --cni cilium',
    ],
    exitCodes: `0 all lines read, ${CANNOT_ANSWER}.`,
  }),
} as const;
