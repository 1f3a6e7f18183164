// docs/claims.md: the claims with what happened when they were run.
import { type Check, type Claim, PROFILES } from './claim.ts';
import { CLAIMS, type Happened, happened, isForKernel } from './run.ts';

const VERDICT: Readonly<Record<Claim['verdict'], string>> = { true: 'true', wrong: 'wrong', depends: 'it depends' };

export function claimsPage(): string {
  const count = (verdict: Claim['verdict']) => CLAIMS.filter((claim) => claim.verdict === verdict).length;
  return [
    '# The claims book',
    '',
    'Sentences that are written about network policies, each with a small cluster in which it was tried. What stands below them is what the',
    'engine answered, not what somebody remembers; the page is made from `tests/claims/` by `npm run docs`, and a test holds every answer to what',
    'was expected. Claims marked with ● are also run on a kernel in `tests/kernel/claims.test.ts`: every connection that policies of their cluster',
    'can tell apart is made there, and has to end as the engine says. Open connections and DNS by name are in',
    '`tests/kernel/lab.test.ts` and `tests/kernel/scenes.test.ts`.',
    '',
    `${CLAIMS.length} claims: ${count('wrong')} wrong, ${count('depends')} that depend, ${count('true')} true. Profiles: ${PROFILES.join(', ')}; \`kubernetes\` is what the API promises.`,
    '',
    ...CLAIMS.flatMap(section),
  ].join('\n');
}

function section(claim: Claim): string[] {
  return [
    `## ${claim.id}`,
    '',
    `> ${claim.claim}`,
    '',
    `**${VERDICT[claim.verdict]}**${isForKernel(claim) ? ' ●' : ''} ${claim.right}`,
    '',
    '| tried | what happened |',
    '|---|---|',
    ...happened(claim).map((each) => `| ${triedText(each.check)} | ${outcomeText(each)} |`),
    '',
  ];
}

function triedText(check: Check): string {
  switch (check.kind) {
    case 'ask':
      return `\`${check.from}\` → \`${check.to}\`${check.control === true ? ' (control)' : ''}`;
    case 'cell':
      return check.about;
    case 'seen':
      return `\`${check.from}\` → \`${check.to}\`, seen: \`${check.symptom}\`. Does it fit?`;
    case 'ping':
      return `ping from \`${check.from}\` to \`${check.to}\``;
    case 'symptom':
      return 'what a denied client sees';
    case 'refused':
      return `the API server: \`${check.says}\``;
  }
}

/** `denied`, where all agree; else each outcome with its profiles. */
function outcomeText({ outcomes }: Happened): string {
  const entries = Object.entries(outcomes);
  const [only] = entries;
  if (entries.length === 1 && only !== undefined) return only[0];
  return entries.map(([outcome, profiles]) => `${outcome}: ${profiles.join(', ')}`).join('; ');
}
