// The phrases of `fix` for people: row labels, and the sentences that the document has as codes.

export const LABELS = { advice: 'or', warning: 'warning', fix: 'fix', proof: 'proof', files: 'files' } as const;

/** `is denied`, beside the ends. */
export const stateWords = (outcome: string) => `is ${outcome}`;

/** What a fix opens and closes besides. `this`: the connection that was asked about. */
export const EFFECT = {
  opens: 'opens',
  closes: 'closes',
  edits: 'edits',
  thisOnly: 'this, nothing else',
  thisAnd: 'this, and',
  nothing: 'nothing',
  more: (count: number) => `… and ${count} more (--verbose shows all)`,
  moreLines: (count: number) => `… and ${count} more lines`,
} as const;

export const WARNINGS = {
  dnsStaysDenied:
    'names still do not resolve, because DNS is denied; ask with the host name that programs dial to have DNS in the fix as well',
  addressUnknown: (name: string, family: string | undefined) =>
    `policies match addresses, not names, and the address of ${name} is not in the input, so this opens every address outside${family === undefined ? '' : ` of ${family}`}; ask with the address for a rule that opens nothing else`,
} as const;

/** Why there is no fix. */
export const NONE = {
  done: (outcome: string) => `none needed: it is ${outcome}`,
  unreadable: (count: number, policies: string) =>
    `first correct the ${count === 1 ? 'policy' : 'policies'} ${policies}, which cannot be read`,
  unreadableHint: 'until then it is not known what another edit opens or closes',
  broken: (reasons: string) => `no edit of a policy repairs this: ${reasons}`,
  brokenAndDenied: 'policies deny it as well; netverdict why says which',
  deniedAbove: (rule: string) => `no NetworkPolicy can open this, because ${rule} denies it before NetworkPolicies are evaluated`,
  deniedAboveHint: 'whoever owns the cluster-wide policies can allow it, or pass it on, in a rule that comes before that one',
  notFound: (wanted: string) => `no edit was found that makes it ${wanted} for certain`,
  notFoundHint: 'netverdict why says what blocks it',
  noSuchNumber: (number: number) => `there is no fix ${number} for this connection`,
} as const;

/** Behind the command that goes on with a fix. */
export const NEXT = {
  writes: 'writes it; -o patch and -o kubectl print it',
  prints: 'prints the commands',
} as const;

/** What a real kernel did: `on a real kernel (Linux 6.8) before: denied by ingress (2 packets); after: allowed (2 packets)`. */
export const kernelWords = (kernel: string, proof: string, agrees: boolean) =>
  `on a real kernel (Linux ${kernel}) ${proof}${agrees ? '' : ', which is not what was verified'}`;
