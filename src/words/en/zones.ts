// The matrix of zones: what may connect, and whether it is proved that nothing else does.
import { portsWords } from './ports.ts';

/** As documents have it. */
export interface ShownCell {
  readonly allowed: Parameters<typeof portsWords>[0];
  readonly holds: boolean;
  readonly isUndecided: boolean;
  /** Why it does not hold. */
  readonly text: string;
}

/** `proved: only TCP 8080`, `proved: nothing`, `broken: web/app=x (a new pod with these labels) can connect to …`. */
export function cellWords({ allowed, holds, isUndecided, text }: ShownCell): string {
  if (holds)
    return allowed === 'all' ? 'everything may connect' : allowed.length === 0 ? 'proved: nothing' : `proved: only ${portsWords(allowed)}`;
  return `${isUndecided ? 'undecided' : 'broken'}: ${text}`;
}

export const ZONE_TITLES = {
  corner: 'from \\ to',
  itself: 'not checked',
  intent: 'intent',
  place: 'place',
  expected: 'expected',
  result: 'result',
  holds: 'holds',
} as const;
