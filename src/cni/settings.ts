// What each network plugin calls its agent, where its version stands, and which of its settings matter for policies.
// Tables; names of containers and settings are from memory unless the line names a source.
import { dig, get, textOf } from '../objects/read.ts';
import type { CellName } from '../profile/profile.ts';
import type { SettingCode } from '../profile/setting.ts';
import { CILIUM_CONFIG } from '../program/cilium-settings.ts';
import { argumentOf, configOf, containersOf, type Evidence, variableOf } from './evidence.ts';

/** The agent on every node: a DaemonSet, and the container whose image carries the plugin's version. */
export interface Agent {
  readonly daemonSet: string;
  readonly container: string;
  readonly plugin: string;
  /** Other containers of it whose version is worth a word: the policy engine beside the plugin. */
  readonly besides?: readonly string[];
}

/** Sorted by name. */
export const AGENTS: readonly Agent[] = [
  { daemonSet: 'anetd', container: 'cilium-agent', plugin: 'GKE Dataplane V2' },
  { daemonSet: 'antrea-agent', container: 'antrea-agent', plugin: 'Antrea' },
  { daemonSet: 'aws-node', container: 'aws-node', plugin: 'Amazon VPC CNI', besides: ['aws-eks-nodeagent'] },
  { daemonSet: 'azure-npm', container: 'azure-npm', plugin: 'Azure Network Policy Manager' },
  { daemonSet: 'calico-node', container: 'calico-node', plugin: 'Calico' },
  { daemonSet: 'canal', container: 'calico-node', plugin: 'Canal', besides: ['kube-flannel'] },
  { daemonSet: 'cilium', container: 'cilium-agent', plugin: 'Cilium' },
  { daemonSet: 'kindnet', container: 'kindnet-cni', plugin: 'kindnet' },
  { daemonSet: 'kube-flannel-ds', container: 'kube-flannel', plugin: 'flannel', besides: ['kube-network-policies'] },
  { daemonSet: 'kube-network-policies', container: 'kube-network-policies', plugin: 'kube-network-policies' },
  { daemonSet: 'kube-router', container: 'kube-router', plugin: 'kube-router' },
  { daemonSet: 'ovnkube-node', container: 'ovnkube-controller', plugin: 'OVN-Kubernetes' },
  { daemonSet: 'rke2-canal', container: 'calico-node', plugin: 'Canal', besides: ['kube-flannel'] },
  { daemonSet: 'weave-net', container: 'weave', plugin: 'Weave Net', besides: ['weave-npc'] },
];

/** Plugins that are known by name only: no profile says how they behave. */
export const WITHOUT_PROFILE: Readonly<Record<string, string>> = {
  'kube-ovn-cni': 'Kube-OVN',
  'nsx-node-agent': 'VMware NSX',
  sdn: 'OpenShift SDN',
  'terway-eniip': 'Alibaba Terway',
};

type From =
  | { readonly in: 'config-map'; readonly name: string; readonly key: string }
  | { readonly in: 'variable'; readonly daemonSet: string; readonly container: string; readonly name: string }
  | { readonly in: 'argument'; readonly daemonSet: string; readonly container: string; readonly flag: string }
  | { readonly in: 'custom-object'; readonly kind: string; readonly name: string; readonly field: string };

/** The DaemonSets that read ConfigMap cilium-config. */
export const CILIUM_AGENTS: readonly string[] = ['cilium', 'anetd'];

export interface Setting {
  readonly setting: SettingCode;
  readonly of: readonly string[];
  readonly from: From;
  /** Values that make the profile's usual answer to a question wrong here. */
  readonly corrects?: { readonly value: string; readonly cell: CellName; readonly to: string };
}

/** What is shown of Cilium; which of it corrects a profile, program/cilium-settings.ts knows. */
const cilium = (setting: SettingCode, key: string): Setting => ({
  setting,
  of: CILIUM_AGENTS,
  from: { in: 'config-map', name: CILIUM_CONFIG, key },
});
const felix = (setting: SettingCode, field: string, corrects?: Setting['corrects']): Setting => ({
  setting,
  of: ['calico-node', 'canal', 'rke2-canal'],
  from: { in: 'custom-object', kind: 'FelixConfiguration', name: 'default', field: `spec.${field}` },
  ...(corrects === undefined ? {} : { corrects }),
});
const awsNode = (setting: SettingCode, name: string): Setting => ({
  setting,
  of: ['aws-node'],
  from: { in: 'variable', daemonSet: 'aws-node', container: 'aws-node', name },
});

