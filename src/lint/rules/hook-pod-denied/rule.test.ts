import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy, stream } from '../../../../tests/lint/shop.ts';
import { hookPodDenied } from './rule.ts';

const job = (annotations: string) =>
  `apiVersion: batch/v1\nkind: Job\nmetadata: { name: j, namespace: shop, annotations: { ${annotations} } }\nspec: { template: { metadata: { labels: { app: j } }, spec: { containers: [] } } }\n`;
const egress = (rules: string) => policy('out', `podSelector: {}\npolicyTypes: [Egress]\negress: [${rules}]`);

describe('hook-pod-denied', () => {
  it.each([
    ['a hook that may send nothing', '', 'helm.sh/hook: pre-upgrade', ['1 note denied']],
    ['a hook that may only ask DNS', '{ ports: [{ port: 53, protocol: UDP }] }', 'helm.sh/hook: test', ['1 note denied']],
    ['a hook that may call somebody', '{ to: [{ podSelector: {} }] }', 'helm.sh/hook: test', []],
    ['a Job that is no hook', '', 'a: b', []],
  ])('%s', (_, rules, annotations, expected) => {
    expect(found(hookPodDenied, stream(egress(rules), job(annotations)))).toEqual(expected);
  });
});
