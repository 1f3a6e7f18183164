// The document of `cni`.
import type { CniReport } from '../cni/report.ts';
import { denySymptom } from '../profile/choose.ts';
import { defined } from './defined.ts';
import type { CniAilment, CniReportDocument } from './documents/cni-report.ts';

export function cniDocument(report: CniReport): CniReportDocument {
  const { detection, choice, enforces, health, ailments, agentDown, missing, hostNetwork, overflows, apiGroups } = report;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'CniReport',
    enforces,
    profile: choice.name,
    basis: detection.basis,
    candidates: detection.candidates,
    plugins: detection.plugins.map(({ settings, besides, plugin, daemonSet, namespace, version }) =>
      defined({ name: plugin, daemonSet, namespace, version, besides, settings: Object.fromEntries(settings) }),
    ),
    corrections: detection.corrections.map(({ cell, to, because }) => ({ cell, to, because })),
    denied: denySymptom(choice),
    nodes: health.nodes.map(defined),
    ...(health.reported === undefined ? {} : { agents: health.reported }),
    conditions: health.conditions,
    ailments: ailments.map((ailment) => defined(ailment) as CniAilment),
    agentDown,
    missing,
    hostNetwork,
    tooManyPorts: overflows,
    apiGroups,
  };
}
