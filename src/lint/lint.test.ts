import { describe, expect, it } from 'vitest';
import { lintResult, lintYaml } from '../../tests/lint/lint-yaml.ts';
import { policy, SHOP, stream } from '../../tests/lint/shop.ts';
import type { LintFinding } from './lint.ts';

const open = (name: string) => policy(name, 'podSelector: {}\ningress:\n- from:\n  - namespaceSelector: {}');
const say = (findings: readonly LintFinding[]) => findings.map(({ at, severity, ruleId }) => `${at?.line} ${severity} ${ruleId}`);

describe('a run', () => {
  it('puts findings in the order of lines, and the same input gives the same', () => {
    const yaml = stream(open('b'), policy('a', 'podSelector: {}\ningress: [{ from: [] }]'));
    const lines = lintYaml(yaml).map(({ at }) => at?.line ?? 0);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(say(lintYaml(yaml))).toEqual(say(lintYaml(yaml)));
  });

  it('names the object of a finding', () => {
    const [finding] = lintYaml(open('cart'), { only: ['every-namespace'] });
    expect(finding).toMatchObject({ object: 'NetworkPolicy shop/cart', at: { file: 'in.yaml', line: 8, column: 7 } });
  });

  it('takes the severity of the configuration, and leaves what a rule itself calls less at that', () => {
    const run = (level: 'error' | 'note' | 'off') =>
      say(lintYaml(open('cart'), { config: { rules: new Map([['every-namespace', level]]) } }));
    expect(run('error')).toContain('8 error every-namespace');
    expect(run('note')).toContain('8 note every-namespace');
    expect(run('off').join()).not.toContain('every-namespace');
    // A namespace without any policy: the rule itself calls that a note, and a configuration does not make it worse.
    const gap = (level: 'error') => say(lintYaml(SHOP, { config: { rules: new Map([['namespace-without-default-deny', level]]) } }));
    expect(gap('error')).toEqual(['1 note namespace-without-default-deny']);
  });

  it('runs what is off by default only when it is asked for', () => {
    expect(say(lintYaml(open('cart'))).join()).not.toContain('purpose-not-written');
    expect(say(lintYaml(open('cart'), { only: ['purpose-not-written'] }))).toEqual(['1 note purpose-not-written']);
    expect(say(lintYaml(open('cart'), { config: { rules: new Map([['purpose-not-written', 'warning']]) } }))).toContain(
      '1 warning purpose-not-written',
    );
  });
});

describe('an accepted finding', () => {
  const rule = 'every-namespace';
  const accepted = (yaml: string) => lintResult(yaml, { only: [rule] }).accepted.map(({ reason }) => reason);
  const found = (yaml: string) => lintYaml(yaml, { only: [rule] }).length;

  it.each([
    ['above the object', `# netverdict-ignore ${rule}: for all teams\n${open('cart')}`],
    ['above the mark of the document', `kind: x\n# netverdict-ignore ${rule}: for all teams\n---\n${open('cart')}`],
    [
      'at the end of the line',
      open('cart').replace('namespaceSelector: {}', `namespaceSelector: {} # netverdict-ignore ${rule}: for all teams`),
    ],
    [
      'on the line above',
      open('cart').replace(
        '  - namespaceSelector',
        `  # netverdict-ignore ${rule}: for all teams\n    # and more\n    - namespaceSelector`,
      ),
    ],
    ['among other rules', `# netverdict-ignore pod-open, ${rule}: for all teams\n${open('cart')}`],
    [
      'in an annotation',
      open('cart').replace('name: cart,', `name: cart, annotations: { netverdict.dev/ignore: "${rule}: for all teams" },`),
    ],
    [
      'in an annotation with several',
      open('cart').replace('name: cart,', `name: cart, annotations: { netverdict.dev/ignore: "pod-open: x; ${rule}: for all teams" },`),
    ],
  ])('is taken out by a comment %s', (_, yaml) => {
    expect(found(yaml)).toBe(0);
    expect(accepted(yaml)).toEqual(['for all teams']);
  });

  it.each([
    ['without a reason', `# netverdict-ignore ${rule}\n${open('cart')}`],
    ['of another rule', `# netverdict-ignore pod-open: for all teams\n${open('cart')}`],
    ['on another line', open('cart').replace('spec:', `spec: # netverdict-ignore ${rule}: for all teams`)],
    ['on another object', stream(`# netverdict-ignore ${rule}: for all teams\n${policy('other', 'podSelector: {}')}`, open('cart'))],
  ])('is not taken out by a comment %s', (_, yaml) => {
    expect(found(yaml)).toBe(1);
    expect(accepted(yaml)).toEqual([]);
  });

  it('is taken out of a list, item by item', () => {
    const item = (name: string) => `- ${open(name).trim().replaceAll('\n', '\n  ')}`;
    const list = `apiVersion: v1\nkind: List\nitems:\n# netverdict-ignore ${rule}: for all teams\n${item('one')}\n${item('two')}\n`;
    expect(lintYaml(list, { only: [rule] }).map(({ object }) => object)).toEqual(['NetworkPolicy shop/two']);
  });

  it('is taken out by the configuration, by rule, object and file', () => {
    const run = (ignore: { rule: string; object?: string; file?: string }) =>
      lintYaml(open('cart'), { config: { ignore: [{ reason: 'x', object: undefined, file: undefined, ...ignore }] }, only: [rule] }).length;
    expect(run({ rule })).toBe(0);
    expect(run({ rule: '*', object: 'shop/*', file: 'in.*' })).toBe(0);
    expect(run({ rule: 'pod-open' })).toBe(1);
    expect(run({ rule, object: 'stage/*' })).toBe(1);
    expect(run({ rule, file: 'other.yaml' })).toBe(1);
  });
});
