// Label selectors, normalised: matchLabels and matchExpressions become one list of requirements.
import type { Origin } from './origin.ts';

/** INVARIANT: a Map, never a plain object: a label may be called `constructor`. */
export type Labels = ReadonlyMap<string, string>;

/** What Kubernetes' own LabelSelector has. */
export type LabelOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

export interface Requirement {
  /** '' for AnyOf and NoneOf. */
  readonly key: string;
  /** The last five are of other kinds' selector languages: a value that begins with, ends with or holds one of `values`; selectors in selectors. */
  readonly operator: LabelOperator | 'StartsWith' | 'EndsWith' | 'Contains' | 'AnyOf' | 'NoneOf';
  /** Empty for Exists, DoesNotExist, AnyOf and NoneOf. */
  readonly values: readonly string[];
  /** The selectors of AnyOf and NoneOf; absent otherwise. */
  readonly of?: readonly Selector[];
  readonly origin: Origin;
}

/** No requirement at all matches everything: `{}`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** As it is written, in kinds with a selector language of their own: `app == 'cart' || has(legacy)`. */
  readonly written?: string;
  readonly origin: Origin;
}

/** Kubernetes: LabelSelector, apimachinery meta/v1 types.go: all requirements are ANDed, an empty selector matches all. */
export function matches(selector: Selector, labels: Labels): boolean {
  return selector.requirements.every((requirement) => satisfies(requirement, labels));
}

/** NotIn holds also where the key is absent (semantics A.2); a missing key is not an empty value. */
export function satisfies({ key, operator, values, of = [] }: Requirement, labels: Labels): boolean {
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
    case 'StartsWith':
      return value !== undefined && values.some((part) => value.startsWith(part));
    case 'EndsWith':
      return value !== undefined && values.some((part) => value.endsWith(part));
    case 'Contains':
      return value !== undefined && values.some((part) => value.includes(part));
    case 'AnyOf':
      return of.some((selector) => matches(selector, labels));
    case 'NoneOf':
      return !of.some((selector) => matches(selector, labels));
  }
}

/** Every requirement, those inside AnyOf and NoneOf instead of them: what asks for a label of its own. */
export function labelRequirements({ requirements }: Selector): readonly Requirement[] {
  if (requirements.every(({ of }) => of === undefined)) return requirements;
  return requirements.flatMap((requirement) => requirement.of?.flatMap(labelRequirements) ?? [requirement]);
}

/** One text per meaning, for interning: `app In ["cart","shop"];tier Exists []`. '' for the selector that matches everything. */
export function selectorKey(selector: Selector): string {
  return selector.requirements
    .map(({ key, operator, values, of }) => `${key} ${operator} ${JSON.stringify([...new Set(of?.map(selectorKey) ?? values)].sort())}`)
    .sort()
    .join(';');
}

/** `app=cart, tier in (front, back), !legacy`, as kubectl prints selectors, or as the kind writes it; 'everything' for `{}`. */
export function printSelector(selector: Selector): string {
  if (selector.written !== undefined) return selector.written;
  return selector.requirements.length === 0 ? 'everything' : selector.requirements.map(printRequirement).join(', ');
}

export function printRequirement({ key: written, operator, values, of = [] }: Requirement): string {
  const key = written.startsWith(':') ? written.slice(1) : written; // a trait: POD_TRAITS of cluster.ts
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (operator === 'AnyOf') return of.length === 1 ? of.map(printSelector).join() : `(${of.map(printSelector).join(' or ')})`;
  if (operator === 'NoneOf') return `not (${of.map(printSelector).join(' or ')})`;
  if (operator === 'StartsWith' || operator === 'EndsWith' || operator === 'Contains')
    return `${key} ${PARTS[operator]} ${values.join(' or ')}`;
  if (values.length === 1) return `${key}${operator === 'In' ? '=' : '!='}${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(', ')})`;
}

const PARTS = { StartsWith: 'starts with', EndsWith: 'ends with', Contains: 'contains' } as const;
