// Which rules of a stack speak of a peer, as one number per answer: peers that the same rules match have the same number. For few
// peers the rules are walked; a stack that is asked about many is turned round once, from rules and their members to peers.
import type { FamilyContext } from './addresses.ts';
import { CODES, NO, YES } from './match-code.ts';
import { numberPairs } from './numbering.ts';
import { type Meant, meantBy, type PeerTest, partsFor, peerCode } from './peer-sets.ts';
import type { PortTest } from './port-tests.ts';
import type { Reach } from './reach.ts';
import type { CompiledRule, Stack } from './stacks.ts';

export interface MatchedRules {
  /** The list of rules that match a member of the class `peer`. Lists that must answer alike may be one, also those of two stacks. */
  readonly of: (stackNumber: number, family: FamilyContext, peer: number) => number;
  /** Can named ports change what the rules of the list allow? */
  readonly hasNames: (list: number) => boolean;
  /** What the rules allow together, where that is all there is to say: no tiers, and no rule leaves a peer or a port open. */
  readonly portsIn: (list: number) => readonly PortTest[] | undefined;
}

/** The list of a plain stack in which no rule matches, and the one in which a rule allows every port: others do not count. */
export const NO_RULES = 0;
export const EVERYTHING = 1;

/** Numbers that all turned stacks together may hold: 64 MB. Stacks beyond that are walked. */
const MOST_TURNED = 1 << 24;

/** A step of a walk asks a set that lies anywhere in the memory; a step of turning goes along arrays. */
const STEP_OF_A_WALK = 8;

/** What is known of a stack for one family. */
interface Asked {
  /** The list that its rules are added to. */
  readonly start: number;
  /** Peers looked at so far; how many one more walk looks at; and how many turning the stack round would. */
  looked: number;
  readonly walk: number;
  readonly turn: number;
}

export function matchedRules({ classes, stacks }: Pick<Reach, 'classes' | 'stacks'>): MatchedRules {
  const { count } = classes;
  const before: number[] = [];
  const last: (PortTest | undefined)[] = [];
  const lastClear: (PortTest | undefined)[] = [];
  const names: boolean[] = [];
  const clear: boolean[] = [];
  const made = (list: number, ports: PortTest | undefined, isClear: boolean): number => {
    before.push(list);
    last.push(ports);
    lastClear.push(undefined);
    names.push(list >= 0 && ((names[list] as boolean) || ports?.hasNames === true));
    return clear.push(isClear) - 1;
  };
  for (const _ of [NO_RULES, EVERYTHING]) made(-1, undefined, true);

  // A list is a chain of steps. Clear rules of plain stacks step by their ports alone, and so share lists with other stacks.
  const known = numberPairs();
  const listOf: number[] = [];
  const rules = new Map<CompiledRule, number>();
  const added = (list: number, rule: CompiledRule, code: number, isClear: boolean): number => {
    // The same ports once more say nothing new.
    if (isClear && lastClear[list] === rule.ports) return list;
    let number = isClear ? rule.ports.id : rules.get(rule);
    if (number === undefined) {
      number = rules.size;
      rules.set(rule, number);
    }
    const pair = known.of(list, isClear ? 2 * number : 2 * (number * CODES + code) + 1);
    if (listOf[pair] === undefined) {
      const found = made(list, rule.ports, isClear && (clear[list] as boolean));
      listOf[pair] = found;
      if (isClear) lastClear[found] = rule.ports;
    }
    return listOf[pair] as number;
  };
  const next = (stack: Stack, list: number, rule: CompiledRule, code: number): number => {
    if (!stack.isPlain) return added(list, rule, code, false);
    if (list === EVERYTHING || (code === YES && rule.ports.everyPort)) return EVERYTHING;
    return added(list, rule, code, code === YES && rule.ports.isClear);
  };

  const asked: (Asked | undefined)[] = [];
  const begun = (stack: Stack, family: FamilyContext): Asked => {
    let [walk, turn] = [0, count];
    for (const { peers } of stack.rules) {
      const parts = partsFor(peers, family);
      walk += 1 + parts.length;
      turn += peers.anyone ? count : 1;
      for (const { sure, perhaps } of parts) turn += sure.members.length + perhaps.members.length;
    }
    // Where tiers and unreadable policies count, too, no two stacks answer alike for equal rules.
    return { start: stack.isPlain ? NO_RULES : made(-1, undefined, false), looked: 0, walk, turn };
  };
  // Many stacks share a test.
  const meantOf = { 0: new Map<PeerTest, Meant>(), 4: new Map<PeerTest, Meant>(), 6: new Map<PeerTest, Meant>() };
  const meant = (test: PeerTest, family: FamilyContext): Meant => {
    let known = meantOf[family].get(test);
    if (known === undefined) {
      known = meantBy(test, family, count);
      meantOf[family].set(test, known);
    }
    return known;
  };
  const lists = new Int32Array(count);
  /** By class. The next call writes over it. */
  const turned = (stack: Stack, family: FamilyContext, start: number): Int32Array => {
    lists.fill(start);
    for (const rule of stack.rules) {
      const { members, codes } = meant(rule.peers, family);
      let lastList = -1;
      let lastNext = -1;
      for (let i = 0; i < members.length; i++) {
        const member = members[i] as number;
        const list = lists[member] as number;
        if (codes !== undefined && codes[i] !== YES) {
          lists[member] = next(stack, list, rule, codes[i] as number);
          continue;
        }
        if (list !== lastList) {
          lastNext = next(stack, list, rule, YES);
          lastList = list;
        }
        lists[member] = lastNext;
      }
    }
    return lists;
  };
  const kept = keptLists(stacks.all, count);
  return {
    of(stackNumber, family, peer) {
      const which = family === 0 ? 0 : family === 4 ? 1 : 2;
      const turnedList = kept.find(stackNumber, which, peer);
      if (turnedList !== undefined) return turnedList;
      const stack = stacks.all[stackNumber] as Stack;
      const at = stackNumber * 3 + which;
      asked[at] ??= begun(stack, family);
      const state = asked[at] as Asked;
      // Turned round when walking has cost as much: never more than twice the cheaper of the two.
      if (state.looked > state.turn && kept.hasRoom(stackNumber, which)) {
        const found = turned(stack, family, state.start);
        kept.keep(stackNumber, which, found);
        return found[peer] as number;
      }
      state.looked += state.walk * STEP_OF_A_WALK;
      let list = state.start;
      for (let i = 0; i < stack.rules.length && list !== EVERYTHING; i++) {
        const rule = stack.rules[i] as CompiledRule;
        const code = peerCode(rule.peers, family, peer);
        if (code !== NO) list = next(stack, list, rule, code);
      }
      return list;
    },
    hasNames: (list) => names[list] as boolean,
    portsIn(list) {
      if (clear[list] === false) return undefined;
      const found: PortTest[] = [];
      for (let at = list; at >= 0; at = before[at] as number) {
        const ports = last[at];
        if (ports !== undefined) found.push(ports);
      }
      return found;
    },
  };
}

