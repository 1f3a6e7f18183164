// What is asked of a live cluster: one row per kind, and the few single objects that tell which CNI it runs.
// The reader (live-*.ts), the ClusterRole of `netverdict rbac` and its test are all made from this table.

import { POLICING_KINDS } from '../manifest/policing-kinds.ts';

export interface ClusterKind {
  /** `NetworkPolicy`. */
  readonly kind: string;
  /** `networking.k8s.io`; '' for the core group. */
  readonly group: string;
  /** `networkpolicies`, as in the URL and in a ClusterRole. */
  readonly resource: string;
  readonly scope: 'namespaced' | 'cluster';
  /** Versions whose shape the reader knows, the one to prefer first. */
  readonly versions: readonly string[];
  /**
   * `core`: every cluster serves it. `policy`: it may deny or allow, so not seeing it makes verdicts undecided.
   * `sign`: it only helps to tell which CNI this is. `route`: it leads to Services from outside, where its CRD is installed.
   */
  readonly role: 'core' | 'policy' | 'sign' | 'route';
}

const core = (kind: string, group: string, resource: string, scope: ClusterKind['scope'] = 'namespaced'): ClusterKind => ({
  kind,
  group,
  resource,
  scope,
  versions: ['v1'],
  role: kind === 'NetworkPolicy' ? 'policy' : 'core',
});

/** Calico's objects as it stores them, and as its own API server (or newer installations without one) shows them. */
const CALICO_STORED = 'crd.projectcalico.org';
const CALICO = 'projectcalico.org';

/** Every kind that polices and is not evaluated: whether there is one of it decides whether a verdict is one. */
const POLICING = POLICING_KINDS.map(
  ({ kind, group, resource, scope, versions }): ClusterKind => ({
    kind,
    group,
    resource,
    scope,
    versions,
    role: 'policy',
  }),
);

/** What Calico's policies look up: without them a rule means less than it says. */
const CALICO_LOOKED_UP = (
  [
    [CALICO_STORED, 'v1'],
    [CALICO, 'v3'],
  ] as const
).flatMap(([group, version]) =>
  (
    [
      ['GlobalNetworkSet', 'globalnetworksets', 'cluster'],
      ['HostEndpoint', 'hostendpoints', 'cluster'],
      ['NetworkSet', 'networksets', 'namespaced'],
      ['Tier', 'tiers', 'cluster'],
    ] as const
  ).map(([kind, resource, scope]): ClusterKind => ({ kind, group, resource, scope, versions: [version], role: 'policy' })),
);

/** Gateway API, each kind in the versions in which it had the shape that `manifest/gateway-routes.ts` reads. */
const GATEWAY_API = (
  [
    ['GRPCRoute', 'grpcroutes', ['v1', 'v1alpha2']],
    ['Gateway', 'gateways', ['v1', 'v1beta1']],
    ['HTTPRoute', 'httproutes', ['v1', 'v1beta1']],
    ['ReferenceGrant', 'referencegrants', ['v1', 'v1beta1']],
    ['TCPRoute', 'tcproutes', ['v1', 'v1alpha2']],
    ['TLSRoute', 'tlsroutes', ['v1', 'v1alpha3', 'v1alpha2']],
  ] as const
).map(
  ([kind, resource, versions]): ClusterKind => ({
    kind,
    group: 'gateway.networking.k8s.io',
    resource,
    scope: 'namespaced',
    versions,
    role: 'route',
  }),
);

/** Endpoints are not among them: EndpointSlices say the same and more (Kubernetes 1.21). */
const KINDS: readonly ClusterKind[] = [
  core('Namespace', '', 'namespaces', 'cluster'),
  core('Node', '', 'nodes', 'cluster'),
  core('Pod', '', 'pods'),
  core('ReplicationController', '', 'replicationcontrollers'),
  core('Service', '', 'services'),
  core('DaemonSet', 'apps', 'daemonsets'),
  core('Deployment', 'apps', 'deployments'),
  core('ReplicaSet', 'apps', 'replicasets'),
  core('StatefulSet', 'apps', 'statefulsets'),
  core('CronJob', 'batch', 'cronjobs'),
  core('Job', 'batch', 'jobs'),
  { ...core('FelixConfiguration', CALICO_STORED, 'felixconfigurations', 'cluster'), role: 'sign' },
  core('EndpointSlice', 'discovery.k8s.io', 'endpointslices'),
  core('Ingress', 'networking.k8s.io', 'ingresses'),
  core('NetworkPolicy', 'networking.k8s.io', 'networkpolicies'),
  { ...core('FelixConfiguration', CALICO, 'felixconfigurations', 'cluster'), versions: ['v3'], role: 'sign' },
  ...CALICO_LOOKED_UP,
  ...POLICING,
  ...GATEWAY_API,
  // What Cilium's policies mean by the name of a group.
  {
    kind: 'CiliumCIDRGroup',
    group: 'cilium.io',
    resource: 'ciliumcidrgroups',
    scope: 'cluster',
    versions: ['v2', 'v2alpha1'],
    role: 'policy',
  },
];

/** Sorted by group and kind. */
export const CLUSTER_KINDS: readonly ClusterKind[] = KINDS.toSorted((a, b) =>
  a.group === b.group ? compare(a.kind, b.kind) : compare(a.group, b.group),
);

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Where Calico's objects are stored in the cluster, both groups show the same ones: the first that is served is asked. */
export const SAME_OBJECTS: readonly (readonly [asked: string, instead: string])[] = [[CALICO_STORED, CALICO]];

/** ConfigMaps in which a CNI keeps its mode. Read by name, where its DaemonSet is: other ConfigMaps are nobody's business. */
export const SIGN_CONFIG_MAPS: readonly { readonly namespace: string; readonly name: string; readonly daemonSet: string }[] = [
  { namespace: 'kube-system', name: 'amazon-vpc-cni', daemonSet: 'aws-node' },
  { namespace: 'kube-system', name: 'antrea-config', daemonSet: 'antrea-agent' },
  { namespace: 'kube-system', name: 'cilium-config', daemonSet: 'cilium' },
  { namespace: 'kube-flannel', name: 'kube-flannel-cfg', daemonSet: 'kube-flannel-ds' },
];

/** `networkpolicies.networking.k8s.io`, and `pods` for the core group: how kubectl and error messages name a kind. */
export function resourceName({ resource, group }: Pick<ClusterKind, 'resource' | 'group'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}
