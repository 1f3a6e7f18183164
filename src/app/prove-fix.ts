// The connection of a fix made on a real kernel, as things are and with the fix.
import type { FixProof, Observed } from '../answer/documents/fixes.ts';
import type { Ask } from '../lab/ask.ts';
import { expectedOf, type Observation } from '../lab/compare.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionFixes } from '../question/fix.ts';
import { changedCluster } from '../repair/apply.ts';
import { type Fix, movedEnd } from '../repair/suggest.ts';
import { decideCarefully } from '../route/assumed.ts';
import type { Leg } from '../route/party.ts';
import type { KernelPort } from './ports.ts';

/**
 * For each of these fixes what the kernel did before and after it: `{ before: { 'denied-ingress': 2 }, after: { allowed: 2 }, agrees: true }`.
 * Failures: those of askKernel, where this machine has no kernel to ask or the lab's own controls fail.
 */
export async function proveFixes(
  port: KernelPort,
  { cluster, semantics }: { readonly cluster: Cluster; readonly semantics: Semantics },
  { connection }: ConnectionFixes,
  fixes: readonly Fix[],
): Promise<ReadonlyMap<Fix, FixProof>> {
  const { legs } = connection.route;
  const before = await observe(port, cluster, semantics, legs);
  const proofs = new Map<Fix, FixProof>();
  for (const fix of fixes) {
    const moved = legs.map((leg) => ({
      ...leg,
      source: movedEnd(leg.source, fix.changes),
      destination: movedEnd(leg.destination, fix.changes),
    }));
    const after = await observe(port, changedCluster(cluster, fix.changes), semantics, moved);
    proofs.set(fix, { kernel: after.kernel, before: before.observed, after: after.observed, agrees: before.agrees && after.agrees });
  }
  return proofs;
}

async function observe(
  port: KernelPort,
  cluster: Cluster,
  semantics: Semantics,
  legs: readonly Leg[],
): Promise<{ readonly observed: Observed; readonly agrees: boolean; readonly kernel: string }> {
  const asks = legs.flatMap(({ source, destination, protocol, port }): readonly Ask[] =>
    protocol === 'ICMP' ? [] : [{ source, destination, protocol, port }],
  );
  const { observed, kernel } = await port.ask(cluster, semantics, asks);
  const count: Partial<Record<Observation, number>> = {};
  for (const each of observed.flat()) count[each] = (count[each] ?? 0) + 1;
  const agrees = legs.every((leg, i) => {
    const { destination } = leg;
    // Packets have an address, and no name that they were asked for by.
    const dialled = destination.kind === 'outside' ? { kind: 'outside' as const, address: destination.address } : destination;
    const expected = expectedOf(decideCarefully(cluster, semantics, { ...leg, destination: dialled }).verdict);
    // What the engine leaves open the kernel cannot contradict.
    return expected.length === 0 || (observed[i] ?? []).every((each) => expected.includes(each));
  });
  return { observed: count, agrees: agrees && observed.flat().length > 0, kernel };
}
