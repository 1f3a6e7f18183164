// What is asked of a live cluster: one row per kind, and the few single objects that tell which CNI it runs.
// The reader (live-*.ts), the ClusterRole of `netverdict rbac` and its test are all made from this table.

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
   * `sign`: it only helps to tell which CNI this is.
   */
  readonly role: 'core' | 'policy' | 'sign';
}

const core = (kind: string, group: string, resource: string, scope: ClusterKind['scope'] = 'namespaced'): ClusterKind => ({
  kind,
  group,
  resource,
  scope,
  versions: ['v1'],
  role: kind === 'NetworkPolicy' ? 'policy' : 'core',
});

const policy = (kind: string, group: string, version: string, resource: string, scope: ClusterKind['scope']): ClusterKind => ({
  kind,
  group,
  resource,
  scope,
  versions: [version],
  role: 'policy',
});

const NPA = 'policy.networking.k8s.io';
/** Calico's objects as it stores them, and as its own API server (or newer installations without one) shows them. */
const CALICO_STORED = 'crd.projectcalico.org';
const CALICO = 'projectcalico.org';

/** Sorted by group and kind. Endpoints are not among them: EndpointSlices say the same and more (Kubernetes 1.21). */
export const CLUSTER_KINDS: readonly ClusterKind[] = [
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
  policy('CiliumClusterwideNetworkPolicy', 'cilium.io', 'v2', 'ciliumclusterwidenetworkpolicies', 'cluster'),
  policy('CiliumNetworkPolicy', 'cilium.io', 'v2', 'ciliumnetworkpolicies', 'namespaced'),
  policy('ClusterNetworkPolicy', 'crd.antrea.io', 'v1beta1', 'clusternetworkpolicies', 'cluster'),
  policy('NetworkPolicy', 'crd.antrea.io', 'v1beta1', 'networkpolicies', 'namespaced'),
  { ...core('FelixConfiguration', CALICO_STORED, 'felixconfigurations', 'cluster'), role: 'sign' },
  policy('GlobalNetworkPolicy', CALICO_STORED, 'v1', 'globalnetworkpolicies', 'cluster'),
  policy('NetworkPolicy', CALICO_STORED, 'v1', 'networkpolicies', 'namespaced'),
  core('EndpointSlice', 'discovery.k8s.io', 'endpointslices'),
  policy('ClusterNetworkPolicy', 'networking.k8s.aws', 'v1alpha1', 'clusternetworkpolicies', 'cluster'),
  core('Ingress', 'networking.k8s.io', 'ingresses'),
  core('NetworkPolicy', 'networking.k8s.io', 'networkpolicies'),
  policy('AdminNetworkPolicy', NPA, 'v1alpha1', 'adminnetworkpolicies', 'cluster'),
  policy('BaselineAdminNetworkPolicy', NPA, 'v1alpha1', 'baselineadminnetworkpolicies', 'cluster'),
  policy('ClusterNetworkPolicy', NPA, 'v1alpha2', 'clusternetworkpolicies', 'cluster'),
  { ...core('FelixConfiguration', CALICO, 'felixconfigurations', 'cluster'), versions: ['v3'], role: 'sign' },
  policy('GlobalNetworkPolicy', CALICO, 'v3', 'globalnetworkpolicies', 'cluster'),
  policy('NetworkPolicy', CALICO, 'v3', 'networkpolicies', 'namespaced'),
];

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
