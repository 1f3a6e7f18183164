// Would the API server's decoder take this value? Wrong types, fields it does not know (strict decoding), empty list items.
// Says what is wrong in the decoder's own words and goes on; nothing is converted, and what the values mean is for validate-*.ts.
// QUOTED THROUGHOUT: kube-apiserver
import { printPath } from '../model/origin.ts';
import type { Facts } from '../model/problem.ts';
import type { ListShape, Shape, StructShape } from './decode-shapes.ts';
import { isObject, type Json } from './read.ts';
import { goKindOf } from './validate-go-text.ts';
import { type Check, originOf, type Spot, stepsOf, under } from './validate-problem.ts';
import { placeOfUnknownField } from './validate-unknown-field.ts';

/**
 * Files `wrong-type` and `unknown-field` problems of `value` in `check`. A boolean as a label of a Pod gives
 * `json: cannot unmarshal bool into Go struct field ObjectMeta.metadata.labels of type string`. Absent and null are always fine.
 * `owner` is the Go type that holds the value, for that sentence: `ObjectMeta`. Kubernetes: sigs.k8s.io/json, strict.
 */
export function decode(value: unknown, shape: Shape, owner: string, check: Check, spot?: Spot): void {
  if (value === undefined || value === null) return;
  switch (shape.is) {
    case 'string':
    case 'boolean':
      if (typeof value !== shape.is) wrongType(check, spot, owner, shape.is, value, shape.go);
      return;
    case 'integer':
      if (!isInteger(value, shape.go)) wrongType(check, spot, owner, 'integer', value, shape.go);
      return;
    case 'integer or string':
      if (typeof value !== 'string' && !isInteger(value, shape.go)) wrongType(check, spot, owner, shape.is, value, shape.go);
      return;
    case 'labels':
      if (isObject(value)) decodeLabels(value, owner, check, spot);
      else wrongType(check, spot, owner, 'mapping', value, shape.go);
      return;
    case 'list':
      if (Array.isArray(value)) decodeItems(value, shape, owner, check, spot);
      else wrongType(check, spot, owner, 'list', value, shape.go);
      return;
    case 'object':
      if (isObject(value)) decodeFields(value, shape, check, spot);
      else wrongType(check, spot, owner, 'mapping', value, shape.go);
  }
}

function decodeFields(value: Json, shape: StructShape, check: Check, spot: Spot | undefined): void {
  for (const key of Object.keys(value)) {
    const field = shape.fields.get(key);
    if (field !== undefined) decode(value[key], field, shape.name, check, under(spot, key));
    else if (shape.whole) unknownField(check, under(spot, key), shape, key);
  }
}

function decodeItems(items: readonly unknown[], shape: ListShape, owner: string, check: Check, spot: Spot | undefined): void {
  items.forEach((item, i) => {
    if (item !== null && item !== undefined) decode(item, shape.of, owner, check, under(spot, i));
    else if (shape.emptyItem === 'taken') nothingThere(check, under(spot, i), 'error', wantedOf(shape.of));
  });
}

/** A label that is null is stored as the empty text by some clients and dropped by others, so it is no error, but worth a word. */
function decodeLabels(labels: Json, owner: string, check: Check, spot: Spot | undefined): void {
  for (const key of Object.keys(labels)) {
    const text = labels[key];
    if (typeof text === 'string') continue;
    if (text === null || text === undefined) nothingThere(check, under(spot, key), 'warning', 'string');
    else wrongType(check, under(spot, key), owner, 'string', text, 'string', 'entry');
  }
}

const INT_LIMITS: Readonly<Record<string, number>> = { int32: 2 ** 31, int64: 2 ** 63 };

function isInteger(value: unknown, go: string): boolean {
  const limit = INT_LIMITS[go] ?? 0;
  return typeof value === 'number' && Number.isInteger(value) && value >= -limit && value < limit;
}

function wantedOf(shape: Shape): string {
  return shape.is === 'object' || shape.is === 'labels' ? 'mapping' : shape.is;
}

/** What encoding/json calls a kind of value → what a person who writes YAML does. */
const FOUND: Readonly<Record<string, string>> = { bool: 'boolean', number: 'number', string: 'string', array: 'list', object: 'mapping' };

/** Kubernetes: json.UnmarshalTypeError. It names the field without list indexes, and of an `entry` of a mapping only the mapping. */
function wrongType(check: Check, spot: Spot | undefined, owner: string, wanted: string, value: unknown, go: string, part?: 'entry'): void {
  const fields = stepsOf(check, part === 'entry' ? spot?.above : spot).filter((step) => typeof step === 'string');
  const kind = goKindOf(value);
  const found = kind === 'number' && go.startsWith('int') ? `number ${value}` : kind;
  const detail = `json: cannot unmarshal ${found} into Go struct field ${[owner, ...fields].join('.')} of type ${go}`;
  const facts: Record<string, Facts[string]> = { ...whereIs(check, spot), wanted, found: FOUND[kind] ?? kind, detail };
  if (kind !== 'array' && kind !== 'object') facts.value = String(value);
  check.problems.push({ code: 'wrong-type', severity: 'error', facts, origin: originOf(check, spot) });
}

/** What kubectl itself refused before servers took over (1.25), in its words. Kubernetes: kube-openapi pkg/util/proto/validation. */
function nothingThere(check: Check, spot: Spot, severity: 'error' | 'warning', wanted: string): void {
  const detail = `unknown object type "nil" in ${printPath([check.kind, ...stepsOf(check, spot)])}`;
  const facts = { ...whereIs(check, spot), wanted, found: 'null', detail };
  check.problems.push({ code: 'wrong-type', severity, facts, origin: originOf(check, spot) });
}

function unknownField(check: Check, spot: Spot, shape: StructShape, field: string): void {
  const facts = { ...whereIs(check, spot), ...placeOfUnknownField(field, shape) };
  check.problems.push({ code: 'unknown-field', severity: 'error', facts, origin: originOf(check, spot) });
}

function whereIs(check: Check, spot: Spot | undefined): Facts {
  return { kind: check.kind, name: check.name, field: printPath(stepsOf(check, spot)) };
}
