// The fast evaluator, made once for a cluster and a profile: classes, stacks of policies, and tests by number.
// verdict-of.ts asks it about one connection, connections.ts about all of them.
import type { Cluster, Pod } from '../model/cluster.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, portSet, subtractPorts, unionPorts } from '../net/port-set.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { asConfigured } from '../program/cilium-settings.ts';
import { readingsOf } from '../program/stages.ts';
import type { Tests } from './ask-stack.ts';
import { type Classes, classesOf } from './classes.ts';
import { imaginaryController } from './ingress-controller.ts';
import { peerSets } from './peer-sets.ts';
import { portTests } from './port-tests.ts';
import { type Selections, selectionsOf } from './selections.ts';
import { type Stacks, stacksOf } from './stacks.ts';

export interface Reach {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly classes: Classes;
  /** Whom the policies mean: with `classes.classesIn`, the classes of a subject or peer. */
  readonly selections: Selections;
  readonly stacks: Stacks;
  readonly tests: Tests;
  /** Doubts that turn every denial into "undecided": of any connection, and of SCTP ones (those of any connection first). */
  readonly doubtsOnDenial: { readonly any: readonly Doubt[]; readonly sctp: readonly Doubt[] };
  /** Where traffic of Ingresses comes from; undefined where there is no Ingress. */
  readonly ingressController: Pod | undefined;
}

export interface ReachOptions {
  /** Pods that are not in the cluster, to be asked about all the same. They are no ends of a map. */
  readonly added?: readonly Pod[];
  /** The pod that Ingresses are served from; a pod of the cluster or one of `added`. Imagined where absent. */
  readonly ingressController?: Pod;
}

/** What a profile leaves open about every denial. `doubtsOnDenial(cilium).sctp` → `[profile-differs sctp]`; [] where it is clear. */
export function doubtsOnDenial(semantics: Semantics): Reach['doubtsOnDenial'] {
  const enforces: Doubt[] = semantics.enforces === 'open' ? [{ code: 'profile-differs', cell: 'enforces' }] : [];
  const sctp: Doubt[] = semantics.sctp === 'yes' ? [] : [{ code: 'profile-differs', cell: 'sctp' }];
  return { any: enforces, sctp: [...enforces, ...sctp] };
}

/** The ports of which a denial is in doubt under this profile: SCTP on Cilium; none where the profile is clear. */
export function doubtfulPorts({ any, sctp }: Reach['doubtsOnDenial']): PortSet {
  const ofSctp = portSet('SCTP');
  return unionPorts(any.length > 0 ? subtractPorts(ALL_PORTS, ofSctp) : NO_PORTS, sctp.length > 0 ? ofSctp : NO_PORTS);
}

/** `reachOf(cluster, semantics)`: a second for a hundred thousand pods, so make it once and ask it often. Never throws. */
export function reachOf(cluster: Cluster, profile: Semantics, options: ReachOptions = {}): Reach {
  const semantics = asConfigured(cluster, profile);
  const imagined = options.ingressController === undefined && cluster.ingresses.length > 0 ? [imaginaryController()] : [];
  const ingressController = options.ingressController ?? imagined[0];
  const selections = selectionsOf(cluster.policies);
  const classes = classesOf(cluster, semantics, selections, [...(options.added ?? []), ...imagined]);
  const tests: Tests = { peers: peerSets(classes, selections, semantics), ports: portTests(classes.portLists, semantics) };
  return {
    cluster,
    semantics,
    selections,
    classes,
    stacks: stacksOf(cluster.policies, classes, selections, { readings: readingsOf(cluster.policies, semantics), ...tests }),
    tests,
    doubtsOnDenial: doubtsOnDenial(semantics),
    ingressController,
  };
}
