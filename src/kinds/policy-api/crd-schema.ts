// What an API server holds an object of a custom kind to: its CRD's schema as data, and the check, in the server's words.
// Knows no kind. Kubernetes: apiextensions-apiserver pkg/apiserver/validation, kube-openapi pkg/validation/errors.
// QUOTED THROUGHOUT: kube-apiserver

import { printPath } from '../../model/origin.ts';
import { get, isObject } from '../../objects/read.ts';
import { byteLength, goJson, goQuote } from '../../objects/validate-go-text.ts';
import { type Check, originOf, refuse, refuseUnsupported, type Spot, stepsOf, under, warn } from '../../objects/validate-problem.ts';
import { checkSelector } from '../../objects/validate-selector.ts';

export type Schema =
  | ObjectSchema
  | {
      readonly is: 'list';
      readonly of: Schema;
      readonly min?: number;
      readonly max?: number;
      readonly isSet?: boolean;
      readonly rule?: Rule;
    }
  | {
      readonly is: 'string';
      readonly oneOf?: readonly string[];
      readonly maxBytes?: number;
      readonly pattern?: RegExp;
      readonly rule?: Rule;
    }
  | { readonly is: 'integer'; readonly min: number; readonly max: number }
  | { readonly is: 'selector' };

export interface ObjectSchema {
  readonly is: 'object';
  readonly fields: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** How many of its fields must be there, and how many may be. */
  readonly min?: number;
  readonly max?: number;
  readonly rule?: Rule;
  /** A rule that only the CRD's experimental channel has: a server with the standard one takes the object. */
  readonly experimentalRule?: Rule;
}

/** An x-kubernetes-validations rule: what it says of a value that breaks it, undefined of one that keeps it. */
export type Rule = (value: unknown) => string | undefined;

const TYPE_NAMES = { object: 'object', selector: 'object', list: 'array', string: 'string', integer: 'integer' } as const;

/** Files what the server would refuse. Unknown fields are those that strict decoding refuses; a value of a wrong type is not looked into. */
export function checkSchema(check: Check, value: unknown, schema: Schema, spot: Spot): void {
  switch (schema.is) {
    case 'object':
      if (isObject(value)) checkObject(check, value, schema, spot);
      else wrongType(check, value, schema, spot);
      return;
    case 'selector':
      if (isObject(value)) checkLabelSelector(check, value, spot);
      else wrongType(check, value, schema, spot);
      return;
    case 'list':
      if (Array.isArray(value)) checkList(check, value, schema, spot);
      else wrongType(check, value, schema, spot);
      return;
    case 'string':
      if (typeof value === 'string') checkString(check, value, schema, spot);
      else {
        wrongType(check, value, schema, spot);
        // The server holds a value of a wrong type against the list as well.
        if (schema.oneOf !== undefined) refuseUnsupported(check, spot, goJson(value), schema.oneOf);
      }
      return;
    case 'integer':
      if (typeof value !== 'number' || !Number.isInteger(value)) wrongType(check, value, schema, spot);
      else if (value < schema.min) outOfRange(check, spot, value, `greater than or equal to ${schema.min}`);
      else if (value > schema.max) outOfRange(check, spot, value, `less than or equal to ${schema.max}`);
  }
}

const REQUIREMENT: Schema = {
  is: 'object',
  fields: { key: { is: 'string' }, operator: { is: 'string' }, values: { is: 'list', of: { is: 'string' } } },
  required: ['key', 'operator'],
};

/**
 * The schema knows types alone. What labels may look like is checked by whoever makes a selector of it: an object with a key that no label can
 * have is taken by the server, and no implementation can tell whom it selects.
 */
function checkLabelSelector(check: Check, value: object, spot: Spot): void {
  const before = check.problems.length;
  for (const key of Object.keys(value)) if (key !== 'matchLabels' && key !== 'matchExpressions') unknownField(check, under(spot, key));
  const matchLabels = get(value, 'matchLabels') ?? undefined;
  if (isObject(matchLabels)) {
    for (const [key, label] of Object.entries(matchLabels))
      checkSchema(check, label, { is: 'string' }, under(under(spot, 'matchLabels'), key));
  } else if (matchLabels !== undefined) wrongType(check, matchLabels, { is: 'selector' }, under(spot, 'matchLabels'));
  const matchExpressions = get(value, 'matchExpressions') ?? undefined;
  if (matchExpressions !== undefined)
    checkSchema(check, matchExpressions, { is: 'list', of: REQUIREMENT }, under(spot, 'matchExpressions'));
  if (check.problems.length === before) checkSelector(check, value, spot);
}

