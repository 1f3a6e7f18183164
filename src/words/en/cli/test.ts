// The help of `test`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Check intents, which say what must be able to connect and what must not, against the model, a kernel or a live cluster.',
  record: 'print an intents file that records what is allowed and denied now, instead of testing',
  in: 'with --record: only connections into this namespace; repeatable',
  kernel: 'send the packets through a real kernel, in the lab that `prove` uses',
  live: 'make the connections in the live cluster, from the source pods',
  exec: "with --live: use a tool from the pods' own images; creates nothing",
  image: 'with --live: image for the debug containers',
  timeout: 'with --live: how long to wait for a connection',
  parallel: 'with --live: how many pods to probe at the same time',
  positive: 'must be a whole number from 1 to 1000',
  yes: 'with --live: create debug containers without asking',
  after: (usualFile: string) =>
    afterHelp({
      notes: `Without files, ${usualFile} is read. An intent: { from: shop/frontend, to: shop/cart, port: 7070, expect: allowed }. Ends are names as in \`why\`,
shop/*, shop/app=cart, a group, internet, or a list. An intent that matches nothing fails. A denial passes only if something shows that the
destination would have answered.`,
      examples: [
        'netverdict test -f k8s/',
        'netverdict test -f k8s/ --record > intents.yaml',
        'netverdict test -f k8s/ --kernel -o junit > intents.xml',
        'netverdict test --live --exec',
      ],
      exitCodes: `0 all intents pass, 1 some fail, ${CANNOT_ANSWER}.`,
    }),
} as const;

/** What the intents were checked against. */
export const ASKED = {
  kernel: (version: string) => `the kernel (Linux ${version})`,
  cluster: 'the cluster',
  model: 'the model',
} as const;

/** Of the JUnit report. */
export const suiteName = (asked: string) => `intents, asked of ${asked}`;
