// `--fix` on text: every rule that says it can mend does so on its own bad example, and the rest of the text stays byte for byte.
import { describe, expect, it } from 'vitest';
import { NO_CONFIG } from '../../src/lint/config.ts';
import { contextOf } from '../../src/lint/context.ts';
import { lint } from '../../src/lint/lint.ts';
import { RULE_IDS, RULES } from '../../src/lint/rules/index.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { chooseProfile, isUnknown } from '../../src/profile/choose.ts';
import { type LintText, type Mended, mendFindings } from '../../src/question/lint-fix.ts';
import { rulePage } from './rule-page.ts';
import { policy, SHOP, stream } from './shop.ts';

function mend(yaml: string | readonly LintText[], rule?: string, cni = 'kubernetes'): Mended & { readonly text: string } {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  const texts = typeof yaml === 'string' ? [{ file: 'in.yaml', text: yaml }] : yaml;
  const mended = mendFindings(
    texts,
    (all) => {
      const cluster = loadCluster(all);
      return { cluster, findings: lint(contextOf(cluster, choice, RULE_IDS), { rules: RULES, config: NO_CONFIG }).findings };
    },
    ({ ruleId }) => rule === undefined || ruleId === rule,
  );
  return { ...mended, text: mended.texts[0]?.text ?? '' };
}

/** Comments, odd blanks and another object around an example: what must come through untouched. */
const AROUND = {
  before: '# who may talk to whom  \n\n',
  after:
    "---\n#  kept   as it is\nkind:   'ConfigMap'\napiVersion: v1\nmetadata: {name:   odd }   # trailing\ndata:\n    a: >-\n        b\n",
};

const FIXABLE = RULES.filter(({ fixable }) => fixable);

describe.each(FIXABLE)('--fix for $id', ({ id }) => {
  const examples = rulePage(id).examples.filter(({ kind }) => kind === 'bad');

  it.each(examples)('takes the finding of its page away', ({ yaml, cni }) => {
    const { fixed, left, run, text } = mend(AROUND.before + yaml + AROUND.after, id, cni);
    const stays = run.findings.filter(({ ruleId, fix }) => ruleId === id && fix !== undefined);
    expect(left.map(({ because }) => because)).toEqual([]);
    expect(stays.map(({ messageId }) => messageId)).toEqual([]);
    if (WITHOUT_FIX_ON_PAGE.includes(id)) return;
    expect(fixed.map(({ ruleId }) => ruleId)).toContain(id);
    expect(text.startsWith(AROUND.before)).toBe(true);
    expect(text.endsWith(AROUND.after)).toBe(true);
  });
});

/** Their pages show the form that only a person can mend; rule.test.ts has the other one. */
const WITHOUT_FIX_ON_PAGE = ['cidr-ambiguous', 'port-nobody-listens-on'];

describe('what is mended', () => {
  it('is all there is, in one go and in several files', () => {
    const one = policy('one', 'podSelector: {} # every pod\npolicyTypes: [Ingress]\negress: [{}]');
    const two = policy('two', 'podSelector: {}\ningress:\n- ports:\n  - port: "80" # http\n    protocol: tcp');
    const { texts, fixed, left } = mend([
      { file: 'one.yaml', text: one },
      { file: 'two.yaml', text: two },
    ]);
    expect(left).toEqual([]);
    expect(fixed.map(({ ruleId }) => ruleId).toSorted()).toEqual(['port-number-quoted', 'protocol-unknown', 'rules-not-in-force']);
    expect(texts.map(({ text }) => text)).toEqual([
      one.replace('[Ingress]', '[Ingress, Egress]'),
      two.replace('"80"', '80').replace('tcp', 'TCP'),
    ]);
  });

  it('is looked at again: a policy that could not be read until now may have more to mend', () => {
    const yaml = policy('cart', 'podSelector: {}\npolicyTypes: [Ingress, Ingress]\ningress: [{ ports: [{ port: "80" }] }]');
    const { fixed, text } = mend(yaml);
    expect(fixed.map(({ ruleId }) => ruleId)).toEqual(['port-number-quoted', 'type-listed-twice']);
    expect(text).toBe(yaml.replace('[Ingress, Ingress]', '[Ingress]').replace('"80"', '80'));
  });

  it('keeps JSON as JSON, in its own layout', () => {
    const json =
      '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"cart","namespace":"shop"},\n "spec":{"podSelector":{},  "policyTypes":["Ingress"], "egress":[{}]}}\n';
    expect(mend([{ file: 'in.json', text: json }]).text).toBe(json.replace('["Ingress"]', '["Ingress","Egress"]'));
  });

  it('is nothing where nothing is wrong', () => {
    const { texts, fixed } = mend(SHOP);
    expect([texts[0]?.text, fixed]).toEqual([SHOP, []]);
  });
});

describe('what is left', () => {
  it('is an edit that would bring a new error: pods that could talk would be cut off from DNS', () => {
    const yaml = stream(policy('cart', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{ to: [{ podSelector: {} }] }]'), SHOP);
    const { texts, left } = mend(yaml, 'rules-not-in-force');
    expect(texts[0]?.text).toBe(yaml);
    expect(left).toMatchObject([{ finding: { ruleId: 'rules-not-in-force' }, because: 'new-error' }]);
  });

  it('does not keep the others from being mended', () => {
    const refused = policy('cart', 'podSelector: {}\npolicyTypes: [Ingress]\negress: [{ to: [{ podSelector: {} }] }]');
    const twice = policy('two', 'podSelector: { matchLabels: { app: cart } }\npolicyTypes: [Ingress, Ingress]');
    const { fixed, left, text } = mend(stream(refused, twice, SHOP));
    expect(fixed.map(({ ruleId }) => ruleId)).toEqual(['type-listed-twice']);
    expect(left.map(({ because }) => because)).toEqual(['new-error']);
    expect(text).toBe(stream(refused, twice.replace('[Ingress, Ingress]', '[Ingress]'), SHOP));
  });

  it('is a place that an anchor shares with others', () => {
    const yaml = `${policy('one', 'podSelector: {}\ningress: [{ ports: &ports [{ port: "80" }] }]')}  egress: [{ ports: *ports }]\n  policyTypes: [Ingress, Egress]\n`;
    const { texts, left } = mend(yaml, 'port-number-quoted');
    expect(texts[0]?.text).toBe(yaml);
    expect(new Set(left.map(({ because }) => because))).toEqual(new Set(['no-edit']));
  });

  it('is what was mended without success: a tab that cannot be blanks', () => {
    const yaml = 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n\t  labels: {}\n';
    const { texts, fixed } = mend(yaml);
    expect([texts[0]?.text, fixed]).toEqual([yaml, []]);
  });
});
