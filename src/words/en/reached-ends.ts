// What `map --from END --hops N` says. Facts in, English out.
import { andMore, counted } from './lists.ts';

/** `web/frontend[Deployment] reaches 4 ends in up to 3 hops`. */
export function reachedHead(from: readonly string[], ends: number, hops: number): string {
  const who = andMore(from, 3);
  return ends === 0 ? `${who} reaches nothing` : `${who} reaches ${counted(ends, 'end')} in up to ${counted(hops, 'hop')}`;
}

export const ringLabel = (hop: number) => counted(hop, 'hop');
export const viaWords = (via: string) => `via ${via}`;
export const CUTS_HEAD = 'closing one of these cuts most';
export const cutWords = (count: number) => `cuts ${counted(count, 'end')}`;
export const undecidedHops = (count: number) => `${counted(count, 'undecided connection')} not followed`;
/** What the list is, and what it is not. */
export const REACHED_NOTE = 'this is what policies allow; whoever goes on from an end must have taken it over first';
