// How the settings of network plugins are named.
import type { SettingCode } from '../../profile/setting.ts';

const SETTING_LABELS: Readonly<Record<SettingCode, string>> = {
  'address-management': 'address management',
  backend: 'backend',
  'cidr-match': 'CIDR rules match',
  'cluster-network-policy': 'ClusterNetworkPolicy',
  'denied-packets': 'denied packets',
  'ebpf-data-plane': 'eBPF data plane',
  encapsulation: 'encapsulation',
  'enforcing-mode': 'enforcing mode',
  'kube-proxy-replacement': 'kube-proxy replacement',
  'local-node-to-pod': 'local node to pod',
  'network-policy-agent': 'network policy agent',
  'network-policy-controller': 'network policy controller',
  'nftables-mode': 'nftables mode',
  'pods-to-own-node': 'pods to their own node',
  'policy-audit-mode': 'policy audit mode',
  'policy-enforcement': 'policy enforcement',
  routing: 'routing',
  sctp: 'SCTP',
};

/** `policy audit mode`. */
export function settingLabel(setting: SettingCode): string {
  return SETTING_LABELS[setting];
}

/** `policy audit mode: true`. */
export function settingWords(setting: string, value: string): string {
  return `${(SETTING_LABELS as Readonly<Record<string, string>>)[setting] ?? setting}: ${value}`;
}
