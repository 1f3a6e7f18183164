// What a real kernel did before a fix and after it, as data and in words. Made in cli/prove-fix.ts; the laboratory is in lab/.

/** As the laboratory calls what happens to a packet (lab/compare.ts). */
type Observation = 'allowed' | 'denied-egress' | 'denied-ingress' | 'refused' | 'lost';

/** How many packets fared how: `{ allowed: 2 }`. Only what happened is there. */
export type Observed = Readonly<Partial<Record<Observation, number>>>;

export interface FixProof {
  readonly kernel: string;
  readonly before: Observed;
  readonly after: Observed;
  /** Both are what the engine says. False also where no packet could be made. */
  readonly agrees: boolean;
}

/** `before: denied by ingress (2 packets); after: allowed (2 packets)`. */
export function proofWords({ before, after }: FixProof): string {
  return `before: ${observedWords(before)}; after: ${observedWords(after)}`;
}

const WORDS: Readonly<Record<Observation, string>> = {
  allowed: 'allowed',
  'denied-egress': 'denied by egress',
  'denied-ingress': 'denied by ingress',
  refused: 'refused, for nobody listened',
  lost: 'lost',
};

function observedWords(observed: Observed): string {
  const parts = (Object.keys(WORDS) as Observation[]).flatMap((each) => {
    const count = observed[each] ?? 0;
    return count === 0 ? [] : [`${WORDS[each]} (${count} ${count === 1 ? 'packet' : 'packets'})`];
  });
  return parts.length === 0 ? 'no packet could be made' : parts.join(', ');
}
