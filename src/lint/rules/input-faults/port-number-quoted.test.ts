import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { portNumberQuoted } from './refusals.ts';

const port = (text: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - port: ${text}`);

describe('port-number-quoted', () => {
  it.each([
    ['"7070"', ['8 error quoted']],
    ['7070', []],
    ['grpc', []],
  ])('port: %s', (text, expected) => {
    expect(found(portNumberQuoted, port(text))).toEqual(expected);
  });
  it('writes the number', () => {
    expect(findings(portNumberQuoted, port("'7070'"))[0]?.fix?.edits).toMatchObject([{ kind: 'set-value', value: 7070 }]);
  });
});
