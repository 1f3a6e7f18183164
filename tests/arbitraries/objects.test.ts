// What the generators of manifests draw is valid: a policy that is refused would say nothing, and a random test over it neither.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { loadCluster } from '../../src/manifest/load.ts';
import { asReadBy } from '../../src/program/in-force.ts';
import { semantics } from '../kernel/agreement.ts';
import { calicoObjects } from './calico-objects.ts';
import { ciliumObjects } from './cilium-objects.ts';
import { policyApiObjects } from './policy-api-objects.ts';
import { runs } from './runs.ts';

it.each([
  ['cluster-wide policies', 'kubernetes', policyApiObjects],
  ["Cilium's policies", 'cilium', ciliumObjects],
  ["Calico's policies", 'calico', calicoObjects],
] as const)('%s are read without a fault', (_, profile, objects) => {
  const kinds = new Set<string>();
  fc.assert(
    fc.property(objects, (drawn) => {
      const items = [...drawn];
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
      const cluster = asReadBy(loadCluster([{ file: 'random.json', text }]), semantics(profile));
      expect(cluster.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(cluster.policies.flatMap(({ faults }) => faults)).toEqual([]);
      for (const { kind } of cluster.policies) kinds.add(kind);
    }),
    runs(60),
  );
  expect(kinds.size).toBeGreaterThan(1);
});
