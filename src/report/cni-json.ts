// `cni -o json`: the same report, with stable names.
import type { CniReport } from '../cni/report.ts';

export function cniJson({
  detection,
  choice,
  enforces,
  health,
  ailments,
  agentDown,
  missing,
  hostNetwork,
  overflows,
  apiGroups,
}: CniReport) {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'CniReport',
    enforces,
    profile: choice.name,
    basis: detection.basis,
    candidates: detection.candidates,
    plugins: detection.plugins.map(({ settings, besides, plugin, daemonSet, namespace, version }) => ({
      name: plugin,
      daemonSet,
      namespace,
      version,
      besides,
      settings: Object.fromEntries(settings),
    })),
    corrections: detection.corrections,
    nodes: health.nodes,
    agents: health.reported,
    conditions: health.conditions,
    ailments,
    agentDown,
    missing,
    hostNetwork,
    tooManyPorts: overflows,
    apiGroups,
  };
}
