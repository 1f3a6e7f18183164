// What `map --from END --hops N` says. Facts in, English out.
import { andMore, counted } from './lists.ts';

/** `web/frontend can reach 4 ends within 3 hops`. */
export function reachedHead(from: readonly string[], ends: number, hops: number): string {
  const who = andMore(from, 3);
  return ends === 0 ? `${who} cannot reach anything` : `${who} can reach ${counted(ends, 'end')} within ${counted(hops, 'hop')}`;
}

export const ringLabel = (hop: number) => counted(hop, 'hop');
export const viaWords = (via: string) => `via ${via}`;
export const CUTS_HEAD = 'closing one of these connections cuts off the most';
export const cutWords = (count: number) => `cuts off ${counted(count, 'end')}`;
export const undecidedHops = (count: number) => `${counted(count, 'undecided connection')} not followed`;
/** What the list is, and what it is not. */
export const REACHED_NOTE = 'this is what policies allow; to go on from an end, an attacker must first take it over';
