import { describe, expect, it } from 'vitest';
import { diffResults } from './diff-results.ts';
import type { ConnectivityDiff } from './documents/connectivity-diff.ts';
import { diff } from './library.ts';

const pod = (name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {app: ${name}}}\nspec: {containers: [{name: main, image: ${name}}]}\nstatus: {podIP: 10.0.0.${name.length}}\n---\n`;
const policy = (from: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: cart, namespace: shop}\nspec:\n  podSelector: {matchLabels: {app: cart}}\n  ingress:\n  - from:\n    - podSelector: {matchLabels: {app: ${from}}}\n`;
const inert = `---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: lost, namespace: shop}\nspec: {podSelector: {matchLabels: {app: crat}}}\n`;
const shop = pod('cart') + pod('frontend') + pod('checkout');

function changed(before: string, after: string): ConnectivityDiff {
  const document = diff({ before: { files: [{ file: 'k8s.yaml', text: before }] }, after: { files: [{ file: 'k8s.yaml', text: after }] } });
  if (document.kind !== 'ConnectivityDiff') throw new Error(JSON.stringify(document));
  return document;
}

const keysOf = (document: ConnectivityDiff) => diffResults(document).map(({ key }) => key);

describe('the key of a result', () => {
  const before = shop + policy('frontend') + inert.replace('crat', 'cart');
  const after = shop + policy('checkout') + inert;
  const document = changed(before, after);

  it('stays when lines are moved and when a sentence is said better', () => {
    expect(diffResults(document).map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['access-widened', 'access-lost', 'policy-inert', 'open-connections']),
    );
    expect(keysOf(changed(`# moved\n\n${before}`, `# moved\n\n\n${after}`))).toEqual(keysOf(document));
    const better = { ...document, inert: document.inert.map((each) => ({ ...each, text: 'said better' })) };
    expect(diffResults(better).map(({ text }) => text)).not.toEqual(diffResults(document).map(({ text }) => text));
    expect(keysOf(better)).toEqual(keysOf(document));
  });

  it('differs where other ends are opened', () => {
    const widened = (found: ConnectivityDiff) => diffResults(found).find(({ rule }) => rule === 'access-widened')?.key;
    const opened = widened(changed(shop + policy('nobody'), shop + policy('frontend')));
    expect(opened).toContain('shop/frontend');
    expect(widened(document)).not.toBe(opened);
  });

  it('is there once, also of two results that differ in their lines only', () => {
    const broken = changed(shop, `${shop}{[\n---\n{[\n`);
    const unread = diffResults(broken).filter(({ rule }) => rule === 'state-unreadable');
    expect(unread.length).toBeGreaterThan(1);
    expect(new Set(keysOf(broken)).size).toBe(keysOf(broken).length);
  });
});
