// Rows with the outside: address space cut at the borders of the blocks that can matter, and put together again where nothing
// changes at a border.
import type { Cluster } from '../model/cluster.ts';
import type { BlockPeer, Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { atomsOf, firstOf, type IpRange, type IpSet } from '../net/ip-set.ts';
import { addressSetsOf, leavesOf } from '../program/terms.ts';
import type { PortAnswering, PortAnswers } from './port-answers.ts';
import type { Reach } from './reach.ts';
import type { RowAnswer } from './row-answers.ts';
import type { Stack } from './stacks.ts';
import { familyBit } from './verdict-of.ts';

export interface RangeAnswer {
  readonly range: IpRange;
  readonly answer: RowAnswer;
}

export interface OutsideAnswering {
  /** The ranges that this class of pods may reach (egress), or that may reach it (ingress), with what; ranges without a row are left out. */
  readonly of: (direction: Direction, podClass: number) => readonly RangeAnswer[];
  /** The same of a node with this stack. */
  readonly under: (direction: Direction, stackNumber: number) => readonly RangeAnswer[];
  /** Where nothing limits an end: every address of the families that occur. */
  readonly everything: (answer: RowAnswer) => readonly RangeAnswer[];
}

/**
 * `answerOf`: the row that a direction's answers make. `cutEverywhere`: keep a border wherever a block of this direction has one,
 * also in rows where it changes nothing, so that ranges of different rows are equal or apart.
 */
export function outsideAnswering(
  reach: Reach,
  asking: PortAnswering,
  answerOf: (direction: Direction, answers: PortAnswers) => RowAnswer,
  cutEverywhere: boolean,
): OutsideAnswering {
  const { classes, stacks } = reach;
  const families = familiesIn(reach.cluster);
  const stackOf = (direction: Direction, podClass: number): number => stacks[direction][podClass] as number;
  const everyBorder = {
    egress: cutEverywhere ? blocksOf(usedStacks(reach, 'egress')) : [],
    ingress: cutEverywhere ? blocksOf(usedStacks(reach, 'ingress')) : [],
  };
  const whole = wholeRanges(families);
  const atomsFor = (direction: Direction, stack: Stack | undefined): readonly IpRange[] => {
    const blocks = cutEverywhere ? everyBorder[direction] : stack === undefined ? [] : blocksOf([stack]);
    return blocks.length === 0 ? whole : atomsOf(blocks).filter(({ family }) => families.includes(family));
  };

  const cut = (direction: Direction, stack: Stack | undefined, ask: (range: IpRange) => RowAnswer): readonly RangeAnswer[] => {
    const found: { range: IpRange; answer: RowAnswer }[] = [];
    for (const range of atomsFor(direction, stack)) {
      const answer = ask(range);
      const last = found.at(-1);
      if (!cutEverywhere && last !== undefined && last.answer === answer && last.range.family === range.family) {
        last.range = { ...last.range, to: range.to } as IpRange;
      } else found.push({ range, answer });
    }
    return found.filter(({ answer }) => !answer.isEmpty);
  };

  const known = new Map<string, readonly RangeAnswer[]>();
  return {
    of(direction, podClass) {
      const stackNumber = stackOf(direction, podClass);
      const isFree = reach.semantics.enforces === 'no' || classes.isLive[podClass] === false;
      const portList = direction === 'ingress' ? (classes.portsOf[podClass] as number) : 0;
      const key = isFree ? direction : `${stackNumber} ${portList}`;
      let ranges = known.get(key);
      if (ranges === undefined) {
        ranges = cut(direction, isFree ? undefined : (stacks.all[stackNumber] as Stack), (range) => {
          if (isFree) return answerOf(direction, asking.open);
          return answerOf(direction, asking.ask(stackNumber, classes.classOfOutside(firstOf(range)), familyBit(range.family), portList));
        });
        known.set(key, ranges);
      }
      return ranges;
    },
    under(direction, stackNumber) {
      if (reach.semantics.enforces === 'no') return cut(direction, undefined, () => answerOf(direction, asking.open));
      return cut(direction, stacks.all[stackNumber], (range) =>
        answerOf(direction, asking.ask(stackNumber, classes.classOfOutside(firstOf(range)), familyBit(range.family), 0)),
      );
    },
    everything: (answer) => (answer.isEmpty ? [] : whole.map((range) => ({ range, answer }))),
  };
}

function wholeRanges(families: readonly Family[]): readonly IpRange[] {
  return atomsOf([]).filter(({ family }) => families.includes(family));
}

function usedStacks({ stacks }: Reach, direction: Direction): Stack[] {
  return [...new Set(stacks[direction])].map((number) => stacks.all[number] as Stack);
}

function blocksOf(stacks: readonly Stack[]): IpSet[] {
  const found = new Set<IpSet>();
  for (const { rules } of stacks) {
    for (const { ref } of rules) {
      for (const set of addressSetsOf(ref.rule.peers)) found.add(set);
    }
  }
  return [...found];
}

/** IPv4, unless everything in the input is IPv6; IPv6 where a pod, node, Service or policy has it. */
export function familiesIn(cluster: Cluster): readonly Family[] {
  const found = new Set<Family>();
  const add = (list: readonly { readonly family: Family }[]) => {
    for (const { family } of list) found.add(family);
  };
  for (const { addresses, hostAddresses, hostNetwork } of cluster.pods)
    add(hostNetwork && addresses.length === 0 ? hostAddresses : addresses);
  for (const node of cluster.nodes.values()) add([...node.addresses, ...node.podCidrs.map(({ first }) => first)]);
  for (const service of cluster.services.values()) add(service.clusterIps);
  for (const { ingress, egress } of cluster.policies) {
    for (const rules of [ingress, egress]) {
      if (rules === 'not-governed') continue;
      for (const { peers } of rules)
        for (const peer of leavesOf(peers)) if (peer.kind === 'block' && !isWholeOutside(peer)) found.add(peer.cidr.first.family);
    }
  }
  return found.size === 0 ? [4] : [...found].sort();
}

/** `world`: written for both families, whichever of them the cluster has. */
function isWholeOutside({ cidr, includesCluster }: BlockPeer): boolean {
  return includesCluster === false && cidr.prefixBits === 0;
}
