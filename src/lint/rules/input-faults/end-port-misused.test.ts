import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { endPortMisused } from './refusals.ts';

const ports = (port: string) => policy('cart', `podSelector: {}\ningress:\n- ports:\n  - ${port}`);

describe('end-port-misused', () => {
  it.each([
    ['{ port: 80, endPort: 79 }', ['8 error upsideDown']],
    ['{ port: http, endPort: 90 }', ['8 error needsNumber']],
    ['{ endPort: 90 }', ['8 error needsNumber']],
    ['{ port: 80, endPort: 70000 }', ['8 error outOfRange']],
    ['{ port: 80, endPort: 80 }', []],
  ])('%s', (port, expected) => {
    expect(found(endPortMisused, ports(port))).toEqual(expected);
  });
  it('swaps a range that is upside down', () => {
    const [finding] = findings(endPortMisused, ports('{ port: 80, endPort: 79 }'));
    expect(finding?.fix?.edits.map((edit) => ('value' in edit ? edit.value : undefined))).toEqual([79, 80]);
  });
});
