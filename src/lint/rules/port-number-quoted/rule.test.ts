import { describe, expect, it } from 'vitest';
import { found, only } from '../../../../tests/lint/lint-yaml.ts';
import { policy } from '../../../../tests/lint/shop.ts';

const port = (text: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - port: ${text}`);

describe('port-number-quoted', () => {
  it.each([
    ['"7070"', ['8 error quoted']],
    ['7070', []],
    ['grpc', []],
  ])('port: %s', (text, expected) => {
    expect(found('port-number-quoted', port(text))).toEqual(expected);
  });
  it('writes the number', () => {
    expect(only('port-number-quoted', port("'7070'"))[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 7070 }]);
  });
});
