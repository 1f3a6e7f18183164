// What a real kernel did before a fix and after it, in words. Asked in app/prove-fix.ts.
import type { FixProof, Observation, Observed } from '../question/fix-proof.ts';

export type { FixProof } from '../question/fix-proof.ts';

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
