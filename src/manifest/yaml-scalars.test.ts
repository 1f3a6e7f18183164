import { describe, expect, it } from 'vitest';
import { keyOfPlain, resolvePlain, resolveTagged } from './yaml-scalars.ts';

// Expected values are what `sigs.k8s.io/yaml` v1.6.0 (kubectl 1.36) printed for `k: TEXT` and `TEXT: v`.
describe('an unquoted word means what kubectl makes of it', () => {
  it.each([
    ['grpc', 'grpc'],
    ['', null],
    ['~', null],
    ['Null', null],
    ['nULL', 'nULL'],
    ['yes', true],
    ['On', true],
    ['oN', 'oN'],
    ['off', false],
    ['FALSE', false],
    ['8080', 8080],
    ['010', 8],
    ['08', 8],
    ['0o17', 15],
    ['0b101', 5],
    ['-0b101', -5],
    ['0b12', '0b12'],
    ['0X1F', 31],
    ['0x', '0x'],
    ['1_000', 1000],
    ['_1', '_1'],
    ['+1', 1],
    ['-0', 0],
    ['1e3', 1000],
    ['1.', 1],
    ['.5', 0.5],
    ['.5_0', 0.5],
    ['.5__0', '.5__0'],
    ['1e400', '1e400'],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.Inf', Number.NEGATIVE_INFINITY],
    ['.nan', Number.NaN],
    ['+', '+'],
    ['1:30', '1:30'],
    ['2001-12-14', '2001-12-14'],
    ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z'],
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['1.2.3', '1.2.3'],
    ['0x8000000000000000', 2 ** 63],
    ['0x10000000000000000', '0x10000000000000000'],
  ])('%j is %j', (text, value) => {
    expect(resolvePlain(text)).toEqual(value);
  });

  it.each(['y', 'Y', 'n', 'N'])('%s stays a letter, unlike for kubectl', (letter) => {
    expect(resolvePlain(letter)).toBe(letter);
  });
});

describe('an unquoted key becomes a string', () => {
  it.each([
    ['app', 'app'],
    ['80', '80'],
    ['0x10', '16'],
    ['yes', 'true'],
    ['1.10', '1.1'],
    ['1000000', '1000000'],
    ['1000000.0', '1e+06'],
    ['0.00001', '1e-05'],
    ['.inf', '.inf'],
    ['null', undefined],
  ])('%j is %j', (text, key) => {
    expect(keyOfPlain(text)).toBe(key);
  });
});

describe('a tag says what a scalar is', () => {
  it.each([
    ['!!str', '80', '80'],
    ['!!int', '80', 80],
    ['!!int', 'cart', undefined],
    ['!!int', '1.5', undefined],
    ['!!float', '1', 1],
    ['!!bool', 'yes', true],
    ['!!null', '~', null],
    ['!', 'yes', 'yes'],
    ['!Ref', 'yes', 'yes'],
    ['!<tag:yaml.org,2002:int>', '0x10', 16],
  ])('%s %j is %j', (tag, text, value) => {
    expect(resolveTagged(tag, text)).toBe(value);
  });
});
