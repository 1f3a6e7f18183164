// Templates filled with facts: how names are listed, things counted, and which form a verb takes.
import type { Facts, Names } from '../../../lint/facts.ts';
import { clipped } from '../../../objects/clip.ts';
import { counted } from '../lists.ts';

type Fact = Facts[string];

/**
 * `{pods}` is a fact, `{count:pod}` a number with its noun, `{pods?is|are}` the form for one or for more. A fact that is missing leaves
 * its hole, to be seen.
 */
export function filled(template: string, facts: Facts): string {
  return template.replace(HOLE, (hole, name: string, noun?: string, one?: string, more?: string) => {
    const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (fact === undefined) return hole;
    if (one !== undefined) return countOf(fact) === 1 ? one : (more ?? '');
    return noun === undefined ? factText(fact) : counted(countOf(fact), noun, pluralOf(noun));
  });
}

const HOLE = /\{([a-zA-Z]+)(?::([a-z ]+)|\?([^|{}]*)\|([^|{}]*))?\}/g;

/** A list as `listed` says it, anything else as it is, cut where it is endless. '' for a fact that is not there. */
export function factText(fact: Fact | undefined): string {
  if (typeof fact === 'object') return clipped(listed(fact));
  return fact === undefined ? '' : clipped(String(fact));
}

/** The list under this name; an empty one where there is none. */
export function namesIn(facts: Facts, name: string): Names {
  const fact = facts[name];
  return typeof fact === 'object' ? fact : { names: [], count: 0 };
}

/** `` `a`, `b`, `c` and 1 more ``; '' for none. */
export function listed({ names, count }: Names): string {
  const shown = names.map((name) => `\`${name}\``).join(', ');
  return count > names.length ? `${shown} and ${count - names.length} more` : shown;
}

/** `` did you mean `a` or `b`? ``; undefined for none. */
export function meant({ names }: Names): string | undefined {
  return names.length === 0 ? undefined : `did you mean ${names.map((name) => `\`${name}\``).join(' or ')}?`;
}

/** `pod` → `pods`, `policy` → `policies`. */
function pluralOf(noun: string): string {
  return noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

function countOf(fact: Fact): number {
  return typeof fact === 'object' ? fact.count : Number(fact);
}
