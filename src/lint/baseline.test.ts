import { describe, expect, it } from 'vitest';
import { baselineOf, findingKey, newOnes, readBaseline, writtenBaseline } from './baseline.ts';
import type { Finding } from './rule.ts';

const finding = (facts: Finding['facts']): Finding => ({ ruleId: 'pod-open', messageId: 'open', severity: 'warning', facts, related: [] });

describe('a baseline', () => {
  it('knows a finding by what it says, not by where its rule stands in the list', () => {
    const key = (facts: Finding['facts']) => findingKey(finding(facts), 'NetworkPolicy shop/cart');
    expect(key({ label: 'app=crat', rule: 'ingress[0]', peer: 'ingress[0].from[1]' })).toBe(
      key({ peer: 'ingress[2].from[0]', label: 'app=crat' }),
    );
    expect(key({ name: 'egress[0].to[1]' })).toBe(key({ name: 'egress[3].to[0]' }));
    expect(key({ label: 'app=crat' })).not.toBe(key({ label: 'app=car' }));
    expect(key({})).not.toBe(findingKey(finding({}), 'NetworkPolicy shop/other'));
  });

  it('knows a finding again after a pod more', () => {
    const key = (pods: string, count: string) => findingKey(finding({ pods, count, shown: count }), undefined);
    expect(key('`a`, `b`, `c` and 1 more', '1 pod')).toBe(key('`a`, `b`, `c` and 12 more', '12 pods'));
    expect(key('`a`, `b`', '2 pods')).not.toBe(key('`a`, `x`', '2 pods'));
    expect(findingKey(finding({ port: '80 or 81' }), undefined)).not.toBe(findingKey(finding({ port: '80 or 82' }), undefined));
  });

  it('comes back from its file as it was written, sorted and counted', () => {
    const written = writtenBaseline(['b', 'a', 'b']);
    expect(written).toMatchObject({
      kind: 'LintBaseline',
      findings: [
        { finding: 'a', count: 1 },
        { finding: 'b', count: 2 },
      ],
    });
    expect([...(readBaseline(JSON.parse(JSON.stringify(written))) ?? [])]).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
    expect(readBaseline({ kind: 'LintReport' })).toBeUndefined();
    expect(readBaseline(undefined)).toBeUndefined();
  });

  it('lets a third of two known ones through', () => {
    const found = ['a', 'b', 'a', 'a'].map((key) => ({ key }));
    const { fresh, old } = newOnes(found, baselineOf(['a', 'a', 'gone']));
    expect([fresh, old].map((list) => list.map(({ key }) => key))).toEqual([
      ['b', 'a'],
      ['a', 'a'],
    ]);
  });
});
