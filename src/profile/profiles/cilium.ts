// Cilium and the two managed platforms built on it. Pods and nodes have identities here, so address blocks never reach them.
// `policyCIDRMatchMode: nodes` and `--allow-localhost=policy` change single cells: that is what a user's override file is for.
import { type CellFacts, fromMemory, notEstablished, type Profile, sourced, untagged } from '../profile.ts';

const HOST_SOURCE =
  'identity host/remote-node: podSelector/namespaceSelector AND ipBlock do not match (unless ' +
  'policyCIDRMatchMode=nodes, >=1.15 beta); use CNP entities [S: language.rst]';

const CILIUM: CellFacts = {
  enforces: untagged('yes', 'yes'),
  ipBlockMatchesPod: sourced('no', 'NO [S: cilium#9209, #19601, #9998, policy.rst]'),
  ipBlockMatchesNode: sourced('no', HOST_SOURCE),
  ipBlockMatchesServiceAddress: sourced('no', 'no: L4 policy applies after service translation; VIP is not an identity [S: layer4.rst]'),
  selectorsMatchHostNetwork: sourced('no', HOST_SOURCE),
  policesHostNetworkSubject: sourced('no', 'no; CCNP nodeSelector + host firewall only [S: intro.rst, AKS docs]'),
  localNodeToPod: sourced(
    'unless-denied',
    'local node allowed below deny rules (agent --allow-localhost=policy disables) [S: language.rst, repository.go ' +
      'AlwaysAllowLocalhost]; remote nodes are identity remote-node and need entities',
  ),
  podToOwnNode: fromMemory('policed', 'policed: Cilium denies egress to `host` unless allowed [M]'),
  endPort: fromMemory('yes', 'yes since 1.16 [M]; earlier documented as missing (issue 16622) [S: cilium k8s policy.rst]'),
  // Beta and switched off by default: what a given cluster does is not settled.
  sctp: notEstablished('beta: sctp.enabled=true; no port rewrite, not with KPR, no pod-to-VIP policy [S: sctp.rst]'),
  namedPorts: fromMemory('yes', 'yes [M]'),
  namedPortsOfInitContainers: sourced('no', 'no: names are taken from spec.containers only [S: pkg/k8s/utils/utils.go]'),
  icmpWhenIsolated: sourced(
    'dropped',
    'dropped unless an L3-only (port-less) rule matches or CNP icmps; related errors pass [S: layer4.rst]',
  ),
  establishedCutOnDeny: sourced(
    'cut',
    'YES: policy map is consulted for every packet of the original direction; CT only admits replies [S: cilium PR 2700, 3605]',
  ),
  startup: sourced(
    'none',
    'no: identity + policy before CNI ADD returns (init identity only when labels unknown) [S: lifecycle.rst, partly M]',
  ),
  agentDown: notEstablished('unknown'),
  denyResponse: sourced(
    'drop',
    'DROP; newer agents: --policy-deny-response=icmp for IPv4 egress; L7 denials answer 403/REFUSED [S: intro.rst, language.rst]',
  ),
  adminPolicies: sourced(
    'cnp',
    'ClusterNetworkPolicy v1alpha2 from 1.20 with --enable-k8s-cluster-network-policy [S: policy-kinds-sig.md 8]; before: none (cilium#23380)',
  ),
  ownPolicies: untagged('cilium', 'CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy'),
  departures: notEstablished('unknown'),
  nodePortSource: notEstablished('unknown: by mode (SNAT or DSR) and by the node that the pod runs on'),
  baselineAfterNetworkPolicy: sourced(
    'neither',
    'neither: isolation by NetworkPolicy acts after Baseline, so a Baseline Accept opens an isolated pod; from 1.20 ' +
      'with --enable-k8s-cluster-network-policy [S: cilium pkg/policy/repository.go, policy-kinds-sig.md 8]',
  ),
};

export const ciliumKpr: Profile = {
  name: 'cilium-kpr',
  title: 'Cilium (replacing kube-proxy)',
  cells: CILIUM,
  observability:
    'hubble observe --verdict DROPPED; cilium-dbg monitor --type drop|policy-verdict; ' +
    'cilium_drop_count_total{reason="Policy denied",direction}; hubble_drop_total{reason="POLICY_DENIED"} [M]',
  notes: 'N/S traffic via another node may carry identity remote-node (direct routing) or world (tunnel) [S: caveats.rst]',
};

export const ciliumKubeproxy: Profile = {
  name: 'cilium-kubeproxy',
  title: 'Cilium (beside kube-proxy)',
  cells: {
    ...CILIUM,
    ipBlockMatchesServiceAddress: fromMemory(
      'no',
      'no: pod-originated ClusterIP traffic is still translated in bpf_lxc before policy [M]; version-dependent',
    ),
  },
  observability: 'as cilium-kpr',
};

export const azureCilium: Profile = {
  name: 'azure-cilium',
  title: 'Azure CNI powered by Cilium',
  cells: {
    ...CILIUM,
    adminPolicies: sourced('none', 'no (cilium#23380) [S: npa implementations]'),
    baselineAfterNetworkPolicy: notEstablished('unknown'),
    ipBlockMatchesPod: sourced('no', 'NO - neither pod nor node IPs; 0.0.0.0/0 does not open them [S: AKS docs]'),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no [M]'),
    policesHostNetworkSubject: sourced('no', 'no [S: AKS docs]'),
  },
  observability: 'flow logs/metrics only with Advanced Container Networking Services [S: AKS docs]',
  notes: 'CNP L3/L4 and CCNP supported; FQDN and L7 need ACNS; config map not editable (no policyCIDRMatchMode) [S: AKS docs]',
};

export const gkeDataplaneV2: Profile = {
  name: 'gke-dataplane-v2',
  title: 'GKE Dataplane V2',
  cells: {
    ...CILIUM,
    adminPolicies: sourced('none', 'no (cilium#23380) [S: npa implementations]'),
    ownPolicies: notEstablished('CiliumNetworkPolicy is not supported, CiliumClusterwideNetworkPolicy must be switched on [M]'),
    baselineAfterNetworkPolicy: notEstablished('unknown'),
    ipBlockMatchesServiceAddress: fromMemory('no', 'no [M]'),
  },
  observability:
    'NetworkLogging CRD (networking.gke.io/v1alpha1, name default) writes allow/deny records to Cloud Logging [S: DPv2 ' +
    'docs mention logging CRD; names M]',
  notes:
    'anetd = Cilium; NetworkPolicy always on [S: GKE docs]; CiliumNetworkPolicy not supported, CCNP opt-in, ' +
    'FQDNNetworkPolicy in Enterprise [M]',
};