/** The lists of the stacks that were turned round. `which`: a number below 3 for each family. */
interface KeptLists {
  /** undefined where the stack was not turned round. */
  readonly find: (stackNumber: number, which: number, peer: number) => number | undefined;
  readonly hasRoom: (stackNumber: number, which: number) => boolean;
  /** `lists`: by class. */
  readonly keep: (stackNumber: number, which: number, lists: Int32Array) => void;
}

/**
 * A map goes from source to source: an egress stack is asked about one peer after the other, and about one peer all ingress stacks are
 * asked. So the lists of egress stacks are rows, and those of ingress stacks lie side by side for each peer, while that fits:
 * thousands of arrays, each read at one place, would let the processor wait for memory each time.
 */
function keptLists(all: readonly Stack[], count: number): KeptLists {
  const columnOf = new Int32Array(all.length).fill(-1);
  let width = 0;
  for (const [number, { direction }] of all.entries()) if (direction === 'ingress') columnOf[number] = width++;
  /** By family: of every peer the list in each column, plus one; 0 where the stack was not turned. */
  const tables: (Int32Array | undefined)[] = [];
  const rows: (Int32Array | undefined)[] = [];
  let room = MOST_TURNED;
  return {
    find(stackNumber, which, peer) {
      const column = columnOf[stackNumber] as number;
      const table = tables[which];
      const found = column >= 0 && table !== undefined ? (table[peer * width + column] as number) : 0;
      return found > 0 ? found - 1 : rows[stackNumber * 3 + which]?.[peer];
    },
    hasRoom: (stackNumber, which) => room >= count || (tables[which] !== undefined && (columnOf[stackNumber] as number) >= 0),
    keep(stackNumber, which, lists) {
      const column = columnOf[stackNumber] as number;
      if (column >= 0 && tables[which] === undefined && room >= width * count) {
        tables[which] = new Int32Array(width * count);
        room -= width * count;
      }
      const table = column < 0 ? undefined : tables[which];
      if (table === undefined) {
        rows[stackNumber * 3 + which] = lists.slice();
        room -= count;
      } else for (let peer = 0; peer < count; peer++) table[peer * width + column] = (lists[peer] as number) + 1;
    },
  };
}
