// What `simplify` found, in English. Names are not yet made harmless.
import { andMore, counted } from './lists.ts';

export interface RemovalFacts {
  readonly of: 'policy' | 'rule' | 'peer' | 'port';
  readonly policy: string;
  /** `shop/cart ingress[0]` */
  readonly rule: string | undefined;
  /** Rules that stay and say as much; [] when it takes several of them together. */
  readonly by: readonly string[];
}

/** `rule shop/cart ingress[1] is implied by shop/cart ingress[0]`. */
export function removalWords({ of, policy, rule, by }: RemovalFacts): string {
  const name = of === 'policy' ? `policy \`${policy}\`` : of === 'rule' ? `rule \`${rule}\`` : `a ${of} of \`${rule}\``;
  if (by.length === 0) return `${name} changes no verdict, because the policies that stay decide the same without it`;
  if (by.length === 1 && by[0] === rule) return `${name} is implied by another ${of} of the same rule`;
  return `${name} is implied by ${andMore(
    by.map((each) => `\`${each}\``),
    3,
  )}`;
}

/** Below the first parts that are left alone: `and 4 more`. */
export function moreLeftWords(count: number): string {
  return `and ${count} more`;
}

export type LeftCode = 'unreadable' | 'several-readings' | 'too-many-kinds' | 'undecided' | 'port-names' | 'other-peers' | 'other-kind';

export interface LeftFacts {
  readonly code: LeftCode;
  readonly kind: string;
  /** undefined: a kind that is only counted. */
  readonly policy: string | undefined;
  readonly count: number;
  readonly keys: readonly string[];
}

export function leftWords({ code, kind, policy, count, keys }: LeftFacts): string {
  if (policy === undefined) return `${counted(count, kind, `${kind} objects`)} left alone, because simplify does not compare this kind`;
  const name = `\`${policy}\``;
  switch (code) {
    case 'unreadable':
      return `${name} was left alone, because it cannot be read or the API server would refuse it`;
    case 'several-readings':
      return `${name} was left alone, because it is defined more than once or CNIs read it differently`;
    case 'too-many-kinds':
      return keys.length === 0
        ? `${name} was left alone, because policies tell too many kinds of pods apart here`
        : `${name} was left alone, because labels tell too many kinds of pods apart here (${andMore(keys, 6)})`;
    case 'undecided':
      return `parts of ${name} were left alone, because a verdict they touch is undecided`;
    case 'port-names':
      return `parts of ${name} were left alone, because cluster-wide rules use port names, or rules by number leave no port free`;
    case 'other-peers':
      return `parts of ${name} were left alone, because rules on the same pods match nodes or domain names`;
    case 'other-kind':
      return `parts of ${name} were left alone, because a policy of another kind applies to the same pods`;
  }
}

export interface SummaryFacts {
  readonly removals: number;
  readonly before: { readonly policies: number; readonly rules: number };
  readonly after: { readonly policies: number; readonly rules: number };
  readonly pods: number;
  readonly podsToCome: number;
}

export function nothingWords({ before, pods, podsToCome }: SummaryFacts): string {
  return `nothing to simplify in ${counted(before.policies, 'policy', 'policies')} with ${counted(before.rules, 'rule')} (${checkedWords(pods, podsToCome)})`;
}

/** `3 parts can go: 4 policies with 9 rules become 3 with 6`. */
export function summaryWords({ removals, before, after }: SummaryFacts): string {
  const parts = counted(removals, 'part');
  return `${parts} can go: ${counted(before.policies, 'policy', 'policies')} with ${counted(before.rules, 'rule')} become ${after.policies} with ${after.rules}`;
}

export function provedWords({ pods, podsToCome }: SummaryFacts): string {
  return `proved equal: both sets give the same answer to ${checkedWords(pods, podsToCome)}, in both directions, on every port`;
}

export function notProvedWords(): string {
  return 'not proved equal, so no patch is offered and nothing is written';
}

function checkedWords(pods: number, podsToCome: number): string {
  return `${counted(pods, 'pod')}, ${counted(podsToCome, 'kind')} of pods that do not exist yet and every address`;
}

export function noPatchWords(reason: string): string {
  return `no patch: ${reason}`;
}

export const TITLES = {
  left: 'left alone:',
  wrote: 'wrote',
  next: 'netverdict simplify --write edits the files; -o patch prints the edits',
} as const;

export function differsWords(differs: string | undefined): string {
  return differs === undefined
    ? 'the edited text would give other verdicts'
    : `the edited text does not say what was proved (\`${differs}\` differs)`;
}
