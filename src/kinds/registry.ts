// The kinds of policies that are read and evaluated. A new one is a folder beside this file and a line here.
import { adminNetworkPolicy } from './admin-network-policy/kind.ts';
import { baselineAdminNetworkPolicy } from './baseline-admin-network-policy/kind.ts';
import { CALICO_KINDS } from './calico/kind.ts';
import { ciliumClusterwideNetworkPolicy, ciliumConfig, ciliumNetworkPolicy } from './cilium/kind.ts';
import { clusterNetworkPolicy } from './cluster-network-policy/kind.ts';
import type { PolicyKind } from './kind.ts';
import { networkPolicy } from './network-policy/kind.ts';

export const POLICY_KINDS: readonly PolicyKind[] = [
  networkPolicy,
  clusterNetworkPolicy,
  adminNetworkPolicy,
  baselineAdminNetworkPolicy,
  ciliumNetworkPolicy,
  ciliumClusterwideNetworkPolicy,
  ciliumConfig,
  ...CALICO_KINDS,
];
