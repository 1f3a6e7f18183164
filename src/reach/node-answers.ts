// Pods and nodes of a map: an end of a map has many pods on many nodes, and a pod and its own node are a case of their own
// (semantics A.9). What differs from node to node is open, and the node would decide it.
import type { Direction } from '../model/policy.ts';
import { isAboutAllowing } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { MapEnd } from './map-ends.ts';
import { DESTINATION, type PortAnswer, type PortAnswering, type PortAnswers, SOURCE, union } from './port-answers.ts';
import { nodeDoubts } from './verdict-of.ts';

const RELATIONS = ['own', 'other', 'unknown'] as const;
type Relation = (typeof RELATIONS)[number];

/** What policies say of pods and a node: one that is not theirs, and their own, which they never see by a tunnel. */
export interface ByNode {
  readonly other: PortAnswers;
  readonly own: PortAnswers;
}

/** Comes back as it is for these pods and these nodes. */
export type NodeAnswering = (direction: Direction, answers: ByNode, pods: MapEnd, nodes: MapEnd) => PortAnswers;

export function nodeAnswering(asking: PortAnswering, semantics: Semantics): NodeAnswering {
  const known = new Map<string, PortAnswers>();
  return (direction, answers, pods, nodes) => {
    const rule = direction === 'egress' ? semantics.podToOwnNode : semantics.localNodeToPod;
    if (rule === 'policed' && answers.own === answers.other) return answers.other;
    const relations = relationsOf(pods.nodes, nodes.nodes);
    const key = `${direction} ${answers.other.id} ${answers.own.id} ${relations.join()}`;
    let found = known.get(key);
    if (found === undefined) {
      const subject = direction === 'egress' ? SOURCE : DESTINATION;
      found = relations
        .map((relation) =>
          relation === 'own' && rule === 'always'
            ? asking.open
            : relation === 'own' && rule === 'unless-denied'
              ? asking.merge(answers.own, asking.open, openUnlessDenied)
              : asking.soften(
                  relation === 'own' ? answers.own : answers.other,
                  nodeDoubts(relation, rule, direction === 'egress', subject),
                  rule !== 'always',
                ),
        )
        .reduce((a, b) => asking.merge(a, b, (one, other) => eitherNode(one, other, subject)));
      known.set(key, found);
    }
    return found;
  };
}

/** As policy/verdict.ts forOwnNode has it. */
function openUnlessDenied(answer: PortAnswer, open: PortAnswer): Omit<PortAnswer, 'ports'> {
  const stays =
    answer.outcome === 'denied' ? answer.byRule === true : answer.outcome === 'undecided' && !answer.because.every(isAboutAllowing);
  return stays ? answer : open;
}

/** Which relations occur between any of these pods and any of these nodes; at least one. */
function relationsOf(pods: MapEnd['nodes'], nodes: MapEnd['nodes']): readonly Relation[] {
  const named = (set: MapEnd['nodes']) => set.size - (set.has(undefined) ? 1 : 0);
  const isOwn = [...(pods.size < nodes.size ? pods : nodes)].some((node) => node !== undefined && pods.has(node) && nodes.has(node));
  const here = { own: isOwn, other: named(pods) * named(nodes) > (isOwn ? 1 : 0), unknown: pods.has(undefined) || nodes.has(undefined) };
  return RELATIONS.filter((relation) => here[relation]);
}

/** The same on both nodes, or open because the node decides. */
export function eitherNode(one: PortAnswer, other: PortAnswer, subject: string): Omit<PortAnswer, 'ports'> {
  const isOpen = ({ outcome }: PortAnswer) => outcome !== 'denied' && outcome !== 'undecided';
  if (isOpen(one) && isOpen(other)) return one;
  if (one.outcome === 'denied' && other.outcome === 'denied') return one;
  const both = union(one.because, other.because);
  const isSame = one.outcome === other.outcome && both.length === one.because.length && both.length === other.because.length;
  return { outcome: 'undecided', because: isSame ? both : union(both, [{ code: 'node-unknown', end: subject }]) };
}
