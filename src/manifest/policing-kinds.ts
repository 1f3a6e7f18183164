// The kinds that police traffic and are not evaluated here, as data: what they are called, whom they can touch, and who decides by them.
// One list for files and for live clusters. A kind that gets an evaluator of its own loses its line.

export interface PolicingKind {
  readonly kind: string;
  readonly group: string;
  /** `egressfirewalls`, as in the URL of a live cluster and in a ClusterRole. */
  readonly resource: string;
  readonly scope: 'namespaced' | 'cluster';
  /** Served versions, the one to ask first in front. Files may have any. */
  readonly versions: readonly string[];
  /**
   * `overrules`: it may allow what NetworkPolicies deny, and the other way round. `adds`: it isolates and allows beside them, in one union.
   * `restricts`: something behind them, which can only take away from what they allow.
   */
  readonly weight: 'overrules' | 'adds' | 'restricts';
  /** `mesh`: a proxy in or beside the pod decides; `network`: something on the path of every packet. */
  readonly layer: 'network' | 'mesh';
  readonly directions: readonly ('ingress' | 'egress')[];
  /** `OVN-Kubernetes`, as in "OVN-Kubernetes decides"; a code where it has no proper name: words/en/deciders.ts. */
  readonly decides: string;
  /** Where it selects pods of its namespace: a LabelSelector, or plain labels. Absent: it may select them all. */
  readonly pods?: { readonly at: readonly string[]; readonly as: 'selector' | 'labels' };
  /** Where it names its directions, as NetworkPolicies do. */
  readonly types?: readonly string[];
  /** Objects of this namespace concern all namespaces. */
  readonly rootNamespace?: string;
  /** It looks at traffic with nodes and the outside only, never at what pods say to each other. */
  readonly beyondPods?: true;
  /** A list or flag of which at least one must be set, or the object says nothing about who may talk to whom. */
  readonly onlyWith?: readonly (readonly string[])[];
}

const BOTH = ['ingress', 'egress'] as const;
const POD_SELECTOR = { at: ['spec', 'podSelector'], as: 'selector' } as const;

type Row = readonly [kind: string, resource: string, scope: PolicingKind['scope']];

/** Kinds of one group that differ in name and scope only. */
function kindsOf(group: string, common: Omit<PolicingKind, 'kind' | 'group' | 'resource' | 'scope'>, ...rows: readonly Row[]) {
  return rows.map(([kind, resource, scope]): PolicingKind => ({ ...common, kind, group, resource, scope }));
}

const overrules = (decides: string, ...versions: readonly string[]) =>
  ({ weight: 'overrules', layer: 'network', directions: BOTH, decides, versions }) as const;
const restricts = (decides: string, directions: PolicingKind['directions'], ...versions: readonly string[]) =>
  ({ weight: 'restricts', layer: 'network', directions, decides, versions }) as const;
const mesh = (decides: string, directions: PolicingKind['directions'], ...versions: readonly string[]) =>
  ({ weight: 'restricts', layer: 'mesh', directions, decides, versions }) as const;

const beyondPods = <T extends object>(common: T) => ({ ...common, beyondPods: true }) as const;

const ISTIO_SELECTOR = { pods: { at: ['spec', 'selector', 'matchLabels'], as: 'labels' }, rootNamespace: 'istio-system' } as const;

