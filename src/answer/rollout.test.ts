// The documents of a rollout fit their schemas, and names cannot leave the words of a script that they are in.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkerOf } from '../../tests/schemas/documents.ts';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { chooseProfile, type ProfileChoice } from '../profile/choose.ts';
import { rollout } from '../question/rollout.ts';
import { rolloutDocument, rolloutScript, rolloutSyncWaves } from './rollout.ts';

const deployment = (name: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [] } } }
`;
const policy = (name: string, peer: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${JSON.stringify(name)}, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: ${peer} } } }] }]
`;
const SHOP = [deployment('frontend'), deployment('checkout'), deployment('cart')];
const BROKEN = policy('broken', 'frontend').replace('ingress: [', 'ingress: [{ ports: [{ port: 99999 }] }, ');
const kubernetes = chooseProfile('kubernetes') as ProfileChoice;
const between = (before: readonly string[], after: readonly string[]) =>
  rollout({ before: clusterOf(...SHOP, ...before), after: clusterOf(...SHOP, ...after), choice: kubernetes, settingsDiffer: false });

test.each([
  ['unchanged', [], []],
  ['ordered', [policy('a', 'frontend')], [policy('b', 'frontend')]],
  ['temporary', [], [policy('a', 'frontend'), policy('b', 'checkout')]],
  ['undecided', [BROKEN], [BROKEN.replace('name: "broken"', 'name: other')]],
])('%s: the document fits the schema', (outcome, before, after) => {
  const document = rolloutDocument(between(before, after), 'old', 'new');
  expect(document.outcome).toBe(outcome);
  expect(checkerOf('rollout')(JSON.parse(JSON.stringify(document)))).toEqual([]);
});

test('a document that has another outcome does not fit', () => {
  const document = { ...rolloutDocument(between([], []), 'old', 'new'), outcome: 'perhaps' };
  expect(checkerOf('rollout')(document)).not.toEqual([]);
});

/** The arguments of every call of kubectl, a list each. */
function callsOf(script: string): readonly string[] {
  const traced = `kubectl() { printf '%s|' "$@"; echo; cat >/dev/null; }\n${script}`;
  return execFileSync('sh', ['-s'], { input: `exec 3<&0\n${traced.replaceAll('cat >/dev/null', ':')}`, encoding: 'utf8' })
    .trim()
    .split('\n');
}

test('a name of shell commands stays one word', () => {
  const hostile = "cart'; echo OUCH; '$(echo OUCH)`echo OUCH`";
  const script = rolloutScript(between([policy(hostile, 'frontend'), policy('a', 'frontend')], [policy('a', 'frontend')]));
  expect(callsOf(script)).toEqual([`delete|--namespace=shop|--ignore-not-found|--|NetworkPolicy.v1.networking.k8s.io|${hostile}|`]);
});

test('a line of the object that looks like the end of the here-document does not end it', () => {
  const flow = `{ apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: { name: b, namespace: shop, annotations: { note: "one
END
echo OUCH" } }, spec: { podSelector: {}, policyTypes: [Egress] } }
`;
  const script = rolloutScript(between([], [flow]));
  expect(script).toContain("<<'END_'\n");
  expect(callsOf(script)).toEqual(['apply|--namespace=shop|-f|-|']);
});

test('an object that was read from JSON is written as YAML of the same values', () => {
  const written = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'b', namespace: 'shop', labels: { on: 'true', port: '080', none: '' }, annotations: null },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [], ports: [{ port: 53, protocol: 'UDP' }] }] },
  };
  const script = rolloutScript(between([], [JSON.stringify(written)]));
  const manifest = /<<'END'\n([\s\S]*?)\nEND\n/.exec(script)?.[1] ?? '';
  expect(parse(manifest)).toEqual(written);
  expect(manifest).not.toContain('{"');
});

test('what is deleted is said in comments, one line each', () => {
  const text = rolloutSyncWaves(between([policy('a\nkind: Secret', 'frontend'), policy('c', 'frontend')], [policy('c', 'frontend')]));
  expect(
    text
      .split('\n')
      .filter((line) => line !== '')
      .every((line) => line.startsWith('#')),
  ).toBe(true);
});
