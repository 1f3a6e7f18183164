// What can be wrong with a question to the library, besides the ends of a connection.
import { didYouMean, type Said, said } from './said.ts';

export const QUESTION_ERRORS = {
  noSuchName: (name: string, near: readonly string[]): Said => said(`no policy, pod or workload is called \`${name}\``, didYouMean(near)),
  noSuchEnd: (name: string, near: readonly string[]): Said => said(`no workload or pod is called \`${name}\``, didYouMean(near)),
  badPort: (port: string): Said => said(`\`${port}\` is not a port`, 'use a number, optionally with a protocol: 8080 or 53/udp'),
  tooManyChecks: (count: number): Said => said(`these intents ask about ${count} pairs, which is too many`, 'narrow the patterns'),
  noIntents: (file: string): Said => said(`${file} has no intents`, 'it needs `intents:` with a list of connections'),
  unknownRule: (id: string, near: readonly string[]): Said => said(`no rule is called \`${id}\``, didYouMean(near)),
} as const;
