// Old findings, remembered by what they say and not by their line, so that only new ones are shown.
import { dig, listOf } from '../objects/read.ts';
import type { Facts } from './facts.ts';
import type { Finding } from './rule.ts';

/** How often each finding is known: `{ 'selects-nothing noPod NetworkPolicy shop/old app=legacy': 1 }`. */
export type Baseline = ReadonlyMap<string, number>;

/** Facts that move when a rule is added above or a pod elsewhere; a finding is the same without them. */
const PASSING: ReadonlySet<string> = new Set(['rule', 'peer', 'other', 'count', 'them', 'run', 'advice']);
/** `egress[2].to[0]`; `2 pods`, and the end of `` `shop/a`, `shop/b`, `shop/c` and 2 more ``. */
const PLACES = /\b((?:in|e)gress|from|to|ports|except)\[\d+\]/g;
const COUNTS = /^\d+ [a-z]+(?: [a-z]+)?$| and \d+ more$/;
/** Numbers that move in the same way. Their names stay in the text, because they were there when they were words: `policies=`. */
const MOVING: ReadonlySet<string> = new Set(['policies', 'others', 'rules']);

/**
 * Rules that once had words among their facts, and the facts that are left out of the text today in their place. In older files the text
 * of such a finding has a few words more: `peer-selects-nothing nobody … effect=the rule admits no traffic namespaces=…`.
 */
const ONCE_IN_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['api-no-longer-served', []],
  ['api-refuses-it', []],
  ['api-server-out-of-reach', ['address', 'ports']],
  ['api-server-shut-out', ['address']],
  ['dns-denied', ['ports']],
  ['field-unknown', []],
  ['file-unreadable', []],
  ['ingress-controller-shut-out', ['carriers']],
  ['mesh-ports-shut', ['ports']],
  ['metrics-shut-out', ['by', 'name']],
  ['named-port-other-protocol', ['isWritten']],
  ['namespace-selector-matches-nothing', ['effect']],
  ['object-not-recognised', []],
  ['one-side-only', ['ports']],
  ['peer-selects-nothing', ['effect']],
  ['peers-either-not-both', ['direction']],
  ['port-nobody-listens-on', ['declared']],
  ['selects-another-release', ['others']],
  ['template-not-rendered', []],
  ['whole-namespace-admitted', ['by', 'namespaces']],
  ['yaml-broken', []],
]);

/** One text per finding, the same on every run and after lines were moved. */
export function findingKey({ ruleId, messageId, facts }: Finding, object: string | undefined): string {
  const left = ONCE_IN_WORDS.get(ruleId) ?? [];
  const said = Object.keys(facts)
    .filter((name) => !PASSING.has(name) && !left.includes(name))
    .sort()
    .map((name) => `${name}=${factText(name, facts[name] ?? '')}`);
  return [ruleId, messageId, object ?? '-', ...said].join(' ');
}

function factText(name: string, fact: Facts[string]): string {
  if (typeof fact === 'object') return fact.names.map((each) => `\`${each}\``).join(', ');
  if (typeof fact === 'number' && MOVING.has(name)) return '';
  return String(fact).replace(PLACES, '$1').replace(COUNTS, '');
}

/** The file of a baseline: sorted, one finding a line in the end, so that a change is read in review. */
export function writtenBaseline(keys: readonly string[]): unknown {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const findings = [...counts.keys()].sort().map((key) => ({ finding: key, count: counts.get(key) ?? 1 }));
  return { apiVersion: 'netverdict.dev/v1', kind: 'LintBaseline', findings };
}

/** undefined when the value is not a baseline. */
export function readBaseline(value: unknown): Baseline | undefined {
  if (dig(value, 'kind') !== 'LintBaseline') return undefined;
  const known = new Map<string, number>();
  for (const item of listOf(dig(value, 'findings'))) {
    const [key, count] = [dig(item, 'finding'), dig(item, 'count')];
    if (typeof key === 'string') known.set(key, typeof count === 'number' ? count : 1);
  }
  return known;
}

export function baselineOf(keys: readonly string[]): Baseline {
  const known = new Map<string, number>();
  for (const key of keys) known.set(key, (known.get(key) ?? 0) + 1);
  return known;
}

/** Which of these are new: of three equal findings where two are known, one. */
export function newOnes<T extends { readonly key: string }>(
  findings: readonly T[],
  known: Baseline,
): { readonly fresh: readonly T[]; readonly old: readonly T[] } {
  const left = new Map(known);
  const wordy = wordyKeys(known);
  const fresh: T[] = [];
  const old: T[] = [];
  for (const finding of findings) {
    const key = [finding.key, ...(wordy.get(headOf(finding.key)) ?? [])].find(
      (each) => (left.get(each) ?? 0) > 0 && (each === finding.key || hasWordsOf(each, finding.key)),
    );
    if (key === undefined) fresh.push(finding);
    else {
      left.set(key, (left.get(key) ?? 0) - 1);
      old.push(finding);
    }
  }
  return { fresh, old };
}

/** Rule, message and object of a key: `pod-open open NetworkPolicy shop/cart`, `pod-open open -`. */
function headOf(key: string): string {
  const words = key.split(' ', 4);
  return words.slice(0, words[2] === '-' ? 3 : 4).join(' ');
}

/** Known keys of rules that once had words among their facts, by what `headOf` says. */
function wordyKeys(known: Baseline): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const key of known.keys()) {
    const head = headOf(key);
    if (!ONCE_IN_WORDS.has(head.split(' ', 1)[0] ?? '')) continue;
    const list = found.get(head);
    if (list === undefined) found.set(head, [key]);
    else list.push(key);
  }
  return found;
}

/** Every word of the newer text is in the older one, in the same order. */
function hasWordsOf(older: string, newer: string): boolean {
  const words = newer.split(' ');
  let next = 0;
  for (const word of older.split(' ')) if (word === words[next]) next++;
  return next === words.length;
}
