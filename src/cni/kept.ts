// What of the agents' arguments, environment and configuration tells which plugin this is, so that a snapshot can keep exactly that.
// Made from the tables that the detection itself reads; a sign that is added there is kept without a line here.
import { DETECT_HINTS, type Sign } from '../profile/detect-hints.ts';
import { CILIUM_CONFIG, CILIUM_KEYS } from '../program/cilium-settings.ts';
import { SETTINGS } from './settings.ts';

const SIGNS: readonly Sign[] = DETECT_HINTS.flatMap(({ seen, unseen = [] }) => [...seen, ...unseen]);

interface Place {
  readonly daemonSet: string;
  readonly container: string;
  readonly name: string;
}

const FLAGS: readonly Place[] = [
  ...SIGNS.flatMap((sign) => (sign.sign === 'argument' ? [{ daemonSet: sign.daemonSet, container: sign.container, name: sign.flag }] : [])),
  ...SETTINGS.flatMap(({ from }) =>
    from.in === 'argument' ? [{ daemonSet: from.daemonSet, container: from.container, name: from.flag }] : [],
  ),
];
const VARIABLES: readonly Place[] = [
  ...SIGNS.flatMap((sign) => (sign.sign === 'variable' ? [{ daemonSet: sign.daemonSet, container: sign.container, name: sign.name }] : [])),
  ...SETTINGS.flatMap(({ from }) =>
    from.in === 'variable' ? [{ daemonSet: from.daemonSet, container: from.container, name: from.name }] : [],
  ),
];

/** `keptFlags('aws-node', 'aws-eks-nodeagent')` → `['--enable-network-policy']`. Nothing for containers that are no agent. */
export function keptFlags(daemonSet: string, container: string): readonly string[] {
  return namesAt(FLAGS, daemonSet, container);
}

/** `keptVariables('aws-node', 'aws-node')` → `['NETWORK_POLICY_ENFORCING_MODE']`. */
export function keptVariables(daemonSet: string, container: string): readonly string[] {
  return namesAt(VARIABLES, daemonSet, container);
}

function namesAt(places: readonly Place[], daemonSet: string, container: string): readonly string[] {
  return [...new Set(places.filter((place) => place.daemonSet === daemonSet && place.container === container).map(({ name }) => name))];
}

/** `keptKeys('cilium-config')` → `['allow-localhost', 'enable-policy', …]`; nothing for any other ConfigMap. */
export function keptKeys(configMap: string): readonly string[] {
  const bySign = SIGNS.flatMap((sign) => (sign.sign === 'config-map' && sign.name === configMap ? [sign.key] : []));
  const bySetting = SETTINGS.flatMap(({ from }) => (from.in === 'config-map' && from.name === configMap ? [from.key] : []));
  const ofAgent = configMap === CILIUM_CONFIG ? CILIUM_KEYS : [];
  return [...new Set([...bySign, ...bySetting, ...ofAgent])].sort();
}

/** Fields of a custom object: `keptFields('FelixConfiguration')` → `['spec.bpfEnabled', …]`. */
export function keptFields(kind: string): readonly string[] {
  const bySign = SIGNS.flatMap((sign) => (sign.sign === 'custom-object' && sign.kind === kind ? [sign.field] : []));
  const bySetting = SETTINGS.flatMap(({ from }) => (from.in === 'custom-object' && from.kind === kind ? [from.field] : []));
  return [...new Set([...bySign, ...bySetting])].sort();
}

/** `k3s.io/node-args` → the flags of it that are kept. */
export const KEPT_NODE_FLAGS: ReadonlyMap<string, readonly string[]> = new Map(
  SIGNS.flatMap((sign) => (sign.sign === 'node-argument' ? [[sign.annotation, [sign.flag]] as const] : [])),
);
