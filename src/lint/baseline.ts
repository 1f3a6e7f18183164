// Old findings: what was there before somebody began to lint, remembered by what it says and not by its line, so that only news is shown.
import { dig, listOf } from '../objects/read.ts';
import type { Finding } from './rule.ts';

/** How often each finding is known: `{ 'selects-nothing noPod NetworkPolicy shop/old app=legacy': 1 }`. */
export type Baseline = ReadonlyMap<string, number>;

/** Facts that move when somebody adds a rule above or a pod elsewhere; a finding is the same without them. */
const PASSING: ReadonlySet<string> = new Set(['rule', 'peer', 'other', 'count', 'them', 'run', 'advice']);
/** `egress[2].to[0]`; `2 pods`, and the end of `` `shop/a`, `shop/b`, `shop/c` and 2 more ``. */
const PLACES = /\b((?:in|e)gress|from|to|ports|except)\[\d+\]/g;
const COUNTS = /^\d+ [a-z]+(?: [a-z]+)?$| and \d+ more$/;

/** One text per finding, the same on every run and after lines were moved. */
export function findingKey({ ruleId, messageId, facts }: Finding, object: string | undefined): string {
  const said = Object.keys(facts)
    .filter((name) => !PASSING.has(name))
    .sort()
    .map((name) => `${name}=${String(facts[name]).replace(PLACES, '$1').replace(COUNTS, '')}`);
  return [ruleId, messageId, object ?? '-', ...said].join(' ');
}

/** The file of a baseline: sorted, one finding a line in the end, so that a change is read in review. */
export function writtenBaseline(keys: readonly string[]): unknown {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const findings = [...counts.keys()].sort().map((key) => ({ finding: key, count: counts.get(key) ?? 1 }));
  return { apiVersion: 'netverdict.dev/v1', kind: 'LintBaseline', findings };
}

/** undefined when the value is no baseline. */
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
  const fresh: T[] = [];
  const old: T[] = [];
  for (const finding of findings) {
    const count = left.get(finding.key) ?? 0;
    if (count > 0) {
      left.set(finding.key, count - 1);
      old.push(finding);
    } else fresh.push(finding);
  }
  return { fresh, old };
}
