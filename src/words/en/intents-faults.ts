// What is wrong in a file of intents.
import type { IntentsFault } from '../../question/intents-file.ts';
import type { Said } from './said.ts';

/** `` `expects` is not a key here `` */
export function intentsFaultText({ code, what, wanted }: IntentsFault): string {
  switch (code) {
    case 'unknown-key':
      return `${what} is not a key here`;
    case 'wrong-value':
      return `${what} must be ${wanted}`;
    case 'missing':
      return `${what} is missing: ${wanted}`;
    case 'duplicate-name':
      return `two intents are called ${what}`;
    case 'group-in-group':
      return `${what}: a group contains ${wanted}`;
    case 'no-intents':
      return `there are no intents: ${what} must be ${wanted}`;
    case 'other-kind':
      return `this is a document of kind ${what}, not ${wanted}`;
  }
}

/** What to do about it. '' where the fault says it already. */
export function faultAdvice({ nearest, wanted, code }: IntentsFault): string {
  if (nearest.length > 0) return `did you mean ${nearest.map((name) => `\`${name}\``).join(' or ')}?`;
  return code === 'unknown-key' ? `known: ${wanted}` : '';
}

/** The other faults below the first: at most `most` of them. `['also config.yaml:3:1: …', 'and 4 more']`. */
export function otherFaults(others: readonly string[], most = Number.POSITIVE_INFINITY): readonly string[] {
  const rest = others.length - most;
  return [...others.slice(0, most).map((fault) => `also ${fault}`), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

/** `place`: where the first one stands. */
export function firstIsAt(place: string): string {
  return `the first is at ${place}`;
}

/** Two files each have an intent of this name. */
export function sameIntentName(place: string, name: string): string {
  return `${place}: two intents are called \`${name}\``;
}

export function notTextFile(file: string): Said {
  return { text: `${file} is not a text file`, hint: 'it must be YAML in UTF-8' };
}

export function noDocument(file: string): Said {
  return { text: `${file} contains no document`, hint: 'netverdict test --record writes one' };
}
