// Names that stand for one or more profiles: the versions of one plugin, what a platform offers, and other spellings.
// Knows names only. What the members answer is in profiles/; how their answers become one is in choose.ts.
import type { CellName, CellValue } from './profile.ts';
import { PROFILES } from './profiles.ts';

/** Answers that hold whatever a member says. */
export type Promises = { readonly [C in CellName]?: CellValue<C> };

export interface Family {
  readonly name: string;
  /** The versions of one plugin, or what a platform may run. */
  readonly of: 'plugin' | 'platform';
  /** Other spellings of the same family: `aws-vpc-cni` has `eks`. */
  readonly aliases: readonly string[];
  /** Names of profiles, never of families. */
  readonly members: readonly string[];
  readonly promised: Promises;
}

/** The name of the default choice: what every conformant plugin does. */
export const KUBERNETES = 'kubernetes';

/**
 * What the API itself promises, so that no profile needs to be asked (API reference of NetworkPolicySpec and NetworkPolicyPort).
 * The two answers on host-network pods are no promise: the documentation allows that a plugin can tell them from their node, says that
 * most cannot, and no profile here can.
 */
const API_PROMISES: Promises = {
  enforces: 'yes',
  endPort: 'yes',
  sctp: 'yes',
  namedPorts: 'yes',
  localNodeToPod: 'always',
  // Where nobody says which CNI it is, a policy means what its API says.
  adminPolicies: 'both',
  baselineAfterNetworkPolicy: 'direction',
  selectorsMatchHostNetwork: 'no',
  policesHostNetworkSubject: 'no',
};

// `kubernetes` asks only plugins that enforce: one that does not says nothing about what a policy means.
const ENFORCING = PROFILES.filter((profile) => profile.cells.enforces.value === 'yes').map((profile) => profile.name);

const plugin = (name: string, members: readonly string[], aliases: readonly string[] = []): Family => ({
  name,
  of: 'plugin',
  aliases,
  members,
  promised: {},
});

const platform = (name: string, members: readonly string[], aliases: readonly string[] = []): Family => ({
  ...plugin(name, members, aliases),
  of: 'platform',
});

/** Sorted by name. No name or alias is the name of a profile, or of two families. */
export const FAMILIES: readonly Family[] = [
  // AKS offers its own engine, Cilium, and Calico.
  platform('aks', ['azure-cilium', 'azure-npm', 'calico-iptables']),
  plugin('aws-vpc-cni', ['aws-vpc-cni-standard', 'aws-vpc-cni-strict'], ['amazon-vpc-cni', 'aws', 'eks', 'vpc-cni']),
  platform('azure', ['azure-cilium', 'azure-npm']),
  plugin('calico', ['calico-ebpf', 'calico-iptables', 'calico-nftables']),
  plugin('cilium', ['cilium-kpr', 'cilium-kubeproxy']),
  // GKE has Dataplane V2 (a Cilium) and, on clusters made without it, Calico.
  platform('gke', ['calico-iptables', 'gke-dataplane-v2'], ['gcp', 'google']),
  platform('k0s', ['kube-router']),
  platform('k3s', ['kube-router']),
  platform('kind', ['kindnet']),
  { name: KUBERNETES, of: 'platform', aliases: ['k8s'], members: ENFORCING, promised: API_PROMISES },
  // No policy engine at all: flannel's answer, for whatever moves the packets.
  platform('none', ['flannel']),
  platform('openshift', ['ovn-kubernetes'], ['ocp', 'okd']),
  platform('rke2', ['canal']),
];

/** Other spellings of a single profile, sorted. Its answers are said under the profile's own name. */
export const SPELLINGS: { readonly [alias: string]: string } = {
  anetd: 'gke-dataplane-v2',
  'antrea-agent': 'antrea',
  'azure-cni-cilium': 'azure-cilium',
  'calico-bpf': 'calico-ebpf',
  'calico-nft': 'calico-nftables',
  'cilium-kube-proxy': 'cilium-kubeproxy',
  dataplanev2: 'gke-dataplane-v2',
  'dataplane-v2': 'gke-dataplane-v2',
  dpv2: 'gke-dataplane-v2',
  knp: 'kube-network-policies',
  'kube-flannel': 'flannel',
  npm: 'azure-npm',
  ovn: 'ovn-kubernetes',
  'ovn-k': 'ovn-kubernetes',
  ovnk: 'ovn-kubernetes',
  ovnkube: 'ovn-kubernetes',
  'weave-net': 'weave',
};

/**
 * What stands behind a name: `lookUp('k8s')?.name` → `'kubernetes'`, `lookUp('knp')?.members` → `['kube-network-policies']`.
 * A profile is its own only member. Upper case does not matter. A name that nobody knows → `undefined`.
 */
export function lookUp(name: string): Family | undefined {
  const wanted = name.toLowerCase();
  const profileName = Object.hasOwn(SPELLINGS, wanted) ? SPELLINGS[wanted] : wanted;
  const profile = PROFILES.find((candidate) => candidate.name === profileName);
  if (profile !== undefined) return plugin(profile.name, [profile.name]);
  return FAMILIES.find((family) => family.name === wanted || family.aliases.includes(wanted));
}

/** Every name that `lookUp` knows, profiles first, then families, then other spellings; each group sorted. */
export const KNOWN_NAMES: readonly string[] = [
  ...PROFILES.map(({ name }) => name),
  ...FAMILIES.map(({ name }) => name),
  ...[...FAMILIES.flatMap(({ aliases }) => aliases), ...Object.keys(SPELLINGS)].sort(),
];

/**
 * A long list of profiles said shortly: where all versions of one plugin are in it, the plugin's name stands for them.
 * `['antrea', 'calico-ebpf', 'calico-iptables', 'calico-nftables']` → `['antrea', 'calico']`. Keeps the order of first mention.
 * An incomplete family stays as it is; `[]` → `[]`.
 */
export function shortNames(profiles: readonly string[]): readonly string[] {
  // Only plugins: that everything a platform offers agrees would read as if the platform were one more plugin.
  const whole = FAMILIES.filter(({ of, members }) => of === 'plugin' && members.every((member) => profiles.includes(member)));
  const nameOf = (profile: string) => whole.find(({ members }) => members.includes(profile))?.name ?? profile;
  return [...new Set(profiles.map(nameOf))];
}
