// What connects two ends of a map, and which ends a source can reach at all. Answers are shared by all ends of the same classes.
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import type { PortSet } from '../net/port-set.ts';
import { candidates } from './candidates.ts';
import { hostAnswering } from './host-answers.ts';
import { isImaginary } from './ingress-controller.ts';
import { arePair, endOfPod, type MapEnd } from './map-ends.ts';
import { eitherNode, nodeAnswering } from './node-answers.ts';
import { outsideAnswering, type RangeAnswer } from './outside-ranges.ts';
import { DESTINATION, type PortAnswers, portAnswering, SOURCE } from './port-answers.ts';
import type { Reach } from './reach.ts';
import { type RowAnswer, type RowAnswering, rowAnswering } from './row-answers.ts';
import { familiesBetween, familyBit, NO_FAMILY, plainNode } from './verdict-of.ts';

export interface Joining {
  readonly rows: RowAnswering;
  /** Both directions of a connection between two ends that are a pair. */
  readonly between: (from: MapEnd, to: MapEnd) => RowAnswer;
  /** From the ingress controller: whether it is let in, and for a controller of the input also whether it may go there. */
  readonly fromController: (to: MapEnd) => RowAnswer;
  /** Calls back for every end that `from` has a row with, in the order of `ends`. */
  readonly eachFrom: (from: MapEnd, row: (to: MapEnd, answer: RowAnswer) => void) => void;
  readonly outside: (direction: Direction, end: MapEnd) => readonly RangeAnswer[];
}

/** Rows that are remembered for other ends of the same class, at most; each takes some tens of bytes. */
const REMEMBERED_ROWS = 2_000_000;

