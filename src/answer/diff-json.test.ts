import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown } from '../profile/choose.ts';
import { diff } from '../question/diff.ts';
import { type DiffQuestion, diffDocument } from './diff.ts';
import { rowGroups } from './diff-groups.ts';
import { diffJson } from './diff-json.ts';

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { containers: [{ name: main, image: main }] }
`;
const policy = (name: string, spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: { ${spec} }
`;
const cart = (from: string, port: number) =>
  policy(
    'cart',
    `podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: ${from} } } }], ports: [{ port: ${port} }] }]`,
  );
const both = policy(
  'both',
  'podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: { matchLabels: { app: cart } } }] }]',
);
const BEFORE = [pod('frontend'), pod('cart'), cart('frontend', 7070)];
const AFTER = [pod('frontend'), pod('cart'), pod('checkout'), pod('mail'), cart('prometheus', 7071), both];

function questionOf(before: readonly string[], after: readonly string[], profile: string): DiffQuestion {
  const choice = chooseProfile(profile);
  if (isUnknown(choice)) throw new Error(`no profile ${profile}`);
  const [old, now] = [before, after].map((texts) => loadCluster([{ file: 'shop.yaml', text: texts.join('---\n') }]));
  if (old === undefined || now === undefined) throw new Error('two states');
  return { base: 'main', head: 'working tree', clusters: { before: old, after: now }, answer: diff(old, now, choice) };
}

describe('a comparison in pieces', () => {
  it.each(['kubernetes', 'calico', 'kube-router'])('is the text of its document, both ways: %s', (profile) => {
    for (const [before, after] of [
      [BEFORE, AFTER],
      [AFTER, BEFORE],
      [BEFORE, [...BEFORE, 'a: [\n']],
      [BEFORE, BEFORE],
    ] as const) {
      const question = questionOf(before, after, profile);
      const text = [...diffJson(question, question.answer.rows())].join('');
      expect(text.replaceAll('\n', '')).toBe(JSON.stringify(diffDocument(question, question.answer.rows())));
    }
  });

  it('reads back as a document that is grouped alike', () => {
    const question = questionOf(BEFORE, AFTER, 'calico');
    const made = diffDocument(question, question.answer.rows());
    const groups = rowGroups(made);
    expect(groups.length).toBeGreaterThan(1);
    expect(rowGroups(JSON.parse(JSON.stringify(made)))).toEqual(groups);
  });
});
