import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { templateNotRendered } from './reading.ts';

describe('template-not-rendered', () => {
  it('points at the first directive that stopped the reader', () => {
    const yaml = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
    expect(found(templateNotRendered, yaml)).toEqual(['4 error template']);
  });
  it('says it once for each file', () => {
    const one = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\n';
    expect(found(templateNotRendered, `${one}---\n${one}`)).toEqual(['4 error template']);
  });
  it('lets braces in a text be', () => {
    expect(
      found(templateNotRendered, policy('cart', 'podSelector: {}').replace('name: cart', 'name: cart, annotations: { a: "{{x}}" }')),
    ).toEqual([]);
  });
});
