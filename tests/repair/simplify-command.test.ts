// `simplify --write` as a person runs it: what goes, what stays, and the file afterwards.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../cli-process.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart}}
spec: {containers: [{name: c, image: i}]}
`;
const policy = (name: string, rules: string) => `---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress:
${rules}`;
const frontend = '  - from:\n    - podSelector: {matchLabels: {app: frontend}}\n    ports: [{port: 80}]\n';
const everyone = '  # the whole shop\n  - from:\n    - podSelector: {}\n';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simplify-'));
  file = join(folder, 'shop.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

it('takes out a policy and a rule that another one implies, keeps the comment of the one that stays, and then has nothing to do', () => {
  writeFileSync(file, POD + policy('cart', frontend + everyone) + policy('again', frontend));
  const run = runCli(['simplify', '-f', file, '--write']);
  expect([run.status, run.stderr.includes('error')]).toEqual([1, false]);
  expect(readFileSync(file, 'utf8')).toBe(POD + policy('cart', everyone));
  expect(runCli(['simplify', '-f', file]).status).toBe(0);
});

it('leaves a file alone in which no rule implies another', () => {
  const text = POD + policy('cart', frontend) + policy('again', frontend.replace('port: 80', 'port: 81'));
  writeFileSync(file, text);
  expect(runCli(['simplify', '-f', file, '--write']).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
