// The pages of the lint rules for docs/rules/: what stands beside each rule, with a line of facts under the title, and an index of all.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Rule } from '../src/lint/rule.ts';
import { RULES } from '../src/lint/rules/index.ts';

const rules = fileURLToPath(new URL('../src/lint/rules/', import.meta.url));

/** File name → text: `selects-nothing.md`, and `README.md` with the table. */
export function rulePages(): ReadonlyMap<string, string> {
  return new Map([...RULES.map((rule): [string, string] => [`${rule.id}.md`, page(rule)]), ['README.md', index()]]);
}

function page(rule: Rule): string {
  const text = readFileSync(`${rules}${rule.id}/doc.md`, 'utf8');
  const [title = '', ...rest] = text.split('\n');
  // The fences say how the tests run an example; a reader needs only the YAML.
  const body = rest.join('\n').replace(/^```yaml (?:bad|good)[^\n]*$/gm, '```yaml');
  return `${title}\n${factLine(rule)}\n\n${body}`;
}

function factLine({ severity, offByDefault, fixable, needs, catalogue, since }: Rule): string {
  const facts = [
    offByDefault ? `off by default (${severity} when on)` : severity,
    ...(fixable ? ['`--fix` repairs it where it is sure'] : []),
    `looks at: ${needs.join(', ')}`,
    ...(catalogue.length > 0 ? [catalogue.join(', ')] : []),
    `since ${since}`,
  ];
  return `*${facts.join(' · ')}*`;
}

function index(): string {
  const rows = RULES.map(
    ({ id, severity, offByDefault, fixable, summary }) =>
      `| [${id}](${id}.md) | ${offByDefault ? 'off' : severity} | ${fixable ? 'yes' : ''} | ${summary} |`,
  );
  return `# Lint rules

Written by \`npm run docs\` from \`src/lint/rules/*/\`; the examples on the pages are run by the tests.

| rule | severity | \`--fix\` | what |
|---|---|---|---|
${rows.join('\n')}

A finding can be less severe than its rule where the input does not show the fault for sure; its page says when.

## Rules of a house
What a team agrees on beyond Kubernetes stands under \`lint.house\` in \`netverdict.yaml\`; each part turns on its rule, as a warning unless
\`lint.rules\` says another level. The patterns have \`*\` for anything.

\`\`\`yaml
lint:
  house:
    names: ["allow-*", "deny-*"] # name-against-convention
    labels: [version, "team.example.com/*"] # selects-by-forbidden-label
    wholeNamespaces: [monitoring] # whole-namespace-admitted, but for these
    resolvers: [10.0.0.2] # dns-beyond-resolver, but for these and the DNS pods
\`\`\`

## Accepting a finding
\`# netverdict-ignore RULE: reason\` above an object (for all of it) or at the end of a line (for that line), or the annotation
\`netverdict.dev/ignore: "RULE: reason"\` on the object. Without a reason it is not in force.
For whole folders there is \`ignore\` in \`netverdict.yaml\`, and \`--baseline FILE\` or \`--since REVISION\` for what was there before.
`;
}
