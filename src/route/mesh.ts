// Pods of Istio's ambient mesh: whatever port the application names, what travels between two of them arrives on TCP 15008 (HBONE), and
// that is the port NetworkPolicies see. Knows the labels that put a pod into the mesh; what else the mesh decides is its own.
import type { Cluster, Pod } from '../model/cluster.ts';
import { decide } from '../policy/decide.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Obstacle } from './obstacle.ts';
import type { Leg } from './party.ts';

const HBONE_PORT = 15008;
const MODE = 'istio.io/dataplane-mode';

/** Is the pod in the ambient mesh? Its own label counts before that of its namespace; a pod in its node's network is never in it. */
function isAmbient(cluster: Cluster, pod: Pod): boolean {
  if (pod.hostNetwork) return false;
  return (pod.labels.get(MODE) ?? cluster.namespaces.get(pod.namespace)?.labels.get(MODE)) === 'ambient';
}

/** What stops the mesh's port on this leg, once for all of its pods; [] where an end is not in the mesh or the port is open. */
export function meshObstacles(cluster: Cluster, semantics: Semantics, leg: Leg): readonly Obstacle[] {
  const { source, destination } = leg;
  if (leg.protocol !== 'TCP' || leg.port === HBONE_PORT || source.kind !== 'pod' || destination.kind !== 'pod') return [];
  if (!isAmbient(cluster, source.pod) || !isAmbient(cluster, destination.pod)) return [];
  const { outcome, egress, ingress } = decide(cluster, semantics, { source, destination, protocol: 'TCP', port: HBONE_PORT });
  if (outcome !== 'denied') return [];
  const policies = [egress, ingress].flatMap((side) => (side.outcome === 'denied' ? side.policies : []));
  const facts = { source: source.pod.ref, destination: destination.pod.ref, port: HBONE_PORT, policies: policies.map(({ ref }) => ref) };
  const [first] = policies;
  return [{ code: 'mesh-port-shut', severity: 'open', facts, ...(first === undefined ? {} : { origin: first.origin }) }];
}
