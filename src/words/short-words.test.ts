import { expect, it } from 'vitest';
import { withShortWords } from './short-words.ts';

it('a text loses only its overlong words', () => {
  expect(withShortWords(`label ${'k'.repeat(9000)} of cart`)).toBe(`label ${'k'.repeat(80)}… (9,000 characters) of cart`);
  expect(withShortWords('a '.repeat(9000))).toBe('a '.repeat(9000));
});
