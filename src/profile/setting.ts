// The settings of network plugins that matter for policies, by code. words/en/settings.ts has their names.

export type SettingCode =
  | 'address-management'
  | 'backend'
  | 'cidr-match'
  | 'cluster-network-policy'
  | 'denied-packets'
  | 'ebpf-data-plane'
  | 'encapsulation'
  | 'enforcing-mode'
  | 'kube-proxy-replacement'
  | 'local-node-to-pod'
  | 'network-policy-agent'
  | 'network-policy-controller'
  | 'nftables-mode'
  | 'pods-to-own-node'
  | 'policy-audit-mode'
  | 'policy-enforcement'
  | 'routing'
  | 'sctp';

/** `{ setting: 'policy-audit-mode', value: 'true' }`. */
export interface SettingSeen {
  readonly setting: SettingCode;
  readonly value: string;
}
