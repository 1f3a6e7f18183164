// Everything that `netverdict cni` says, as one plain value: what was recognised, whether it enforces and where, what it lacks.
import type { Cluster } from '../model/cluster.ts';
import { cell, chooseProfile, isUnknown, type ProfileChoice, whoSays } from '../profile/choose.ts';
import { KUBERNETES } from '../profile/families.ts';
import { enginesAmong, type Health, healthOf } from './agents.ts';
import { type Ailment, ailmentsOf } from './ailments.ts';
import type { Detection } from './detect.ts';
import {
  type HostNetworkSelected,
  hostNetworkSelected,
  type MissingFeature,
  missingFeatures,
  type PortOverflow,
  portOverflows,
} from './features.ts';

export interface CniReport {
  readonly detection: Detection;
  readonly choice: ProfileChoice;
  /**
   * `yes`: on every node. `partly`: on some nodes nothing is enforced, or changes do not arrive, or `ailments` make it unsure. `no`.
   * `unknown`: nothing tells which engine this is, or whether it enforces.
   */
  readonly enforces: 'yes' | 'partly' | 'no' | 'unknown';
  readonly health: Health;
  readonly ailments: readonly Ailment[];
  /** What the death of an agent leaves for the pods of its node. `pods-open`: everything passes. `unknown`: nobody established it. */
  readonly agentDown: 'rules-stay' | 'pods-open' | 'unknown';
  readonly missing: readonly MissingFeature[];
  readonly hostNetwork: readonly HostNetworkSelected[];
  readonly overflows: readonly PortOverflow[];
  /** API groups that plugins bring: `cilium.io`. */
  readonly apiGroups: readonly string[];
}

/** `cniReport(cluster, detectProfile(objects))`; both from the same objects. Never throws. */
export function cniReport(cluster: Cluster, detection: Detection): CniReport {
  const found = chooseProfile(detection.profile, detection.overrides);
  const choice = isUnknown(found) ? (chooseProfile(KUBERNETES) as ProfileChoice) : found;
  const engines = enginesAmong(detection.plugins);
  const embedded = engines.length === 0 && choice.members.some(({ name }) => name === 'kube-router') && detection.basis === 'recognised';
  const health = healthOf(detection.evidence, engines, embedded);
  const ailments = ailmentsOf(detection.evidence, engines);
  const isAws = choice.members.length > 0 && choice.members.every(({ name }) => name.startsWith('aws-vpc-cni'));
  return {
    detection,
    choice,
    enforces: enforcement(detection, choice, health, ailments),
    health,
    ailments,
    agentDown: leftBehind(choice),
    missing: missingFeatures(cluster, choice),
    hostNetwork: hostNetworkSelected(cluster, choice),
    overflows: isAws ? portOverflows(cluster) : [],
    apiGroups: detection.evidence.apiGroups,
  };
}

function enforcement(
  { basis }: Detection,
  choice: ProfileChoice,
  { nodes, reported }: Health,
  ailments: readonly Ailment[],
): CniReport['enforces'] {
  if (basis === 'off') return 'no';
  if (basis === 'nothing' || basis === 'no-profile' || basis === 'several') return 'unknown';
  // The members are asked, not the promise of the API: an override may say that enforcement is off here.
  const answers = whoSays(choice, 'enforces').map(({ value }) => value);
  if (answers.every((answer) => answer === 'no') || cell(choice, 'enforces').value === 'no') return 'no';
  if (!answers.every((answer) => answer === 'yes')) return 'unknown';
  if (nodes.some(({ state }) => state === 'stale' || state === 'absent')) return 'partly';
  if (ailments.length > 0) return 'partly';
  return reported !== undefined && reported.ready < reported.wanted ? 'partly' : 'yes';
}

function leftBehind(choice: ProfileChoice): CniReport['agentDown'] {
  const { value } = cell(choice, 'agentDown');
  return value === 'open' ? 'unknown' : value;
}
