// The settings of Cilium's agent that change what policies mean, as its ConfigMap has them; and the profile as they make it.
import type { Cluster, RawObject } from '../model/cluster.ts';
import type { CellName, Semantics } from '../profile/profile.ts';
import type { SettingCode, SettingSeen } from '../profile/setting.ts';

export interface CiliumSettings {
  /** `always`: every endpoint is isolated; `never`: nothing is enforced, denials included. */
  readonly enforcement: 'default' | 'always' | 'never';
  /** What policies deny is logged and let through. */
  readonly audit: boolean;
  readonly hostFirewall: boolean;
  /** What CIDR rules mean beside the outside. */
  readonly cidrMatches: { readonly nodes: boolean; readonly pods: boolean };
  /** Without it, rules that select nodes by label are refused. */
  readonly nodeSelectorLabels: boolean;
  readonly allowLocalhost: 'always' | 'policy';
  /** Do peers that name no cluster mean this one only? */
  readonly defaultLocalCluster: boolean;
  readonly clusterName: string;
  /** `false`: enableDefaultDeny is ignored. */
  readonly nonDefaultDeny: boolean;
  readonly sctp: boolean | undefined;
  /** Off by default, and there from 1.20; undefined: the ConfigMap does not say. */
  readonly clusterNetworkPolicy: boolean | undefined;
}

export const CILIUM_CONFIG = 'cilium-config';

/** The ConfigMap of the agent: in kube-system, on OpenShift in a namespace of its own. */
export function isCiliumConfig({ name, namespace }: { readonly name: string; readonly namespace: string | undefined }): boolean {
  return name === CILIUM_CONFIG && (namespace === 'kube-system' || namespace === 'cilium');
}

/** The keys that are read; a snapshot keeps them. */
export const CILIUM_KEYS = [
  'allow-localhost',
  'cluster-name',
  'enable-host-firewall',
  'enable-k8s-cluster-network-policy',
  'enable-node-selector-labels',
  'enable-non-default-deny-policies',
  'enable-policy',
  'enable-sctp',
  'policy-audit-mode',
  'policy-cidr-match-mode',
  'policy-default-local-cluster',
] as const;

/** From the `data` of ConfigMap cilium-config; Cilium's defaults (1.19 and newer) where it says nothing. Never throws. */
export function ciliumSettingsIn(data: unknown): CiliumSettings {
  const text = (key: (typeof CILIUM_KEYS)[number]): string | undefined => {
    const value =
      typeof data === 'object' && data !== null && Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
    return value === undefined || value === null ? undefined : String(value).trim().toLowerCase();
  };
  const flag = (key: (typeof CILIUM_KEYS)[number]): boolean | undefined => (text(key) === undefined ? undefined : text(key) === 'true');
  const enforcement = text('enable-policy');
  const cidrMatches = (text('policy-cidr-match-mode') ?? '').split(/[\s,]+/);
  return {
    enforcement: enforcement === 'always' || enforcement === 'never' ? enforcement : 'default',
    audit: text('policy-audit-mode') === 'true',
    hostFirewall: text('enable-host-firewall') === 'true',
    cidrMatches: { nodes: cidrMatches.includes('nodes'), pods: cidrMatches.includes('pods') },
    nodeSelectorLabels: text('enable-node-selector-labels') === 'true',
    allowLocalhost: text('allow-localhost') === 'policy' ? 'policy' : 'always',
    defaultLocalCluster: text('policy-default-local-cluster') !== 'false',
    clusterName: text('cluster-name') || 'default',
    nonDefaultDeny: text('enable-non-default-deny-policies') !== 'false',
    sctp: flag('enable-sctp'),
    clusterNetworkPolicy: flag('enable-k8s-cluster-network-policy'),
  };
}

/** A cell to which the settings give another answer than the profile: `{ cell: 'enforces', to: 'no', because: { setting: 'policy-audit-mode', value: 'true' } }`. */
export interface CiliumCorrection {
  readonly cell: CellName;
  readonly to: string;
  readonly because: SettingSeen;
}

/** What the settings say otherwise than the profiles of Cilium, the switches that turn enforcement off first; [] for the defaults. */
export function ciliumCorrections({
  enforcement,
  audit,
  cidrMatches,
  allowLocalhost,
  sctp,
  clusterNetworkPolicy,
}: CiliumSettings): readonly CiliumCorrection[] {
  const rows: readonly (readonly [isSet: boolean, cell: CellName, to: string, setting: SettingCode, value: string])[] = [
    // Cilium: docs/security/policy/intro, policy enforcement modes: with never "all traffic is allowed".
    [enforcement === 'never', 'enforces', 'no', 'policy-enforcement', 'never'],
    // Cilium: docs/security/policy-creation, policy audit mode.
    [audit, 'enforces', 'no', 'policy-audit-mode', 'true'],
    [cidrMatches.nodes, 'ipBlockMatchesNode', 'yes', 'cidr-match', 'nodes'],
    [cidrMatches.pods, 'ipBlockMatchesPod', 'yes', 'cidr-match', 'pods'],
    [allowLocalhost === 'policy', 'localNodeToPod', 'policed', 'local-node-to-pod', 'policy'],
    [sctp === true, 'sctp', 'yes', 'sctp', 'true'],
    [clusterNetworkPolicy === false, 'adminPolicies', 'none', 'cluster-network-policy', 'false'],
  ];
  return rows.flatMap(([isSet, cell, to, setting, value]) => (isSet ? [{ cell, to, because: { setting, value } }] : []));
}

/**
 * The profile as the input's own settings make it, but for cells that the user answered; the same value for every plugin but Cilium, and
 * without its ConfigMap.
 */
export function asConfigured(cluster: Cluster, semantics: Semantics): Semantics {
  if (semantics.ownPolicies !== 'cilium') return semantics;
  const config = cluster.extras.get('ConfigMap')?.find(isCiliumConfig);
  if (config === undefined) return semantics;
  let known = configured.get(config);
  if (known === undefined) {
    known = new WeakMap();
    configured.set(config, known);
  }
  const found = known.get(semantics) ?? corrected(semantics, ciliumCorrections(ciliumSettingsIn(dataOf(config.value))));
  known.set(semantics, found);
  return found;
}

const configured = new WeakMap<RawObject, WeakMap<Semantics, Semantics>>();

function dataOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? (value as { readonly data?: unknown }).data : undefined;
}

function corrected(semantics: Semantics, corrections: readonly CiliumCorrection[]): Semantics {
  const own = corrections.filter(({ cell }) => semantics.written?.includes(cell) !== true);
  const off = own.find(({ cell }) => cell === 'enforces')?.because;
  // Each answer is one of its own cell, as the table above has it.
  const cells = Object.fromEntries(own.map(({ cell, to }) => [cell, to])) as Partial<Semantics>;
  return { ...semantics, ...cells, ...(off !== undefined && { switchedOff: off }) };
}
