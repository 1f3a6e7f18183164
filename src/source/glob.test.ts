import { describe, expect, it } from 'vitest';
import { parseGlob } from './glob.ts';

const matches = (pattern: string, name: string) =>
  parseGlob(pattern).some(([part, ...more]) => more.length === 0 && part !== '**' && part?.matches(name) === true);

describe('a pattern matches names', () => {
  it.each([
    ['*.yaml', ['cart.yaml', 'a.b.yaml'], ['cart.yml', '.yaml', '.hidden.yaml', 'cart.yaml.bak']],
    ['c?rt.yaml', ['cart.yaml', 'c€rt.yaml', 'c😀rt.yaml'], ['crt.yaml', 'caart.yaml']],
    ['[a-c]*.json', ['cart.json', 'a.json'], ['web.json', '-.json']],
    ['[!a-c]*', ['web'], ['cart', '.web']],
    ['[]x]', [']', 'x'], ['[', 'a']],
    ['[x', ['[x'], ['x']],
    ['{api,web}.y{a,}ml', ['api.yaml', 'web.yml'], ['api.json', 'apiweb.yml']],
    ['{a}{', ['{a}{'], ['a']],
    ['a{b,c{d,e}}f', ['abf', 'acdf', 'acef'], ['acf', 'adf']],
    ['.*', ['.hidden'], ['shown']],
    ['\\*', ['*'], ['a']],
    ['**x', ['x', 'aax'], ['y']],
  ])('%s', (pattern, yes, no) => {
    expect(yes.filter((name) => !matches(pattern, name))).toEqual([]);
    expect(no.filter((name) => matches(pattern, name))).toEqual([]);
  });

  it('part by part, `**` being any number of folders', () => {
    const [glob] = parseGlob('./deploy//**/*.yaml');
    expect(glob?.map((part) => (part === '**' ? part : part.literal))).toEqual(['deploy', '**', undefined]);
    expect(parseGlob('/etc/*')[0]?.[0]).toMatchObject({ literal: '' });
  });

  // With backtracking over every star these would take longer than the universe has existed.
  it('with thousands of stars and braces', () => {
    expect(matches('*a'.repeat(2000), 'a'.repeat(5000))).toBe(true);
    expect(matches(`${'*a'.repeat(2000)}b`, 'a'.repeat(5000))).toBe(false);
    expect(parseGlob('{a,b}'.repeat(40))).toHaveLength(1);
  });
});