/** Sorted by group. */
export const POLICING_KINDS: readonly PolicingKind[] = [
  // SMI: https://github.com/servicemeshinterface/smi-spec
  ...kindsOf('access.smi-spec.io', mesh('service-mesh', ['ingress'], 'v1alpha3', 'v1alpha2'), [
    'TrafficTarget',
    'traffictargets',
    'namespaced',
  ]),
  ...kindsOf(
    'cilium.io',
    overrules('Cilium', 'v2'),
    ['CiliumClusterwideNetworkPolicy', 'ciliumclusterwidenetworkpolicies', 'cluster'],
    ['CiliumNetworkPolicy', 'ciliumnetworkpolicies', 'namespaced'],
  ),
  ...kindsOf('consul.hashicorp.com', mesh('Consul', ['ingress'], 'v1alpha1'), ['ServiceIntentions', 'serviceintentions', 'namespaced']),
  ...kindsOf(
    'crd.antrea.io',
    overrules('Antrea', 'v1beta1', 'v1alpha1'),
    ['ClusterNetworkPolicy', 'clusternetworkpolicies', 'cluster'],
    ['NetworkPolicy', 'networkpolicies', 'namespaced'],
  ),
  ...kindsOf('crd.nsx.vmware.com', overrules('NSX', 'v1alpha1'), ['SecurityPolicy', 'securitypolicies', 'namespaced']),
  ...kindsOf(
    'crd.projectcalico.org',
    overrules('Calico', 'v1'),
    ['GlobalNetworkPolicy', 'globalnetworkpolicies', 'cluster'],
    ['NetworkPolicy', 'networkpolicies', 'namespaced'],
  ),
  // At the network card of the node, where pods of other nodes arrive inside the overlay.
  ...kindsOf('ingressnodefirewall.openshift.io', beyondPods(restricts('ingress-node-firewall', ['ingress'], 'v1alpha1')), [
    'IngressNodeFirewall',
    'ingressnodefirewalls',
    'cluster',
  ]),
  // Secondary networks: https://github.com/k8snetworkplumbingwg/multi-networkpolicy
  ...kindsOf(
    'k8s.cni.cncf.io',
    {
      ...restricts('secondary-networks', BOTH, 'v1beta1', 'v1beta2'),
      pods: POD_SELECTOR,
      types: ['spec', 'policyTypes'],
    },
    ['MultiNetworkPolicy', 'multi-networkpolicies', 'namespaced'],
  ),
  ...kindsOf(
    'k8s.ovn.org',
    // "Egress firewall rules apply to traffic that leaves the cluster": OVN-Kubernetes, features/network-security-controls.
    beyondPods(restricts('OVN-Kubernetes', ['egress'], 'v1')),
    ['EgressFirewall', 'egressfirewalls', 'namespaced'],
    ['AdminPolicyBasedExternalRoute', 'adminpolicybasedexternalroutes', 'cluster'],
  ),
  ...kindsOf(
    'k8s.ovn.org',
    restricts('OVN-Kubernetes', BOTH, 'v1'),
    ['ClusterUserDefinedNetwork', 'clusteruserdefinednetworks', 'cluster'],
    ['UserDefinedNetwork', 'userdefinednetworks', 'namespaced'],
  ),
  ...kindsOf('kubeovn.io', restricts('Kube-OVN', BOTH, 'v1'), ['SecurityGroup', 'security-groups', 'cluster']),
  ...kindsOf(
    'kubeovn.io',
    {
      ...restricts('Kube-OVN', BOTH, 'v1'),
      onlyWith: [
        ['spec', 'private'],
        ['spec', 'acls'],
      ],
    },
    ['Subnet', 'subnets', 'cluster'],
  ),
  ...kindsOf('kubeovn.io', { ...restricts('Kube-OVN', BOTH, 'v1'), onlyWith: [['spec', 'policyRoutes']] }, ['Vpc', 'vpcs', 'cluster']),
  ...kindsOf(
    'kuma.io',
    mesh('Kuma', ['ingress'], 'v1alpha1'),
    ['MeshTrafficPermission', 'meshtrafficpermissions', 'namespaced'],
    ['TrafficPermission', 'trafficpermissions', 'cluster'],
  ),
  ...kindsOf('network.openshift.io', beyondPods(restricts('OpenShift SDN', ['egress'], 'v1')), [
    'EgressNetworkPolicy',
    'egressnetworkpolicies',
    'namespaced',
  ]),
  ...kindsOf(
    'networking.gke.io',
    {
      weight: 'adds',
      layer: 'network',
      directions: ['egress'],
      decides: 'GKE Dataplane V2',
      versions: ['v1alpha1', 'v3alpha1'],
      pods: POD_SELECTOR,
    },
    ['FQDNNetworkPolicy', 'fqdnnetworkpolicies', 'namespaced'],
  ),
  ...kindsOf('networking.istio.io', mesh('Istio', ['egress'], 'v1', 'v1beta1', 'v1alpha3'), ['Sidecar', 'sidecars', 'namespaced']).map(
    (kind) => ({ ...kind, pods: { at: ['spec', 'workloadSelector', 'labels'], as: 'labels' as const }, rootNamespace: 'istio-system' }),
  ),
  ...kindsOf(
    'networking.k8s.aws',
    {
      weight: 'adds',
      layer: 'network',
      directions: BOTH,
      decides: 'the AWS VPC CNI',
      versions: ['v1alpha1'],
      pods: POD_SELECTOR,
      types: ['spec', 'policyTypes'],
    },
    ['ApplicationNetworkPolicy', 'applicationnetworkpolicies', 'namespaced'],
  ),
  ...kindsOf('networking.k8s.aws', overrules('the AWS VPC CNI', 'v1alpha1'), ['ClusterNetworkPolicy', 'clusternetworkpolicies', 'cluster']),
  ...kindsOf(
    'neuvector.com',
    restricts('NeuVector', BOTH, 'v1'),
    ['NvClusterSecurityRule', 'nvclustersecurityrules', 'cluster'],
    ['NvSecurityRule', 'nvsecurityrules', 'namespaced'],
  ),
  ...kindsOf('nsx.vmware.com', overrules('NSX', 'v1alpha1'), ['SecurityPolicy', 'securitypolicies', 'namespaced']),
  ...kindsOf('policy.linkerd.io', { ...mesh('Linkerd', ['ingress'], 'v1beta3', 'v1beta2', 'v1beta1'), pods: POD_SELECTOR }, [
    'Server',
    'servers',
    'namespaced',
  ]),
  ...kindsOf('policy.linkerd.io', mesh('Linkerd', ['ingress'], 'v1alpha1'), ['AuthorizationPolicy', 'authorizationpolicies', 'namespaced']),
  ...kindsOf('policy.linkerd.io', mesh('Linkerd', ['ingress'], 'v1beta1', 'v1alpha1'), [
    'ServerAuthorization',
    'serverauthorizations',
    'namespaced',
  ]),
  ...kindsOf('policy.linkerd.io', beyondPods(mesh('Linkerd', ['egress'], 'v1alpha1')), ['EgressNetwork', 'egressnetworks', 'namespaced']),
  ...kindsOf(
    'policy.networking.k8s.io',
    overrules('cni-if-supported', 'v1alpha1'),
    ['AdminNetworkPolicy', 'adminnetworkpolicies', 'cluster'],
    ['BaselineAdminNetworkPolicy', 'baselineadminnetworkpolicies', 'cluster'],
  ),
  ...kindsOf('policy.networking.k8s.io', overrules('cni-if-supported', 'v1alpha2'), [
    'ClusterNetworkPolicy',
    'clusternetworkpolicies',
    'cluster',
  ]),
  ...kindsOf(
    'projectcalico.org',
    overrules('Calico', 'v3'),
    ['GlobalNetworkPolicy', 'globalnetworkpolicies', 'cluster'],
    ['NetworkPolicy', 'networkpolicies', 'namespaced'],
  ),
  ...kindsOf(
    'security.antrea.tanzu.vmware.com',
    overrules('Antrea', 'v1alpha1'),
    ['ClusterNetworkPolicy', 'clusternetworkpolicies', 'cluster'],
    ['NetworkPolicy', 'networkpolicies', 'namespaced'],
  ),
  ...kindsOf(
    'security.istio.io',
    { ...mesh('Istio', ['ingress'], 'v1', 'v1beta1'), ...ISTIO_SELECTOR },
    ['AuthorizationPolicy', 'authorizationpolicies', 'namespaced'],
    ['PeerAuthentication', 'peerauthentications', 'namespaced'],
  ),
  ...kindsOf('vpcresources.k8s.aws', { ...restricts('vpc-security-groups', BOTH, 'v1beta1'), pods: POD_SELECTOR }, [
    'SecurityGroupPolicy',
    'securitygrouppolicies',
    'namespaced',
  ]),
];

const BY_NAME: ReadonlyMap<string, PolicingKind> = new Map(POLICING_KINDS.map((row) => [`${row.kind}.${row.group}`, row]));

/** `policingKind('EgressFirewall.k8s.ovn.org')`; undefined for a kind that polices nothing, and for those that are evaluated. */
export function policingKind(name: string): PolicingKind | undefined {
  return BY_NAME.get(name);
}
