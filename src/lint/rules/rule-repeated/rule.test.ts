import { describe, expect, it } from 'vitest';
import { findings, found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { ruleRepeated } from './rule.ts';

const front = '{ podSelector: { matchLabels: { app: frontend } } }';
const rules = (...list: string[]) => policy('cart', `podSelector: {}\ningress:\n${list.map((rule) => `- ${rule}`).join('\n')}`);

describe('rule-repeated', () => {
  it.each([
    ['the same peer twice', rules(`from: [${front}, ${front}]`), ['7 note peer']],
    ['the same rule twice', rules(`from: [${front}]`, `from: [${front}]`), ['8 note rule']],
    ['a narrower rule after a wider one', rules(`from: [${front}]`, `{ from: [${front}], ports: [{ port: 80 }] }`), ['8 note rule']],
    ['a narrower rule before a wider one', rules(`{ from: [${front}], ports: [{ port: 80 }] }`, `from: [${front}]`), ['7 note rule']],
    ['a port inside a range', rules('{ ports: [{ port: 80, endPort: 90 }] }', '{ ports: [{ port: 85 }] }'), ['8 note rule']],
    ['other ports', rules(`{ from: [${front}], ports: [{ port: 80 }] }`, `{ from: [${front}], ports: [{ port: 81 }] }`), []],
    ['another protocol', rules('{ ports: [{ port: 53 }] }', '{ ports: [{ port: 53, protocol: UDP }] }'), []],
    ['a rule for everything is left to its own rule', rules('{}', `from: [${front}]`), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(ruleRepeated, yaml)).toEqual(expected);
  });
  it('names two policies that say the same, and removes neither', () => {
    const yaml = stream(policy('one', 'podSelector: {}'), policy('two', 'podSelector: {}\npolicyTypes: [Ingress]'));
    expect(found(ruleRepeated, yaml)).toEqual(['7 note policy']);
    expect(findings(ruleRepeated, yaml)[0]?.fix).toBeUndefined();
  });
});
