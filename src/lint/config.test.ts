import { describe, expect, it } from 'vitest';
import { means, readConfig } from './config.ts';

const IDS = ['pod-open', 'dns-denied', 'dns-beyond-resolver', 'name-against-convention'];

describe('a configuration', () => {
  it('is empty when the file is', () => {
    for (const nothing of [undefined, null, {}, { lint: {} }]) {
      const { config, faults } = readConfig(nothing, IDS);
      expect(faults).toEqual([]);
      expect(config.rules.size + config.ignore.length).toBe(0);
    }
  });

  it('gives rules levels, with `off` also as YAML 1.1 reads it', () => {
    const { config, faults } = readConfig({ lint: { rules: { 'pod-open': 'off', 'dns-denied': 'note' } } }, IDS);
    expect([faults, ...config.rules]).toEqual([[], ['pod-open', 'off'], ['dns-denied', 'note']]);
    expect(readConfig({ lint: { rules: { 'pod-open': false } } }, IDS).config.rules.get('pod-open')).toBe('off');
  });

  it.each([
    [{ lnit: {} }, ['lnit'], 'unknown-key', ['lint']],
    [{ lint: { rulez: {} } }, ['lint', 'rulez'], 'unknown-key', ['rules']],
    [{ lint: { rules: { 'pod-opne': 'off' } } }, ['lint', 'rules', 'pod-opne'], 'unknown-rule', ['pod-open']],
    [{ lint: { rules: { 'pod-open': 'eror' } } }, ['lint', 'rules', 'pod-open'], 'wrong-value', ['error']],
    [{ lint: { severity: 'warn' } }, ['lint', 'severity'], 'wrong-value', ['warning']],
    [{ lint: { profile: 7 } }, ['lint', 'profile'], 'wrong-value', []],
    [{ lint: { house: { lables: [] } } }, ['lint', 'house', 'lables'], 'unknown-key', ['labels']],
    [{ lint: { house: { names: 'allow-*' } } }, ['lint', 'house', 'names'], 'wrong-value', []],
    [{ lint: { house: { resolvers: ['dns'] } } }, ['lint', 'house', 'resolvers', 0], 'wrong-value', []],
    [{ lint: { house: { names: [] } } }, ['lint', 'house', 'names'], 'missing', []],
    [{ lint: { rules: { 'name-against-convention': 'note' } } }, ['lint', 'rules', 'name-against-convention'], 'list-missing', []],
    [{ lint: [] }, ['lint'], 'wrong-value', []],
    [{ lint: { ignore: {} } }, ['lint', 'ignore'], 'wrong-value', []],
    [{ lint: { ignore: [{ rule: 'pod-open' }] } }, ['lint', 'ignore', 0, 'reason'], 'missing', []],
    [{ lint: { ignore: [{ rule: 'pod-open', reason: ' ' }] } }, ['lint', 'ignore', 0, 'reason'], 'missing', []],
    [{ lint: { ignore: [{ reason: 'x' }] } }, ['lint', 'ignore', 0, 'rule'], 'missing', []],
    [{ lint: { ignore: [{ rule: 'pod-opne', reason: 'x' }] } }, ['lint', 'ignore', 0, 'rule'], 'unknown-rule', ['pod-open']],
    [{ lint: { ignore: [{ rule: '*', reason: 'x', objekt: 'y' }] } }, ['lint', 'ignore', 0, 'objekt'], 'unknown-key', ['object']],
  ])('%j has a fault, and the nearest name is said', (value, path, code, nearest) => {
    expect(readConfig(value, IDS).faults).toMatchObject([{ path, code, nearest }]);
  });

  it('may switch a rule off without its list, and on where the rule does without one', () => {
    const levels = { 'name-against-convention': 'off', 'dns-beyond-resolver': 'warning' };
    expect(readConfig({ lint: { rules: levels } }, IDS).faults).toEqual([]);
  });

  it('keeps what is sound beside a fault', () => {
    const { config } = readConfig({ lint: { rules: { 'pod-open': 'error', nonsense: 'off' }, profile: 'calico' } }, IDS);
    expect([config.rules.get('pod-open'), config.profile]).toEqual(['error', 'calico']);
  });
});

describe('a pattern', () => {
  it.each([
    [undefined, 'NetworkPolicy shop/cart', true],
    ['shop/*', 'NetworkPolicy shop/cart', true],
    ['NetworkPolicy shop/cart', 'NetworkPolicy shop/cart', true],
    ['shop/car', 'NetworkPolicy shop/cart', false],
    ['*.yaml', 'k8s/cart.yaml', true],
    ['k8s/c?rt.yaml', 'k8s/cart.yaml', false],
    ['k8s/*', 'stage/k8s/cart.yaml', false],
  ])('%s means %s: %s', (pattern, text, expected) => {
    expect(means(pattern, text)).toBe(expected);
  });
});
