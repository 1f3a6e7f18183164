// By which objects of a live cluster each profile can be recognised: names of DaemonSets, switches in ConfigMaps, arguments of agents.
// Data only, and from memory: no sign was checked against a source, so a reader of it names what it saw and may be contradicted.

/** One thing that can be seen in a cluster. Names are exact; values are compared as text. */
export type Sign =
  /** A DaemonSet of this name, in any namespace. */
  | { readonly sign: 'daemon-set'; readonly name: string }
  /** A container in the pods of that DaemonSet. */
  | { readonly sign: 'container'; readonly daemonSet: string; readonly name: string }
  /** A container argument `--enable-network-policy=true`. */
  | { readonly sign: 'argument'; readonly daemonSet: string; readonly container: string; readonly flag: string; readonly value: string }
  /** An environment variable of a container. */
  | { readonly sign: 'variable'; readonly daemonSet: string; readonly container: string; readonly name: string; readonly value: string }
  /** A key of a ConfigMap that has one of the values. */
  | { readonly sign: 'config-map'; readonly name: string; readonly key: string; readonly values: readonly string[] }
  /** A field of a custom object: `spec.bpfEnabled` of FelixConfiguration `default`. */
  | {
      readonly sign: 'custom-object';
      readonly kind: string;
      readonly name: string;
      readonly field: string;
      readonly values: readonly string[];
    }
  /** The version that the kubelets report contains this text. */
  | { readonly sign: 'kubelet-version'; readonly contains: string }
  /** A flag in the command line that k3s writes into an annotation of its nodes. */
  | { readonly sign: 'node-argument'; readonly annotation: string; readonly flag: string };

export interface DetectHint {
  readonly profile: string;
  /** All of these must be seen… */
  readonly seen: readonly Sign[];
  /** …and none of these. */
  readonly unseen?: readonly Sign[];
}

const daemonSet = (name: string): Sign => ({ sign: 'daemon-set', name });

const felix = (field: string, ...values: readonly string[]): Sign => ({
  sign: 'custom-object',
  kind: 'FelixConfiguration',
  name: 'default',
  field: `spec.${field}`,
  values,
});

const ciliumConfig = (key: string, ...values: readonly string[]): Sign => ({ sign: 'config-map', name: 'cilium-config', key, values });

const CALICO_BPF = felix('bpfEnabled', 'true');
const CALICO_NFT = felix('nftablesMode', 'Enabled');
/** Before there was an operator the data plane was chosen in the agent's environment. */
const CALICO_BPF_VARIABLE: Sign = {
  sign: 'variable',
  daemonSet: 'calico-node',
  container: 'calico-node',
  name: 'FELIX_BPFENABLED',
  value: 'true',
};
const REPLACES_KUBE_PROXY = ciliumConfig('kube-proxy-replacement', 'true', 'strict');
const AZURE_ADDRESSES = ciliumConfig('ipam', 'delegated-plugin');

const AWS_ENFORCES: readonly Sign[] = [
  daemonSet('aws-node'),
  { sign: 'container', daemonSet: 'aws-node', name: 'aws-eks-nodeagent' },
  { sign: 'argument', daemonSet: 'aws-node', container: 'aws-eks-nodeagent', flag: '--enable-network-policy', value: 'true' },
];
const AWS_STRICT: Sign = {
  sign: 'variable',
  daemonSet: 'aws-node',
  container: 'aws-node',
  name: 'NETWORK_POLICY_ENFORCING_MODE',
  value: 'strict',
};

/** Read in k3s issue 3289: the annotation has flags and the values of the configuration file. */
export const K3S_POLICIES_OFF: Sign = { sign: 'node-argument', annotation: 'k3s.io/node-args', flag: '--disable-network-policy' };

/** flannel's chart adds the engine to its own DaemonSet (netpol.enabled). */
const FLANNEL_NETPOL: Sign = { sign: 'container', daemonSet: 'kube-flannel-ds', name: 'kube-network-policies' };

/** Engines that enforce although flannel moves the packets. */
const ENGINES_BESIDE_FLANNEL: readonly Sign[] = [
  daemonSet('calico-node'),
  daemonSet('canal'),
  daemonSet('kube-network-policies'),
  FLANNEL_NETPOL,
  daemonSet('kube-router'),
  { sign: 'kubelet-version', contains: '+k3s' },
];

/** Sorted by profile. A profile may be recognised in several ways; several profiles may be recognised in one cluster. */
export const DETECT_HINTS: readonly DetectHint[] = [
  { profile: 'antrea', seen: [daemonSet('antrea-agent')] },
  { profile: 'aws-vpc-cni-standard', seen: AWS_ENFORCES, unseen: [AWS_STRICT] },
  { profile: 'aws-vpc-cni-strict', seen: [...AWS_ENFORCES, AWS_STRICT] },
  { profile: 'azure-cilium', seen: [daemonSet('cilium'), AZURE_ADDRESSES] },
  { profile: 'azure-npm', seen: [daemonSet('azure-npm')] },
  { profile: 'calico-ebpf', seen: [daemonSet('calico-node'), CALICO_BPF] },
  { profile: 'calico-ebpf', seen: [daemonSet('calico-node'), CALICO_BPF_VARIABLE] },
  { profile: 'calico-iptables', seen: [daemonSet('calico-node')], unseen: [CALICO_BPF, CALICO_BPF_VARIABLE, CALICO_NFT] },
  { profile: 'calico-nftables', seen: [daemonSet('calico-node'), CALICO_NFT], unseen: [CALICO_BPF, CALICO_BPF_VARIABLE] },
  { profile: 'canal', seen: [daemonSet('canal')] },
  { profile: 'canal', seen: [daemonSet('rke2-canal')] },
  { profile: 'cilium-kpr', seen: [daemonSet('cilium'), REPLACES_KUBE_PROXY], unseen: [AZURE_ADDRESSES] },
  { profile: 'cilium-kubeproxy', seen: [daemonSet('cilium')], unseen: [REPLACES_KUBE_PROXY, AZURE_ADDRESSES] },
  { profile: 'flannel', seen: [daemonSet('kube-flannel-ds')], unseen: ENGINES_BESIDE_FLANNEL },
  { profile: 'gke-dataplane-v2', seen: [daemonSet('anetd')] },
  { profile: 'kindnet', seen: [daemonSet('kindnet')] },
  { profile: 'kube-network-policies', seen: [daemonSet('kube-network-policies')] },
  { profile: 'kube-network-policies', seen: [daemonSet('kube-flannel-ds'), FLANNEL_NETPOL] },
  { profile: 'kube-router', seen: [daemonSet('kube-router')] },
  // k3s carries the policy controller inside its server, so there is no DaemonSet to see; another plugin may have replaced it.
  {
    profile: 'kube-router',
    seen: [{ sign: 'kubelet-version', contains: '+k3s' }],
    unseen: [daemonSet('calico-node'), daemonSet('cilium'), daemonSet('canal'), K3S_POLICIES_OFF],
  },
  { profile: 'ovn-kubernetes', seen: [daemonSet('ovnkube-node')] },
  { profile: 'weave', seen: [daemonSet('weave-net')] },
];