export function joiningOf(reach: Reach, ends: readonly MapEnd[], only: PortSet, cutEverywhere: boolean): Joining {
  const { classes, stacks, semantics, ingressController: controller } = reach;
  const asking = portAnswering(reach);
  const rows = rowAnswering(only);
  const withNode = nodeAnswering(asking, semantics);
  const isFree = (end: MapEnd) => semantics.enforces === 'no' || end.isNode || !classes.isLive[end.class];

  const familiesFor = (family: Family | undefined, subject: number, peer: number): number =>
    family === undefined ? familiesBetween(classes, subject, peer) : familyBit(family);
  /** Of a pod in its node's network: what policies for that node say. A node and itself pass none. */
  const atNodes = (direction: Direction, subject: MapEnd, peer: MapEnd, asked: Asked): PortAnswers =>
    [...subject.nodes]
      .map((node): PortAnswers => {
        const stack = node === undefined ? undefined : stacks.ofNodes.get(node);
        const isItself = peer.isNode && peer.nodes.size === 1 && peer.nodes.has(node);
        if (stack === undefined || isItself) return asking.open;
        const families = familiesFor(asked.family, subject.class, peer.class);
        return asking.ask(stack[direction], peer.class, families, classes.portsOf[asked.to.class] as number);
      })
      .reduce((a, b) => asking.merge(a, b, (one, other) => eitherNode(one, other, direction === 'egress' ? SOURCE : DESTINATION)));
  const ofHosts = hostAnswering(reach, asking);
  /** Asked for every row, so it makes no list, object or function to do so. */
  const oneWay = (direction: Direction, from: MapEnd, to: MapEnd, family?: Family): PortAnswers => {
    const subject = direction === 'egress' ? from : to;
    const peer = direction === 'egress' ? to : from;
    const ofHost = ofHosts(direction, subject, peer);
    if (ofHost !== undefined) return ofHost;
    if (subject.isNode && stacks.ofNodes.size > 0 && semantics.enforces !== 'no') {
      return atNodes(direction, subject, peer, { to, family });
    }
    if (isFree(subject)) return asking.open;
    const stack = stacks[direction][subject.class] as number;
    const portList = classes.portsOf[to.class] as number;
    const found = asking.ask(stack, peer.class, familiesFor(family, subject.class, peer.class), portList);
    if (!peer.isNode) return found;
    // What its own node is spared is one family's denial, so each is asked for by itself.
    if (found.familiesDiffer && family === undefined) {
      return asking.ofFamilies(oneWay(direction, from, to, 4), oneWay(direction, from, to, 6));
    }
    const plain = plainNode(classes, peer.class);
    const own = plain === peer.class ? found : asking.ask(stack, plain, familiesFor(family, subject.class, plain), portList);
    return withNode(direction, { other: found, own }, subject, peer);
  };
  const between = (from: MapEnd, to: MapEnd): RowAnswer => {
    if (familiesBetween(classes, from.class, to.class) === NO_FAMILY) return rows.nothing;
    const egress = oneWay('egress', from, to);
    if (egress === asking.closed) return rows.nothing;
    const ingress = oneWay('ingress', from, to);
    return egress.familiesDiffer && ingress.familiesDiffer ? byFamily(from, to, egress, ingress) : rows.join(egress, ingress);
  };
  const byFamily = (from: MapEnd, to: MapEnd, egress: PortAnswers, ingress: PortAnswers): RowAnswer =>
    rows.joinFamilies(egress, ingress, (family) => rows.join(oneWay('egress', from, to, family), oneWay('ingress', from, to, family)));

  const endsOfClass: number[][] = Array.from({ length: classes.count }, () => []);
  const nodeEnds: number[] = [];
  for (const [i, end] of ends.entries()) (end.isNode ? nodeEnds : (endsOfClass[end.class] as number[])).push(i);

  const possible = candidates(reach);
  const remembered = new Map<number, readonly ClassRow[]>();
  let rememberedCount = 0;
  /** `from` stands for its class: its pods are no node's, and neither are those of the classes that come back. */
  const eachClassFrom = (from: MapEnd, row: (to: number, answer: RowAnswer) => void): void => {
    const known = remembered.get(from.class);
    if (known !== undefined) {
      for (const { to, answer } of known) row(to, answer);
      return;
    }
    // Only another end of the class would ask again.
    const kept: ClassRow[] | undefined = (endsOfClass[from.class] as number[]).length > 1 ? [] : undefined;
    const candidate = possible.from(from.class);
    for (let i = 0; i < candidate.length; i++) {
      const to = candidate[i] as number;
      const first = ends[(endsOfClass[to] as number[])[0] ?? -1];
      if (first === undefined) continue;
      const answer = between(from, first);
      if (answer.isEmpty) continue;
      row(to, answer);
      kept?.push({ to, answer });
    }
    rememberedCount += kept?.length ?? 0;
    if (kept !== undefined && rememberedCount <= REMEMBERED_ROWS) remembered.set(from.class, kept);
  };

  // What `eachFrom` has found for its source, by end: used again for the next source.
  const answerOf: (RowAnswer | undefined)[] = new Array<undefined>(ends.length).fill(undefined);
  const found = new Uint32Array(ends.length);
  const oneEnded = (direction: Direction, answers: PortAnswers): RowAnswer =>
    direction === 'egress' ? rows.join(answers, asking.open) : rows.join(asking.open, answers);
  const outside = outsideAnswering(reach, asking, oneEnded, cutEverywhere);
  const free = rows.join(asking.open, asking.open);
  return {
    rows,
    between,
    fromController(to) {
      if (controller === undefined) return rows.nothing;
      return isImaginary(controller)
        ? rows.join(asking.open, oneWay('ingress', endOfPod(reach, controller), to))
        : between(endOfPod(reach, controller), to);
    },
    eachFrom(from, row) {
      let count = 0;
      const set = (to: number, answer: RowAnswer) => {
        if (answer.isEmpty || !arePair(from, ends[to] as MapEnd)) return;
        answerOf[to] = answer;
        found[count++] = to;
      };
      if (from.isNode) for (let to = 0; to < ends.length; to++) set(to, between(from, ends[to] as MapEnd));
      else {
        eachClassFrom(from, (to, answer) => {
          for (const end of endsOfClass[to] as number[]) set(end, answer);
        });
        for (const to of nodeEnds) set(to, between(from, ends[to] as MapEnd));
      }
      const tell = (to: number) => {
        const answer = answerOf[to];
        if (answer === undefined) return;
        answerOf[to] = undefined;
        row(ends[to] as MapEnd, answer);
      };
      // In order: few are sorted, many are met on the way along all ends.
      if (count * 8 < ends.length) for (const to of found.subarray(0, count).sort()) tell(to);
      else for (let to = 0; to < ends.length; to++) tell(to);
    },
    outside(direction, end) {
      if (!end.isNode) return outside.of(direction, end.class);
      const ofHost = ofHosts(direction, end, undefined);
      if (ofHost !== undefined) return outside.everything(oneEnded(direction, ofHost));
      const [node, ...others] = [...end.nodes].map((name) => (name === undefined ? undefined : stacks.ofNodes.get(name)));
      if (node === undefined || others.length > 0) return outside.everything(free);
      return outside.under(direction, node[direction]);
    },
  };
}

interface Asked {
  readonly to: MapEnd;
  /** One of those that the two have in common; undefined: all of them. */
  readonly family: Family | undefined;
}

interface ClassRow {
  readonly to: number;
  readonly answer: RowAnswer;
}
