import { describe, expect, it } from 'vitest';
import { nothing } from './delta.ts';
import type { Chain, Rule, Ruleset } from './ruleset.ts';
import { type Packet, walk } from './walk.ts';

const packet: Packet = { family: 4, source: 1, destination: 2, protocol: 6, port: 80 };
const base = (...rules: readonly Rule[]): Chain => ({ name: 'base', hook: 'input', rules });
const chain = (name: string, ...rules: readonly Rule[]): Chain => ({ name, rules });
const table = (parts: Partial<Ruleset>): Ruleset => ({ ...nothing({ table: 't', comment: '' }), ...parts });

describe('a packet through the chains', () => {
  it('passes where nothing hangs in its way, and by the policy of the base chain', () => {
    expect(walk(table({}), packet).verdict).toBe('accept');
    expect(walk(table({ chains: [base()] }), packet).verdict).toBe('accept');
  });

  it('comes back from a jump to the next rule, and from a goto to the caller of the chain', () => {
    const chains = [
      base([{ kind: 'jump', chain: 'a' }], [{ kind: 'drop' }]),
      chain('a', [{ kind: 'goto', chain: 'b' }], [{ kind: 'accept' }]),
      chain('b', [{ kind: 'jump', chain: 'c' }], [{ kind: 'jump', chain: 'd' }]),
      chain('c', [{ kind: 'return' }], [{ kind: 'accept' }]),
      chain('d'),
    ];
    // Were goto a jump, `a` would go on to accept.
    expect(walk(table({ chains }), packet)).toMatchObject({ verdict: 'drop', chains: ['base', 'a', 'b', 'c', 'd'] });
  });

  it('never matches a field that it does not have, not even as "is not in"', () => {
    const sets = [{ name: 'none', fields: ['ip6 saddr'], interval: false, elements: [] } as const];
    const rules: Rule[] = [[{ kind: 'in-set', fields: ['ip6 saddr'], set: 'none', not: true }, { kind: 'drop' }]];
    expect(walk(table({ sets, chains: [base(...rules)] }), packet).verdict).toBe('accept');
    expect(walk(table({ sets, chains: [base(...rules)] }), { ...packet, family: 6, source: 1n, destination: 2n }).verdict).toBe('drop');
  });

  it('ends a rule at a map that does not know it, and keeps the mark that an earlier one gave', () => {
    const maps = [
      { name: 'known', fields: ['ip saddr'], interval: false, to: 'meta mark', entries: [{ key: [1], value: 7 }] } as const,
      { name: 'strange', fields: ['ip saddr'], interval: false, to: 'meta mark', entries: [{ key: [9], value: 8 }] } as const,
    ];
    const from = (map: string): Rule[number] => ({ kind: 'set-from-map', target: 'meta mark', fields: ['ip saddr'], map });
    const chains = [
      base([from('known')], [from('strange'), { kind: 'accept' }], [{ kind: 'is', field: 'meta mark', values: [7] }, { kind: 'drop' }]),
    ];
    expect(walk(table({ maps, chains }), packet).verdict).toBe('drop');
  });

  it('finds ranges by both ends, beside exact elements', () => {
    const sets = [
      {
        name: 's',
        fields: ['ip saddr', 'th dport'],
        interval: true,
        elements: [
          [
            { from: 1, to: 3 },
            { from: 80, to: 81 },
          ],
          [9, 80],
        ],
      } as const,
    ];
    const chains = [base([{ kind: 'in-set', fields: ['ip saddr', 'th dport'], set: 's' }, { kind: 'drop' }])];
    const at = (source: number, port: number) => walk(table({ sets, chains }), { ...packet, source, port }).verdict;
    expect([at(1, 80), at(3, 81), at(9, 80)]).toEqual(['drop', 'drop', 'drop']);
    expect([at(4, 80), at(3, 82), at(9, 81), at(0, 80)]).toEqual(['accept', 'accept', 'accept', 'accept']);
  });

  it('is an Error where a rule names what is not there', () => {
    expect(() => walk(table({ chains: [base([{ kind: 'jump', chain: 'gone' }])] }), packet)).toThrow('nothing called gone');
  });
});
