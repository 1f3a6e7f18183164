// Label sets that a list of selectors can tell apart, one of each: what pods (or namespaces) may look like that nobody has written yet.
import { type Labels, labelRequirements, matches, type Requirement, type Selector, satisfies } from '../model/selector.ts';

export type LabelSets =
  | { readonly kind: 'sets'; readonly sets: readonly Labels[] }
  | { readonly kind: 'too-many'; readonly keys: readonly string[] };

/** Stands for the values that no selector names; a letter does where parts of this word are asked for. */
const ANOTHER = 'another-value';
const LETTERS = [...'zyxwvutsrqponmlkjihgfedcba9876543210'];

/**
 * One label set for every combination of answers that these selectors can give: `[app=cart, app=cart && tier=a]` →
 * `[{}, { app: 'cart' }, { app: 'cart', tier: 'a' }]`, and no `{ tier: 'a' }`, which nobody can tell from `{}`. As few labels as the
 * combination needs. `[{}]` for no selectors. More than `most`: `too-many`, with the keys that multiply. Never throws.
 */
export function labelSetsOf(selectors: readonly Selector[], most: number): LabelSets {
  const asked = distinctSelectors(selectors);
  const keys = keysOf(asked);
  const nestedKeys = new Set(asked.filter(isNested).flatMap((selector) => labelRequirements(selector).map(({ key }) => key)));
  // What is left of each selector: its number while it can still match, gone when a label decided against it.
  let states: State[] = [{ labels: [], alive: asked.map((_, i) => i) }];
  for (const [key, requirements] of keys) {
    const values = valuesOf(requirements);
    const touched = new Set(asked.flatMap((selector, i) => (labelRequirements(selector).some((one) => one.key === key) ? [i] : [])));
    const next = new Map<string, State>();
    for (const { labels, alive } of states) {
      for (const value of values) {
        const own: Labels = new Map(value === undefined ? [] : [[key, value]]);
        const label = value === undefined ? labels : [...labels, [key, value] as const];
        const left = alive.filter((i) => !touched.has(i) || mayMatch(asked[i] as Selector, key, own));
        // Selectors in selectors are not decided by one label: what their keys are has to stay apart.
        const kept = label.filter(([each]) => nestedKeys.has(each)).map((pair) => pair.join('='));
        const name = `${left.join()};${kept.join()}`;
        if (!next.has(name)) next.set(name, { labels: label, alive: left });
        if (next.size > most) return { kind: 'too-many', keys: keys.map(([each]) => each) };
      }
    }
    states = [...next.values()];
  }
  const found = new Map<string, Labels>();
  for (const { labels } of states) {
    const set: Labels = new Map(labels);
    const answers = asked.map((selector) => (matches(selector, set) ? '1' : '0')).join('');
    if (!found.has(answers)) found.set(answers, set);
  }
  return { kind: 'sets', sets: [...found.values()] };
}

interface State {
  readonly labels: readonly (readonly [string, string])[];
  readonly alive: readonly number[];
}

function distinctSelectors(selectors: readonly Selector[]): Selector[] {
  const byText = new Map<string, Selector>();
  for (const selector of selectors) byText.set(textOf(selector), selector);
  return [...byText.values()];
}

function textOf({ requirements }: Selector): string {
  return JSON.stringify(requirements.map(({ key, operator, values, of }) => [key, operator, values, of?.map(textOf)]));
}

/** The keys that selectors ask for, those with the most values first: they end most selectors. */
function keysOf(selectors: readonly Selector[]): (readonly [string, readonly Requirement[]])[] {
  const byKey = new Map<string, Requirement[]>();
  for (const requirement of selectors.flatMap(labelRequirements)) {
    const list = byKey.get(requirement.key);
    if (list === undefined) byKey.set(requirement.key, [requirement]);
    else list.push(requirement);
  }
  return [...byKey].sort(([a, as], [b, bs]) => bs.length - as.length || (a < b ? -1 : 1));
}

/**
 * Values of one key, one for every combination of answers of its requirements; undefined is the label that is not there. The shortest way to
 * say it comes first: no label, then a value that a selector names, then one that none does.
 */
function valuesOf(requirements: readonly Requirement[]): (string | undefined)[] {
  const named = [...new Set(requirements.flatMap(({ values }) => values))];
  const parts = (operator: Requirement['operator']) => [
    ...new Set(requirements.flatMap((one) => (one.operator === operator ? one.values : []))),
  ];
  const isUnnamed = (value: string) => requirements.every(({ values }) => !values.some((part) => part !== '' && value.includes(part)));
  const another = [ANOTHER, ...LETTERS].find(isUnnamed);
  const [starts, ends] = [
    ['', ...parts('StartsWith')],
    ['', ...parts('EndsWith')],
  ];
  const within = subsetsOf(parts('Contains')).map((some) => some.join(another ?? ''));
  // With something of its own between the parts, it is no value that another selector names as a whole.
  const joined = ['', another ?? ''].flatMap((gap) =>
    starts.flatMap((start) => within.flatMap((middle) => ends.map((end) => [start, middle, end].join(gap)))),
  );
  const found = new Map<string, string | undefined>();
  for (const value of [
    undefined,
    ...named,
    ...(another === undefined ? [] : [another]),
    ...joined.filter((text) => text !== '' && text.length <= 63),
  ]) {
    const own: Labels = new Map(value === undefined ? [] : [[requirements[0]?.key ?? '', value]]);
    const answers = requirements.map((requirement) => (satisfies(requirement, own) ? '1' : '0')).join('');
    if (!found.has(answers)) found.set(answers, value);
  }
  return [...found.values()];
}

/** All of them where they are few; else each alone, and all together. */
function subsetsOf(parts: readonly string[]): (readonly string[])[] {
  if (parts.length > 5) return [[], ...parts.map((part) => [part]), parts];
  return Array.from({ length: 2 ** parts.length }, (_, chosen) => parts.filter((_, i) => ((chosen >> i) & 1) === 1));
}

/** Can the selector still match when this key is as `own` says? Of selectors in selectors, nothing is known before all labels are. */
function mayMatch(selector: Selector, key: string, own: Labels): boolean {
  return selector.requirements.every(
    (requirement) => requirement.key !== key || requirement.of !== undefined || satisfies(requirement, own),
  );
}

function isNested({ requirements }: Selector): boolean {
  return requirements.some(({ of }) => of !== undefined);
}
