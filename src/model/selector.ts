// Label selectors, normalised: matchLabels and matchExpressions become one list of requirements.
import type { Origin } from './origin.ts';

/** INVARIANT: a Map, never a plain object: a label may be called `constructor`. */
export type Labels = ReadonlyMap<string, string>;

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Empty for Exists and DoesNotExist. */
  readonly values: readonly string[];
  readonly origin: Origin;
}

/** No requirement at all matches everything: `{}`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly origin: Origin;
}

/** Kubernetes: LabelSelector, apimachinery meta/v1 types.go: all requirements are ANDed, an empty selector matches all. */
export function matches(selector: Selector, labels: Labels): boolean {
  return selector.requirements.every((requirement) => satisfies(requirement, labels));
}

/** NotIn holds also where the key is absent (semantics A.2); a missing key is not an empty value. */
export function satisfies({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels.get(key);
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}

/** One text per meaning, for interning: `app In ["cart","shop"];tier Exists []`. '' for the selector that matches everything. */
export function selectorKey(selector: Selector): string {
  return selector.requirements
    .map(({ key, operator, values }) => `${key} ${operator} ${JSON.stringify([...new Set(values)].sort())}`)
    .sort()
    .join(';');
}

/** `app=cart, tier in (front, back), !legacy`, as kubectl prints selectors; 'everything' for `{}`. */
export function printSelector(selector: Selector): string {
  return selector.requirements.length === 0 ? 'everything' : selector.requirements.map(printRequirement).join(', ');
}

export function printRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (values.length === 1) return `${key}${operator === 'In' ? '=' : '!='}${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(', ')})`;
}
