// One or two faults at random places of an object: what a person does who forgets a field, mistypes a value or indents a line too far.
import fc from 'fast-check';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Step = string | number;

const WRONG: readonly Json[] = [
  -1,
  0,
  1001,
  70000,
  1.5,
  '',
  'x',
  'Allow',
  'tcp',
  '10.0.0.0/33',
  'a b',
  true,
  [],
  {},
  { matchLabels: { '-x': 'y' } },
];

interface Draw {
  readonly at: number;
  readonly does: 'remove' | 'replace' | 'add' | 'repeat';
  readonly value: Json;
}

const draw: fc.Arbitrary<Draw> = fc.record({
  at: fc.nat(1000),
  does: fc.constantFrom('remove', 'replace', 'replace', 'add', 'repeat'),
  value: fc.constantFrom(...WRONG),
});

/** The object with up to two faults in its spec; unchanged in one of three cases. */
export function mutated(objects: fc.Arbitrary<object>): fc.Arbitrary<object> {
  return fc.tuple(objects, fc.array(draw, { maxLength: 2 })).map(([object, draws]) => {
    const { spec, ...rest } = JSON.parse(JSON.stringify(object)) as { readonly spec: Json };
    return { ...rest, spec: draws.reduce(withFault, spec) };
  });
}

function withFault(value: Json, { at, does, value: wrong }: Draw): Json {
  const places = pathsIn(value, []);
  const path = places[at % places.length] ?? [];
  return changed(value, path, (here) => {
    switch (does) {
      case 'remove':
        return undefined;
      case 'replace':
        return wrong;
      case 'add':
        return isMap(here) ? { ...here, colour: wrong } : wrong;
      case 'repeat':
        return Array.isArray(here) ? [...here, ...here] : [here];
    }
  });
}

function pathsIn(value: Json, above: readonly Step[]): (readonly Step[])[] {
  const below = Array.isArray(value)
    ? value.flatMap((item: Json, i) => pathsIn(item, [...above, i]))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...above, key]))
      : [];
  return [...(above.length > 0 ? [above] : []), ...below];
}

function changed(value: Json, [step, ...rest]: readonly Step[], change: (here: Json) => Json | undefined): Json {
  if (step === undefined) return change(value) ?? {};
  const inner = (here: Json): Json | undefined => (rest.length === 0 ? change(here) : changed(here, rest, change));
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => (i === step ? (inner(item) ?? []) : [item])) as readonly Json[];
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const next = key === step ? inner(item) : item;
      return next === undefined ? [] : [[key, next]];
    }),
  );
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
