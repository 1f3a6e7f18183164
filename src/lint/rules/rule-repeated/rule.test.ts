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
    ['a peer inside another of the same rule', rules(`from: [${front}, { podSelector: {} }]`), ['7 note innerPeer']],
    [
      'a block inside a block',
      rules('from: [{ ipBlock: { cidr: 10.1.0.0/16 } }]', 'from: [{ ipBlock: { cidr: 10.0.0.0/8 } }]'),
      ['7 note rule'],
    ],
    [
      'a block that reaches into the except of a wider one',
      rules('from: [{ ipBlock: { cidr: 10.1.0.0/16 } }]', 'from: [{ ipBlock: { cidr: 10.0.0.0/8, except: [10.1.2.0/24] } }]'),
      [],
    ],
    ['the own namespace beside every namespace', rules(`from: [${front}]`, 'from: [{ namespaceSelector: {} }]'), ['7 note rule']],
    [
      'one label less is wider, another label is not',
      rules(
        'from: [{ podSelector: { matchLabels: { app: cart, tier: back } } }]',
        'from: [{ podSelector: { matchLabels: { tier: back } } }]',
        `from: [${front}]`,
      ),
      ['7 note rule'],
    ],
    [
      'a namespace by name and one by a label that it may have',
      rules(
        'from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } } }]',
        'from: [{ namespaceSelector: { matchLabels: { team: retail } } }]',
      ),
      [],
    ],
    ['a rule for everything is left to its own rule', rules('{}', `from: [${front}]`), []],
  ])('%s', (_, yaml, expected) => {
    expect(found(ruleRepeated, yaml)).toEqual(expected);
  });
  it('names two policies that say the same, and removes neither', () => {
    const yaml = stream(policy('one', 'podSelector: {}'), policy('two', 'podSelector: {}\npolicyTypes: [Ingress]'));
    expect(found(ruleRepeated, yaml)).toEqual(['7 note policy']);
    expect(findings(ruleRepeated, yaml)[0]?.fix).toBeUndefined();
  });

  describe('across policies', () => {
    const cart = 'podSelector: { matchLabels: { app: cart } }';
    const one = (name: string, subject: string, rule: string, namespace = 'shop') =>
      policy(name, `${subject}\ningress:\n- ${rule}`, namespace);
    it.each([
      ['a wider rule on the same pods', one('b', cart, `from: [{ podSelector: {} }]`), ['7 note elsewhere']],
      ['a wider rule on every pod of the namespace', one('b', 'podSelector: {}', 'from: [{ podSelector: {} }]'), ['7 note elsewhere']],
      ['a wider rule on other pods', one('b', 'podSelector: { matchLabels: { app: web } }', 'from: [{ podSelector: {} }]'), []],
      ['a wider rule in another namespace', one('b', cart, 'from: [{ namespaceSelector: {} }]', 'web'), []],
      ['a wider rule for another port', one('b', cart, '{ from: [{ podSelector: {} }], ports: [{ port: 81 }] }'), []],
      ['a rule for everything is left to its own rule', one('b', cart, '{}'), []],
    ])('%s', (_, other, expected) => {
      expect(found(ruleRepeated, stream(one('a', cart, `{ from: [${front}], ports: [{ port: 80 }] }`), other))).toEqual(expected);
    });
    it('says of two equal rules the later, and not the one on more pods', () => {
      const equal = `{ from: [${front}], ports: [{ port: 80 }] }`;
      expect(found(ruleRepeated, stream(one('a', cart, equal), one('b', 'podSelector: {}', equal)))).toEqual(['7 note elsewhere']);
      const more = `${equal}\n- { from: [${front}], ports: [{ port: 81 }] }`;
      expect(found(ruleRepeated, stream(one('a', cart, equal), one('b', cart, more)))).toEqual(['15 note elsewhere']);
    });
  });
});
