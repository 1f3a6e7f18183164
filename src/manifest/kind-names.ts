// The names under which objects are kept: Kubernetes' own kinds as they are, those of foreign groups that share such a name with their group.
import { looksLikePolicy } from '../kinds/looks-like-policy.ts';
import { GATEWAY_ROUTE_KINDS } from '../model/cluster.ts';
import { GATEWAY_GROUP } from './gateway-routes.ts';
import { apiGroup } from './kinds.ts';
import type { KubeObject } from './objects.ts';
import { policingKind } from './policing-kinds.ts';
import { isServedPolicy } from './unread-policies.ts';

/** Of Gateway API: what `gateway-routes.ts` reads. Istio has a Gateway of its own. */
const GATEWAY_KINDS = ['Gateway', 'GatewayClass', 'ReferenceGrant', ...GATEWAY_ROUTE_KINDS] as const;
const IN_GATEWAY_API: ReadonlySet<string> = new Set(GATEWAY_KINDS);

/** Kinds that are turned into a part of the model. */
export const readKinds: ReadonlySet<string> = new Set([
  'Namespace',
  'Node',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'Ingress',
  'NetworkPolicy',
  ...GATEWAY_KINDS,
]); // prettier-ignore

/** In front of the kinds of objects that are meant as NetworkPolicies and that no server takes. */
const UNSERVED = 'not served: ';

export function isUnserved(kindName: string): boolean {
  return kindName.startsWith(UNSERVED);
}

/** The groups in which Kubernetes itself has these kinds, old homes included. */
const HOME_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'extensions', 'networking.k8s.io', 'discovery.k8s.io']);

/** `NetworkPolicy`; Calico's is `NetworkPolicy.projectcalico.org`. */
export function nameOfKind(object: KubeObject): string {
  const { kind, apiVersion } = object;
  const group = apiGroup(apiVersion);
  const full = `${kind}.${group}`;
  if (policingKind(full) !== undefined) return full;
  if (isServedPolicy(object)) return kind;
  if (IN_GATEWAY_API.has(kind)) return group === GATEWAY_GROUP ? kind : full;
  if (readKinds.has(kind) && kind !== 'NetworkPolicy') return HOME_GROUPS.has(group) ? kind : full;
  return looksLikePolicy(apiVersion, kind, object.value) ? `${UNSERVED}${full}` : kind;
}
