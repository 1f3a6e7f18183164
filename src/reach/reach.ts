// The fast evaluator, made once for a cluster and a profile: classes, stacks of policies, and tests by number.
// verdict-of.ts asks it about one connection, connections.ts about all of them.
import type { Cluster, Pod } from '../model/cluster.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Tests } from './ask-stack.ts';
import { type Classes, classesOf } from './classes.ts';
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
}

/**
 * `reachOf(cluster, semantics)`: a second for a hundred thousand pods, so make it once and ask it often. Never throws.
 * `added`: pods that are not in the cluster, to be asked about all the same, such as an ingress controller's.
 */
export function reachOf(cluster: Cluster, semantics: Semantics, added: readonly Pod[] = []): Reach {
  const selections = selectionsOf(cluster.policies);
  const classes = classesOf(cluster, semantics, selections, added);
  const tests: Tests = { peers: peerSets(classes, selections, semantics), ports: portTests(classes.portLists, semantics) };
  const enforces: Doubt[] = semantics.enforces === 'open' ? [{ code: 'profile-differs', cell: 'enforces' }] : [];
  const sctp: Doubt[] = semantics.sctp === 'yes' ? [] : [{ code: 'profile-differs', cell: 'sctp' }];
  return {
    cluster,
    semantics,
    classes,
    selections,
    stacks: stacksOf(cluster.policies, classes, selections, tests.peers, tests.ports),
    tests,
    doubtsOnDenial: { any: enforces, sctp: [...enforces, ...sctp] },
  };
}