function checkString(check: Check, value: string, schema: Schema & { readonly is: 'string' }, spot: Spot): void {
  const { oneOf, maxBytes, pattern, rule } = schema;
  if (oneOf !== undefined && !oneOf.includes(value)) refuseUnsupported(check, spot, goQuote(value), oneOf);
  if (maxBytes !== undefined && byteLength(value) > maxBytes) refuse(check, spot, 'Too long', `may not be more than ${maxBytes} bytes`);
  if (pattern !== undefined && !pattern.test(value)) {
    const detail = `${nameOf(check, spot)} in body should match '${pattern.source}'`;
    refuse(check, spot, 'Invalid value', detail, { value: goQuote(value) });
  }
  checkRule(check, value, rule, spot);
}

function checkObject(check: Check, value: object, schema: ObjectSchema, spot: Spot): void {
  const written = Object.keys(value).filter((key) => get(value, key) !== undefined && get(value, key) !== null);
  for (const key of written) {
    const field = schema.fields[key];
    if (field === undefined || !Object.hasOwn(schema.fields, key)) unknownField(check, under(spot, key));
    else checkSchema(check, get(value, key), field, under(spot, key));
  }
  for (const key of schema.required ?? []) if (!written.includes(key)) refuse(check, under(spot, key), 'Required value', '');
  // Fields that the server does not know are pruned before this is counted.
  const known = written.filter((key) => Object.hasOwn(schema.fields, key)).length;
  if (schema.min !== undefined && known < schema.min && known === written.length) tooFew(check, spot, known, schema.min, 'properties');
  if (schema.max !== undefined && known > schema.max) tooMany(check, spot, known, schema.max);
  checkRule(check, value, schema.rule, spot);
  const fault = schema.experimentalRule?.(value);
  if (fault !== undefined) warn(check, spot, `refused by the experimental channel of its CRD: ${fault}`, goQuote('object'), undefined);
}

function checkList(check: Check, items: readonly unknown[], schema: Schema & { readonly is: 'list' }, spot: Spot): void {
  for (const [i, item] of items.entries()) checkSchema(check, item, schema.of, under(spot, i));
  if (schema.min !== undefined && items.length < schema.min) tooFew(check, spot, items.length, schema.min, 'items');
  if (schema.max !== undefined && items.length > schema.max) tooMany(check, spot, items.length, schema.max);
  if (schema.isSet === true) {
    items.forEach((item, i) => {
      if (items.indexOf(item) < i) refuse(check, under(spot, i), 'Duplicate value', '', { value: goJson(item) });
    });
  }
  checkRule(check, items, schema.rule, spot);
}

function checkRule(check: Check, value: unknown, rule: Rule | undefined, spot: Spot): void {
  const fault = rule?.(value);
  // As kube-apiserver 1.36 prints it: a string as it stands, and nothing in place of a value that has fields or items.
  if (fault !== undefined) refuse(check, spot, 'Invalid value', fault, typeof value === 'string' ? { value: goQuote(value) } : {});
}

function outOfRange(check: Check, spot: Spot, value: number, bound: string): void {
  refuse(check, spot, 'Invalid value', `${nameOf(check, spot)} in body should be ${bound}`, { value: `${value}` });
}

function tooFew(check: Check, spot: Spot, count: number, least: number, of: 'items' | 'properties'): void {
  refuse(check, spot, 'Invalid value', `${nameOf(check, spot)} in body should have at least ${least} ${of}`, { value: `${count}` });
}

function tooMany(check: Check, spot: Spot, count: number, most: number): void {
  refuse(check, spot, 'Too many', `must have at most ${most} ${most === 1 ? 'item' : 'items'}`, { value: `${count}` });
}

function wrongType(check: Check, value: unknown, { is }: Schema, spot: Spot): void {
  const found = value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  // Where the schema has a format (all integers are `int32`), the server names formats instead of types, for all but strings and lists.
  const formats: Readonly<Record<string, string>> = { boolean: '', object: '', number: 'float64' };
  const [wanted, got] = is === 'integer' && found in formats ? ['int32', formats[found] ?? ''] : [TYPE_NAMES[is], found];
  refuse(check, spot, 'Invalid value', `${nameOf(check, spot)} in body must be of type ${wanted}: ${goQuote(got)}`, {
    value: goQuote(got),
  });
}

function unknownField(check: Check, spot: Spot): void {
  const facts = { kind: check.kind, name: check.name, field: nameOf(check, spot) };
  check.problems.push({ code: 'unknown-field', severity: 'error', facts, origin: originOf(check, spot) });
}

function nameOf(check: Check, spot: Spot): string {
  return printPath(stepsOf(check, spot));
}
