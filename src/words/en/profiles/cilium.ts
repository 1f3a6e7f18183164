// Cilium and the two managed platforms built on it. Pods and nodes have identities here, so address blocks never reach them.
// `policyCIDRMatchMode: nodes` and `--allow-localhost=policy` change single cells: that is what a user's override file is for.
import type { CellWords, ProfileWords } from './words.ts';

const HOST_SOURCE =
  'identity host/remote-node: podSelector/namespaceSelector AND ipBlock do not match (unless ' +
  'policyCIDRMatchMode=nodes, >=1.15 beta); use CNP entities [S: language.rst]';

const CILIUM: CellWords = {
  enforces: 'yes',
  ipBlockMatchesPod: 'NO [S: cilium#9209, #19601, #9998, policy.rst]',
  ipBlockMatchesNode: HOST_SOURCE,
  ipBlockMatchesServiceAddress: 'no: L4 policy applies after service translation; VIP is not an identity [S: layer4.rst]',
  selectorsMatchHostNetwork: HOST_SOURCE,
  policesHostNetworkSubject: 'no; CCNP nodeSelector + host firewall only [S: intro.rst, AKS docs]',
  localNodeToPod:
    'local node allowed below deny rules (agent --allow-localhost=policy disables) [S: language.rst, repository.go ' +
    'AlwaysAllowLocalhost]; remote nodes are identity remote-node and need entities',
  podToOwnNode: 'policed: Cilium denies egress to `host` unless allowed [M]',
  endPort: 'yes since 1.16 [M]; earlier documented as missing (issue 16622) [S: cilium k8s policy.rst]',
  // Beta and switched off by default: what a given cluster does is not settled.
  sctp: 'beta: sctp.enabled=true; no port rewrite, not with KPR, no pod-to-VIP policy [S: sctp.rst]',
  namedPorts: 'yes [M]',
  namedPortsOfInitContainers: 'no: names are taken from spec.containers only [S: pkg/k8s/utils/utils.go]',
  icmpWhenIsolated: 'dropped unless an L3-only (port-less) rule matches or CNP icmps; related errors pass [S: layer4.rst]',
  establishedCutOnDeny:
    'YES: policy map is consulted for every packet of the original direction; CT only admits replies [S: cilium PR 2700, 3605]',
  startup: 'no: identity + policy before CNI ADD returns (init identity only when labels unknown) [S: lifecycle.rst, partly M]',
  agentDown: 'unknown',
  denyResponse:
    'DROP; newer agents: --policy-deny-response=icmp for IPv4 egress; L7 denials answer 403/REFUSED [S: intro.rst, language.rst]',
  adminPolicies:
    'ClusterNetworkPolicy v1alpha2 from 1.20 with --enable-k8s-cluster-network-policy [S: policy-kinds-sig.md 8]; before: none (cilium#23380)',
  ownPolicies: 'CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy',
  departures: 'unknown',
  nodePortSource: 'unknown: by mode (SNAT or DSR) and by the node that the pod runs on',
  baselineAfterNetworkPolicy:
    'neither: isolation by NetworkPolicy acts after Baseline, so a Baseline Accept opens an isolated pod; from 1.20 ' +
    'with --enable-k8s-cluster-network-policy [S: cilium pkg/policy/repository.go, policy-kinds-sig.md 8]',
};

export const ciliumKpr: ProfileWords = {
  title: 'Cilium (replacing kube-proxy)',
  evidence: CILIUM,
  observability:
    'hubble observe --verdict DROPPED; cilium-dbg monitor --type drop|policy-verdict; ' +
    'cilium_drop_count_total{reason="Policy denied",direction}; hubble_drop_total{reason="POLICY_DENIED"} [M]',
  notes: 'N/S traffic via another node may carry identity remote-node (direct routing) or world (tunnel) [S: caveats.rst]',
};

export const ciliumKubeproxy: ProfileWords = {
  title: 'Cilium (beside kube-proxy)',
  evidence: {
    ...CILIUM,
    ipBlockMatchesServiceAddress:
      'no: pod-originated ClusterIP traffic is still translated in bpf_lxc before policy [M]; version-dependent',
  },
  observability: 'as cilium-kpr',
};

export const azureCilium: ProfileWords = {
  title: 'Azure CNI powered by Cilium',
  evidence: {
    ...CILIUM,
    adminPolicies: 'no (cilium#23380) [S: npa implementations]',
    baselineAfterNetworkPolicy: 'unknown',
    ipBlockMatchesPod: 'NO - neither pod nor node IPs; 0.0.0.0/0 does not open them [S: AKS docs]',
    ipBlockMatchesServiceAddress: 'no [M]',
    policesHostNetworkSubject: 'no [S: AKS docs]',
  },
  observability: 'flow logs/metrics only with Advanced Container Networking Services [S: AKS docs]',
  notes: 'CNP L3/L4 and CCNP supported; FQDN and L7 need ACNS; config map not editable (no policyCIDRMatchMode) [S: AKS docs]',
};

export const gkeDataplaneV2: ProfileWords = {
  title: 'GKE Dataplane V2',
  evidence: {
    ...CILIUM,
    adminPolicies: 'no (cilium#23380) [S: npa implementations]',
    ownPolicies: 'CiliumNetworkPolicy is not supported, CiliumClusterwideNetworkPolicy must be switched on [M]',
    baselineAfterNetworkPolicy: 'unknown',
    ipBlockMatchesServiceAddress: 'no [M]',
  },
  observability:
    'NetworkLogging CRD (networking.gke.io/v1alpha1, name default) writes allow/deny records to Cloud Logging [S: DPv2 ' +
    'docs mention logging CRD; names M]',
  notes:
    'anetd = Cilium; NetworkPolicy always on [S: GKE docs]; CiliumNetworkPolicy not supported, CCNP opt-in, ' +
    'FQDNNetworkPolicy in Enterprise [M]',
};
