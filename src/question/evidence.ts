// The commands that show the facts behind an answer in the cluster itself: the policies that decided, the labels that a rule missed, the
// Service on the way. They only read. Made from names, so every part is quoted for a shell.
import type { NearMiss } from '../explain/near-miss.ts';
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import type { DirectionVerdict } from '../policy/verdict.ts';
import { quoted } from '../repair/kubectl.ts';
import { isHypothetical } from '../route/hypothetical.ts';
import type { ConnectionAnswer, LegAnswer, WhyAnswer } from './why.ts';

/** Objects that a running cluster has given: manifests alone have no pod that a node was chosen for. */
function isFromCluster({ pods }: Cluster): boolean {
  return pods.some(({ template, node }) => !template && node !== undefined);
}

/** The commands of each connection of an answer, in their order; undefined where the objects did not come from a running cluster. */
export function evidenceOfEach(
  cluster: Cluster,
  { connections }: Pick<Extract<WhyAnswer, { kind: 'answer' }>, 'connections'>,
  context?: string,
): readonly (readonly string[])[] | undefined {
  return isFromCluster(cluster) ? connections.map((connection) => evidenceOf(cluster, connection, context)) : undefined;
}

/**
 * `['kubectl get networkpolicy api-server-rules -n payments -o yaml', 'kubectl get pod frontend-6d4 -n web --show-labels']`, each once, the
 * policies first. [] where nothing decided. `context`: a kubeconfig context that every command names. Never throws.
 */
export function evidenceOf(cluster: Cluster, connection: ConnectionAnswer, context?: string): readonly string[] {
  const found = new Set<string>();
  const get = (what: string, namespace: string | undefined, how: string) => {
    const home = namespace === undefined ? '' : ` -n ${quoted(namespace)}`;
    found.add(`kubectl${context === undefined ? '' : ` --context ${quoted(context)}`} get ${what}${home} ${how}`);
  };
  for (const leg of connection.legs) for (const policy of policiesOf(leg)) policyCommand(policy, get);
  const { service } = connection.route;
  const isServiceAtFault = connection.obstacles.some(({ facts }) => facts.service !== undefined);
  if (service !== undefined && (isServiceAtFault || service.ready < service.total)) {
    const { name, namespace } = service.service;
    get(`service ${quoted(name)}`, namespace, '-o yaml');
    get('endpointslices', namespace, `-l ${quoted(`kubernetes.io/service-name=${name}`)} -o wide`);
  }
  for (const leg of connection.legs) {
    for (const { miss } of leg.explanation.causes) {
      for (const difference of miss?.checks.flatMap(({ differences }) => differences) ?? []) missed(cluster, leg, difference, get);
    }
  }
  for (const { facts } of connection.obstacles) {
    const refs = Array.isArray(facts.pods) ? facts.pods : typeof facts.pod === 'string' ? [facts.pod] : [];
    for (const ref of refs.slice(0, MOST_PODS)) podCommand(cluster.podByRef.get(ref), '-o yaml', get);
  }
  return [...found];
}

/** More pods of one workload show the same. */
const MOST_PODS = 2;

type Difference = NearMiss['checks'][number]['differences'][number];
type Get = (what: string, namespace: string | undefined, how: string) => void;

function policiesOf({ explanation: { egress, ingress } }: LegAnswer): readonly Policy[] {
  return [egress.verdict, ingress.verdict].flatMap(decidedBy);
}

function decidedBy(verdict: DirectionVerdict): readonly Policy[] {
  if (verdict.outcome === 'allowed') return verdict.rules.map(({ policy }) => policy);
  return verdict.outcome === 'denied' ? verdict.policies : [];
}

/** Calico stores its own NetworkPolicies beside those of Kubernetes, under the same kind. */
function policyCommand({ kind, name, namespace, needs }: Policy, get: Get): void {
  const resource = kind === 'NetworkPolicy' && needs === 'calico' ? 'networkpolicies.crd.projectcalico.org' : kind.toLowerCase();
  // Whatever was not read has no name that could be asked for.
  if (/^[a-z0-9.-]+$/i.test(name)) get(`${resource} ${quoted(name)}`, namespace, '-o yaml');
}

function missed(cluster: Cluster, { leg }: LegAnswer, difference: Difference, get: Get): void {
  switch (difference.code) {
    case 'label-differs':
      if (difference.of === 'namespace') get(`namespace ${quoted(difference.name)}`, undefined, '--show-labels');
      else podCommand(cluster.podByRef.get(difference.name), '--show-labels', get);
      return;
    case 'host-network':
      podCommand(cluster.podByRef.get(difference.pod), '-o wide', get);
      return;
    case 'other-namespace':
    case 'not-a-pod':
    case 'outside-block':
    case 'in-except':
    case 'other-family':
    case 'block-ignores-cluster':
    case 'address-unknown':
      for (const ref of [leg.sourceRef, leg.destinationRef]) podCommand(cluster.podByRef.get(ref), '-o wide', get);
      return;
    default:
      podCommand(cluster.podByRef.get(leg.destinationRef), '-o yaml', get);
  }
}

function podCommand(pod: Pod | undefined, how: string, get: Get): void {
  if (pod !== undefined && !pod.template && !isHypothetical(pod)) get(`pod ${quoted(pod.name)}`, pod.namespace, how);
}
