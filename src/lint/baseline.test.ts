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
    const key = (names: readonly string[], count: number) =>
      findingKey(finding({ pods: { names, count }, count, policies: count }), undefined);
    expect(key(['a', 'b', 'c'], 4)).toBe(key(['a', 'b', 'c'], 15));
    expect(key(['a', 'b'], 2)).not.toBe(key(['a', 'x'], 2));
    // As files of earlier versions have it, where lists and counts were words.
    expect(key(['a', 'b'], 2)).toBe('pod-open open - pods=`a`, `b` policies=');
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

  it('knows findings of older files, whose text had words of a rule in it', () => {
    const deadPeer = (selector: string): Finding => ({
      ruleId: 'peer-selects-nothing',
      messageId: 'nobody',
      severity: 'warning',
      facts: { peer: '`shop/cart` ingress[0].from[0]', namespaces: { names: ['shop'], count: 1 }, selector, effect: 'rule-dead' },
      related: [],
    });
    const key = (selector: string) => findingKey(deadPeer(selector), 'NetworkPolicy shop/cart');
    const older =
      'peer-selects-nothing nobody NetworkPolicy shop/cart effect=the rule admits no traffic namespaces=`shop` selector=app=crat, tier=web';
    const { fresh, old } = newOnes(
      [{ key: key('app=crat, tier=web') }, { key: key('app=crat') }, { key: key('app=crat, tier=web') }],
      baselineOf([older]),
    );
    expect([fresh.length, old.length]).toEqual([2, 1]);
    expect(newOnes([{ key: older }], baselineOf([older])).fresh).toEqual([]);
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
