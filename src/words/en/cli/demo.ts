// The help of `demo`, and its story. What is answered in between is computed.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Walk through a sample outage, from the symptom to a fix that is proven on a kernel.',
  after: afterHelp({
    examples: ['netverdict demo'],
    exitCodes: '0 shown, 2 the examples are missing from this installation.',
  }),
} as const;

/** Titles and symptoms of the three questions, in their order. */
export const SCENES = [
  {
    title: 'The API cannot find its database',
    symptom: 'payments/api-server: "getaddrinfo EAI_AGAIN postgres-primary.payments" since 16:41',
  },
  { title: 'Customers cannot pay', symptom: 'web/frontend: "upstream timed out" calling http://api-server.payments:80' },
  {
    title: 'And the dashboards are empty',
    symptom: 'monitoring/prometheus: target payments/api-server:9090 is DOWN, context deadline exceeded',
  },
] as const;

export const STORY = {
  opening: 'Friday, 16:40. New policies lock down the payments namespace. Every line was reviewed. At 16:41 the phone rings.',
  manifests: (files: readonly string[]) => `manifests: ${files.join(', ')}`,
  fixed:
    'Fixed: DNS is allowed, a label and a namespace are selected as they are labeled, and a rule has the port that the pod listens on.',
  staysDenied: 'still denied, as it should be',
  look: 'See it in a browser: netverdict serve --demo',
  yourTurn: 'Your turn: netverdict why -f YOUR-MANIFESTS NAMESPACE/CLIENT NAMESPACE/SERVER:PORT',
} as const;

/** What this machine's kernel did with the fixed cluster. */
export const PROVEN = {
  agrees: 'proven',
  differs: "this machine's kernel does something else",
  counts: (made: number, allowed: number) =>
    `${made} connections on this machine's kernel: ${allowed} got through, ${made - allowed} were stopped, as predicted`,
  notHere: 'not proven on a kernel here',
} as const;
