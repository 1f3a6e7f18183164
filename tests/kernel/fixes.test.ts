// `fix --prove`: what a real kernel did before a fix and after it, for a connection that is opened and one that is closed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodePorts } from '../../src/app/node-ports.ts';
import { proveFixes } from '../../src/app/prove-fix.ts';
import { loadCluster } from '../../src/manifest/load.ts';
import { fix } from '../../src/question/fix.ts';
import { proofWords } from '../../src/words/en/fixes.ts';
import { root } from '../cli-process.ts';
import { semanticsNamed } from '../schemas/documents.ts';
import { describeWithKernel } from './needs.ts';

const texts = ['shop.yaml', 'policies-friday.yaml'].map((file) => ({
  file,
  text: readFileSync(join(root, 'examples/outage', file), 'utf8'),
}));

async function proofsOf(question: { readonly from: string; readonly to: string }, deny: boolean) {
  const cluster = loadCluster(texts);
  const semantics = semanticsNamed('calico-iptables');
  const answer = fix(cluster, semantics, { ...question, namespace: 'default' }, { most: 2, deny });
  if (answer.kind === 'error') throw new Error(JSON.stringify(answer.errors));
  const [connection] = answer.connections;
  if (connection === undefined) throw new Error('no connection');
  expect(connection.fixes.length).toBeGreaterThan(0);
  return [...(await proveFixes(nodePorts.kernel, { cluster, semantics }, connection, connection.fixes)).values()];
}

describeWithKernel('a fix on a real kernel', () => {
  it('opens what was denied', { timeout: 60_000 }, async () => {
    const proofs = await proofsOf({ from: 'web/frontend', to: 'http://api-server.payments:80/' }, false);
    for (const proof of proofs) {
      expect(proof).toMatchObject({ before: { 'denied-egress': 1 }, after: { allowed: 1 }, agrees: true });
      expect(proofWords(proof)).toBe('before: denied by egress (1 packet); after: allowed (1 packet)');
    }
  });

  it('with --deny closes what was allowed', { timeout: 60_000 }, async () => {
    const proofs = await proofsOf({ from: 'payments/api-server', to: 'payments/postgres-primary:5432' }, true);
    for (const proof of proofs)
      expect(proof).toMatchObject({ before: { allowed: 1 }, agrees: true, after: expect.not.objectContaining({ allowed: 1 }) });
  });
});
