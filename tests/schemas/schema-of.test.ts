// The published schemas are made from interfaces; these are the forms an interface may use, and what becomes of each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { type Schema, schemaOf } from '../../scripts/schema-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'netverdict-schema-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHELF = `
/** @minLength 1 */
export type Label = string;
`;

function made(text: string): Schema {
  writeFileSync(join(folder, 'shelf.ts'), SHELF);
  writeFileSync(join(folder, 'shop.ts'), `import type { Label as Tag } from './shelf.ts';\n${text}`);
  return schemaOf(join(folder, 'shop.ts'), 'ShopDocument', 'shop');
}

function fits(schema: Schema): (document: unknown) => boolean {
  const validate = new Ajv2020({ strict: true, strictRequired: false }).compile(schema);
  return (document) => validate(document);
}

describe('schemaOf', () => {
  it('closes objects, requires what has no question mark, and takes descriptions from docstrings', () => {
    const schema = made(`
      /** What the shop sells. */
      export interface ShopDocument {
        readonly kind: 'Shop';
        /** In cents */
        readonly price?: number;
      }`);
    expect(schema).toEqual({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: 'https://netverdict.dev/schemas/shop.schema.json',
      title: 'Shop',
      description: 'What the shop sells.',
      type: 'object',
      additionalProperties: false,
      required: ['kind'],
      properties: { kind: { const: 'Shop' }, price: { description: 'In cents', type: 'number' } },
    });
    expect(fits(schema)({ kind: 'Shop' })).toBe(true);
    expect(fits(schema)({ kind: 'Shop', colour: 'red' })).toBe(false);
  });

  it('follows names into other files, through themselves, and reads tags', () => {
    const holds = fits(
      made(`
      export interface ShopDocument extends Part { readonly tag: Tag; readonly parts: readonly Part[] }
      interface Part {
        /** @pattern ^[a-z]+(-[a-z]+)*$ */
        readonly name: string;
        /**
         * @integer
         * @minimum 0
         */
        readonly left?: number;
        readonly inside?: Part;
      }`),
    );
    const part = { name: 'cart-wheel', left: 0, inside: { name: 'axle' } };
    expect(holds({ name: 'cart', tag: 'x', parts: [part] })).toBe(true);
    expect(holds({ name: 'cart', tag: '', parts: [part] })).toBe(false);
    expect(holds({ name: 'cart', tag: 'x', parts: [{ ...part, left: 0.5 }] })).toBe(false);
    expect(holds({ name: 'cart', tag: 'x', parts: [{ ...part, inside: { name: 'No' } }] })).toBe(false);
  });

  it('knows unions, records with keys of a kind, null, anything, and one of several properties', () => {
    const holds = fits(
      made(`
      type Fate = 'sold' | 'lost';
      /** @exactlyOne a b */
      export interface ShopDocument {
        readonly a?: string | null;
        readonly b?: unknown;
        readonly counts: Readonly<Partial<Record<Fate, number>>>;
        readonly any: Readonly<Record<string, Fate>>;
        readonly either: { readonly x: 1 } | readonly Fate[];
      }`),
    );
    const base = { counts: { sold: 1 }, any: { cart: 'lost' }, either: { x: 1 } };
    expect(holds({ ...base, a: null })).toBe(true);
    expect(holds({ ...base, b: { deep: [1] }, either: ['sold'] })).toBe(true);
    expect(holds(base)).toBe(false);
    expect(holds({ ...base, a: 'x', b: 1 })).toBe(false);
    expect(holds({ ...base, a: 'x', counts: { stolen: 1 } })).toBe(false);
    expect(holds({ ...base, a: 'x', either: { x: 2 } })).toBe(false);
  });

  it('an object that says @open takes further properties', () => {
    const holds = fits(made('/** @open */\nexport interface ShopDocument { readonly kind: string }'));
    expect(holds({ kind: 'x', more: 1 })).toBe(true);
    expect(holds({ more: 1 })).toBe(false);
  });

  it.each([
    ['export interface ShopDocument { readonly made: Date }', /shop\.ts:\d+: `Date`/],
    ['export interface ShopDocument { readonly list: ReadonlyArray<string> }', /shop\.ts:\d+: `ReadonlyArray<string>`/],
    ['/** @patern ^x$ */\nexport interface ShopDocument { readonly a: string }', /@patern/],
    ['export interface OtherDocument { readonly a: string }', /exports no type ShopDocument/],
  ])('what has no form as a schema is an error with its place: %s', (text, message) => {
    expect(() => made(text)).toThrow(message);
  });
});
