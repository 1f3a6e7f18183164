// Which of many label sets does each of many selectors match? Label sets that no selector can tell apart are one, and a
// selector is asked only about sets that have one of the labels it wants: ten thousand of each must not cost a hundred million.
import { type Labels, labelRequirements, matches, type Requirement, type Selector } from '../model/selector.ts';
import { numberPairs } from './numbering.ts';

/**
 * One text per meaning of a selector, as selectorKey; here values are told apart by their lengths, because the selector of a
 * faulty policy may have values such as `a,b`. '' for the selector that matches everything.
 */
export function meaningOf({ requirements }: Selector): string {
  if (requirements.length === 1) return requirementKey(requirements[0] as Requirement);
  return distinct(requirements.map(requirementKey)).join('');
}

function requirementKey({ key, operator, values, of }: Requirement): string {
  if (of !== undefined) return `${operator} (${distinct(of.map(meaningOf)).join('|')});`;
  let text = `${operator} ${key.length} ${key}`;
  for (const value of values.length > 1 ? distinct(values) : values) text += ` ${value.length} ${value}`;
  return `${text};`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** Label sets as far as these selectors see them. `stateOf(labels)` → 0, 1, 2…; `states[n]` are the labels first seen with number n. */
export interface LabelStates {
  readonly stateOf: (labels: Labels) => number;
  readonly states: readonly Labels[];
}

export function labelStates(selectors: Iterable<Selector>): LabelStates {
  const tokens = tokensOf(selectors);
  const chain = numberPairs(1);
  const stateOfChain = new Map<number, number>();
  const states: Labels[] = [];
  return {
    states,
    stateOf(labels) {
      let link = 0;
      for (const [key, value] of labels) {
        const known = tokens.get(key);
        if (known !== undefined) link = chain.of(link, known.tokenOf(value));
      }
      let state = stateOfChain.get(link);
      if (state === undefined) {
        state = states.length;
        stateOfChain.set(link, state);
        states.push(labels);
      }
      return state;
    },
  };
}

interface Tokens {
  readonly tokenOf: (value: string) => number;
}

/** Values that no selector names are one, except where a selector looks into the values of the key. */
function tokensOf(selectors: Iterable<Selector>): ReadonlyMap<string, Tokens> {
  const named = new Map<string, { readonly values: Map<string, number>; readonly other: number; looksInside: boolean }>();
  let count = 0;
  for (const selector of selectors) {
    for (const { key, operator, values } of labelRequirements(selector)) {
      let known = named.get(key);
      if (known === undefined) {
        known = { other: count++, values: new Map(), looksInside: false };
        named.set(key, known);
      }
      if (operator === 'StartsWith' || operator === 'EndsWith' || operator === 'Contains') known.looksInside = true;
      else for (const value of values) if (!known.values.has(value)) known.values.set(value, count++);
    }
  }
  const tokens = new Map<string, Tokens>();
  for (const [key, { values, other, looksInside }] of named) {
    const tokenOf = (value: string) => {
      const token = values.get(value);
      if (token !== undefined || !looksInside) return token ?? other;
      values.set(value, count);
      return count++;
    };
    tokens.set(key, { tokenOf });
  }
  return tokens;
}

/** Answers for one selector after the other: the positions in `labelSets` of those that it matches, in no special order. */
export function matcherOf(labelSets: readonly Labels[]): (selector: Selector) => readonly number[] {
  const all = labelSets.map((_, i) => i);
  const byKey = new Map<string, number[]>();
  const byKeyAndValue = new Map<string, Map<string, number[]>>();
  for (const [i, labels] of labelSets.entries()) {
    for (const [key, value] of labels) {
      listIn(byKey, key).push(i);
      let values = byKeyAndValue.get(key);
      if (values === undefined) {
        values = new Map();
        byKeyAndValue.set(key, values);
      }
      listIn(values, value).push(i);
    }
  }
  const having = ({ key, operator, values }: Requirement): readonly (readonly number[])[] => {
    if (operator === 'Exists') return [byKey.get(key) ?? []];
    if (operator !== 'In') return [all];
    // A label set has one value for a key, so these lists do not overlap.
    return [...new Set(values)].map((value) => byKeyAndValue.get(key)?.get(value) ?? []);
  };
  const candidates = (selector: Selector): readonly number[] => {
    let best: readonly (readonly number[])[] = [all];
    for (const requirement of selector.requirements) {
      const found = having(requirement);
      if (sizeOf(found) < sizeOf(best)) best = found;
    }
    return best.length === 1 ? (best[0] as readonly number[]) : best.flat();
  };
  return (selector) =>
    selector.requirements.length === 0 ? all : candidates(selector).filter((i) => matches(selector, labelSets[i] as Labels));
}

function sizeOf(lists: readonly (readonly number[])[]): number {
  let size = 0;
  for (const list of lists) size += list.length;
  return size;
}

function listIn(lists: Map<string, number[]>, key: string): number[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}
