// What is wrong in a file of intents.
import type { IntentsFault, IntentsPart, IntentsWanted } from '../../question/intent.ts';
import type { Said } from './said.ts';

/** `` `expects` is not a key here ``. Lower case, no full stop. */
export function intentsFaultText({ code, what, wanted, keys = [] }: IntentsFault): string {
  const part = partWords(what);
  const should = WANTED[wanted](keys.join(', '));
  switch (code) {
    case 'unknown-key':
      return `${part} is not a key here`;
    case 'wrong-value':
      return `${part} must be ${should}`;
    case 'missing':
      return `${part} is missing: ${should}`;
    case 'duplicate-name':
      return `two intents are called ${part}`;
    case 'group-in-group':
      return `${part}: a group contains ${should}`;
    case 'no-intents':
      return `there are no intents: ${part} must be ${should}`;
    case 'other-kind':
      return `this document is of kind ${part}, not ${should}`;
  }
}

/** What to do about it. '' where the fault says it already. */
export function faultAdvice({ nearest, keys = [], code }: IntentsFault): string {
  if (nearest.length > 0) return `did you mean ${nearest.map((name) => `\`${name}\``).join(' or ')}?`;
  return code === 'unknown-key' ? `known: ${keys.join(', ')}` : '';
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

function partWords(what: IntentsPart): string {
  switch (what.part) {
    case 'file':
      return 'the file';
    case 'intent':
      return 'an intent';
    case 'key':
      return `\`${what.key}\``;
    case 'value':
      return `\`${what.key}: ${what.written}\``;
    case 'group':
      return what.inside === undefined ? `group \`${what.group}\`` : `group \`${what.group}\` inside group \`${what.inside}\``;
    case 'name':
      return `\`${what.name}\``;
    case 'kind':
      return what.name;
  }
}

const WANTED: Readonly<Record<IntentsWanted, (keys: string) => string>> = {
  'intents-mapping': () => 'a mapping with `intents:`',
  'kind-intents': () => '`kind: Intents`',
  'list-of-intents': () => 'a list of intents',
  'groups-mapping': () => 'a mapping of names to ends',
  'group-name': () => 'letters, digits and dashes',
  'ends-not-groups': () => 'ends, not groups',
  'intent-mapping': (keys) => `a mapping with ${keys}`,
  'known-keys': (keys) => `one of ${keys}`,
  expectation: () => 'allowed, denied, never, always or an HTTP status such as 200',
  'never-or-always': () => 'never or always, because an end is `any pod`',
  'any-pod': () => '`any pod`, `any pod app=cart in namespace shop` or `any pod in namespaces team=web`',
  'zones-mapping': () => 'a mapping of at least two zone names, and `allow`',
  zone: () => 'a zone such as `{ namespaces: team=web, pods: app=cart }`; namespaces is a name, labels or a list of them, pods is labels',
  'zone-allow': () => '`{ from: ZONE, to: ANOTHER-ZONE, ports: [8080, 53/udp] }`, or `ports: all`',
  'port-number': () => 'a number with never and always: 8080, 53/udp, or a list of them',
  'no-control': () => 'left out if the connection is expected to be allowed',
  text: () => 'a string',
  ends: () => 'NAMESPACE/NAME, NAMESPACE/*, labels, an address, internet, or a list of them',
  end: () => 'a string such as shop/cart, or `{ namespace, labels }`',
  labels: () => '`{ namespace: shop, labels: { app: cart } }`, with strings as label values',
  'one-hypothetical': () => '`hypothetical: true` with a single namespace, or left out',
  ports: () => 'a port: 8080, http, 53/udp, or a list of them',
  'own-name': () => 'a name of its own',
};