export const SETTINGS: readonly Setting[] = [
  { setting: 'encapsulation', of: ['antrea-agent'], from: { in: 'config-map', name: 'antrea-config', key: 'antrea-agent.conf' } },
  {
    setting: 'network-policy-agent',
    of: ['aws-node'],
    from: { in: 'argument', daemonSet: 'aws-node', container: 'aws-eks-nodeagent', flag: '--enable-network-policy' },
    corrects: { value: 'false', cell: 'enforces', to: 'no' },
  },
  {
    setting: 'network-policy-controller',
    of: ['aws-node'],
    from: { in: 'config-map', name: 'amazon-vpc-cni', key: 'enable-network-policy-controller' },
    // EKS user guide: without its controller no policy reaches the agents.
    corrects: { value: 'false', cell: 'enforces', to: 'no' },
  },
  awsNode('enforcing-mode', 'NETWORK_POLICY_ENFORCING_MODE'),
  felix('ebpf-data-plane', 'bpfEnabled'),
  felix('nftables-mode', 'nftablesMode'),
  // FelixConfiguration reference: after the egress policy of the pod this decides about pod → own node; Drop stops what policies allow.
  felix('pods-to-own-node', 'defaultEndpointToHostAction'),
  // Calico: FelixConfiguration reference, "iptablesFilterDenyAction: Drop | Reject". Whoever is denied is answered.
  felix('denied-packets', 'iptablesFilterDenyAction', { value: 'Reject', cell: 'denyResponse', to: 'reject' }),
  cilium('policy-enforcement', 'enable-policy'),
  cilium('policy-audit-mode', 'policy-audit-mode'),
  cilium('kube-proxy-replacement', 'kube-proxy-replacement'),
  cilium('routing', 'routing-mode'),
  cilium('address-management', 'ipam'),
  cilium('cidr-match', 'policy-cidr-match-mode'),
  cilium('local-node-to-pod', 'allow-localhost'),
  cilium('sctp', 'enable-sctp'),
  cilium('cluster-network-policy', 'enable-k8s-cluster-network-policy'),
  { setting: 'backend', of: ['kube-flannel-ds'], from: { in: 'config-map', name: 'kube-flannel-cfg', key: 'net-conf.json' } },
];

/** undefined: it is not set, or may not be read. */
export function settingIn(evidence: Evidence, { from }: Setting): string | undefined {
  switch (from.in) {
    case 'config-map': {
      const text = configOf(evidence, from.name, from.key);
      return text === undefined ? undefined : inConfigText(from.key, text);
    }
    case 'variable':
      return containersOf(evidence, from.daemonSet)
        .filter((container) => get(container, 'name') === from.container)
        .map((container) => variableOf(container, from.name))
        .find((value) => value !== undefined);
    case 'argument':
      return containersOf(evidence, from.daemonSet)
        .filter((container) => get(container, 'name') === from.container)
        .map((container) => argumentOf(container, from.flag))
        .find((value) => value !== undefined);
    case 'custom-object': {
      const object = evidence.custom.get(from.kind)?.find(({ name }) => name === from.name);
      const value = dig(object?.value, ...from.field.split('.'));
      return typeof value === 'boolean' ? String(value) : textOf(value);
    }
  }
}

/** Two ConfigMaps hold a whole file under one key; of it one line is wanted. */
function inConfigText(key: string, text: string): string | undefined {
  if (key === 'antrea-agent.conf') return /^\s*trafficEncapMode:\s*"?(\w+)/m.exec(text)?.[1] ?? 'encap';
  if (key === 'net-conf.json') return /"Type"\s*:\s*"([\w-]+)"/.exec(text)?.[1];
  return text;
}

/** `quay.io/cilium/cilium:v1.16.1@sha256:…` → `v1.16.1`. A digest alone, or no tag at all → undefined. */
export function versionIn(image: string): string | undefined {
  const tag = /:([^:/]+)$/.exec(image.split('@')[0] ?? '')?.[1];
  return tag === undefined || tag === 'latest' ? undefined : tag;
}

/** `v1.16.1-eksbuild.1` → `[1, 16]`; a date or anything else that is no version → undefined. */
export function majorMinor(version: string | undefined): readonly [number, number] | undefined {
  const found = /^v?(\d{1,2})\.(\d{1,3})(\D|$)/.exec(version ?? '');
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}
