// The document of `cni`.
import type { CniReport } from '../cni/report.ts';
import { denySymptom } from '../profile/choose.ts';
import type { SettingSeen } from '../profile/setting.ts';
import { correctionReason, illnessWords, NO_REASON, signWords } from '../words/en/cni.ts';
import { settingLabel } from '../words/en/settings.ts';
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
    candidates: detection.candidates.map(({ profile, signs }) => ({ profile, signs: signs.map(signWords) })),
    plugins: detection.plugins.map(({ settings, besides, plugin, daemonSet, namespace, version }) =>
      defined({ name: plugin, daemonSet, namespace, version, besides, settings: settingsByLabel(settings) }),
    ),
    corrections: detection.corrections.map(({ cell, to, because }) => ({ cell, to, because: correctionReason(because) })),
    denied: denySymptom(choice),
    nodes: health.nodes.map(({ because, ...node }) => ({ ...node, ...(because && { because: illnessWords(because) }) })),
    ...(health.reported === undefined ? {} : { agents: health.reported }),
    conditions: health.conditions.map(({ reason = NO_REASON, ...condition }) => ({ ...condition, reason })),
    ailments: ailments.map((ailment) => defined(ailment) as CniAilment),
    agentDown,
    missing,
    hostNetwork,
    tooManyPorts: overflows,
    apiGroups,
  };
}

/** `{ routing: 'tunnel' }`. */
function settingsByLabel(settings: readonly SettingSeen[]): Readonly<Record<string, string>> {
  return Object.fromEntries(settings.map(({ setting, value }) => [settingLabel(setting), value]));
}
