import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { objectNotRecognised } from './reading.ts';

describe('object-not-recognised', () => {
  it.each([
    ['kind: Service\nmetadata: { name: cart }\n', ['1 error halfAnObject']],
    // What looks like a policy has a rule of its own.
    ['kind: NetworkPolicy\nmetadata: { name: cart }\n', []],
    ['- one\n- two\n', ['1 error noObject']],
    ['replicas: 3\nimage: cart\n', ['1 note noObject']],
    [policy('cart', 'podSelector: {}'), []],
  ])('%s', (yaml, expected) => {
    expect(found(objectNotRecognised, yaml)).toEqual(expected);
  });
});
