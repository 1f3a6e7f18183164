// Rows of an end with the outside in two states: address space cut wherever a block of either state begins or ends, and put together
// again where neither state changes at a border.
import type { Direction } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import { atomsOf, type IpRange, type IpSet } from '../net/ip-set.ts';
import { addressSetsOf } from '../program/terms.ts';
import type { MapEnd } from '../reach/map-ends.ts';
import { familiesIn } from '../reach/outside-ranges.ts';
import type { RowAnswer } from '../reach/row-answers.ts';
import type { Stack } from '../reach/stacks.ts';
import type { DiffEnd } from './ends.ts';
import type { DiffField } from './field.ts';
import { STATES, type State } from './states.ts';

export interface RangeDifference {
  readonly range: IpRange;
  readonly before: RowAnswer;
  readonly after: RowAnswer;
}

export type OutsideDiffs = (direction: Direction, end: DiffEnd) => readonly RangeDifference[];

/** The ranges whose rows differ, ascending. Worked out once for all ends of the same classes under the same policies. */
export function outsideDiffs(field: DiffField): OutsideDiffs {
  const { rows, stackOn, stacks } = field;
  // Both states speak of the families of both: that a family occurs for the first time is no change of a connection.
  const families: readonly Family[] = familiesIn(field.joint.cluster);
  const known = new Map<string, readonly RangeDifference[]>();
  const stackOf = (state: State, direction: Direction, end: MapEnd | undefined): Stack | undefined =>
    end === undefined || end.isNode ? undefined : stacks.all[stackOn[state](direction, end.class)];
  return (direction, end) => {
    const key = `${direction} ${STATES.map((state) => keyOf(end[state])).join()}`;
    let found = known.get(key);
    if (found === undefined) {
      const blocks = STATES.flatMap((state) => blocksOf(stackOf(state, direction, end[state])));
      const ask = (state: State, range: IpRange) => {
        const own = end[state];
        return own === undefined ? rows.nothing : field.withOutside(stackOn[state], direction, own, range);
      };
      const made: { range: IpRange; readonly before: RowAnswer; readonly after: RowAnswer }[] = [];
      for (const range of atomsOf(blocks)) {
        if (!families.includes(range.family)) continue;
        const [before, after] = [ask('before', range), ask('after', range)];
        const last = made.at(-1);
        if (last !== undefined && last.before === before && last.after === after && last.range.family === range.family) {
          last.range = { ...last.range, to: range.to } as IpRange;
        } else made.push({ range, before, after });
      }
      found = made.filter(({ before, after }) => before !== after);
      known.set(key, found);
    }
    return found;
  };
}

function keyOf(end: MapEnd | undefined): string {
  return end === undefined ? '-' : `${end.isNode ? 'node ' : ''}${end.class}`;
}

/** Where the policies of a stack cut address space. */
export function blocksOf(stack: Stack | undefined): readonly IpSet[] {
  const found = new Set<IpSet>();
  for (const { ref } of stack?.rules ?? []) {
    for (const set of addressSetsOf(ref.rule.peers)) found.add(set);
  }
  return [...found];
}
