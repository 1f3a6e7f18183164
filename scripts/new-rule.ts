// `npm run new:rule port-nobody-listens-on`: the code of a rule, a test that fails until the rule finds something, its page, its words and
// its line in the index. What is still to be said is marked with TODO; the catalogue tests name what is missing.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const INDEX = 'src/lint/rules/index.ts';

/** The table of words that a new rule goes into, to be moved to the table of its theme. */
export const NEW_WORDS = 'src/words/en/lint/selectors.ts';

/** `selects-nothing` → `selectsNothing`. */
function variableOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The files of a new rule, by path from the root. */
export function filesOf(id: string): Readonly<Record<string, string>> {
  const name = variableOf(id);
  return {
    [`src/lint/rules/${id}/rule.ts`]: `// TODO: what it finds, in one sentence.
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const ${name} = defineRule({
  id: '${id}',
  catalogue: [],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['found'],
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const isFaulty = false; // TODO
      if (isFaulty) report('found', { policy: policy.ref }, policy.origin);
    }
  },
});
`,
    [`src/lint/rules/${id}/rule.test.ts`]: `import { describe, expect, it } from 'vitest';
import { found } from '../../../../tests/lint/one-rule.ts';
import { policy } from '../../../../tests/lint/shop.ts';
import { ${name} } from './rule.ts';

describe('${id}', () => {
  it('finds what it is for', () => {
    expect(found(${name}, policy('cart', 'podSelector: {}'))).toEqual(['1 warning found']);
  });
  it('is silent otherwise', () => {
    expect(found(${name}, policy('cart', 'podSelector: { matchLabels: { app: cart } }'))).toEqual([]);
  });
});
`,
    [`docs/rules/${id}.md`]: `# ${id}

TODO: the fault in one sentence.

## Bad
\`\`\`yaml bad
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-ingress, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
\`\`\`

## Good
\`\`\`yaml good
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart-ingress, namespace: shop }
spec:
  podSelector: { matchLabels: { app: cart } }
  policyTypes: [Ingress]
\`\`\`

## Why it matters
TODO

## When not to care
TODO
`,
  };
}

/** The index with one more rule in it, sorted by id. Rules of a table, which are imported from its file, stay as they are. */
export function withRule(index: string, id: string): string {
  const line = (each: string) => `import { ${variableOf(each)} } from './${each}/rule.ts';`;
  const ids = [...index.matchAll(/^import \{ \w+ \} from '\.\/([^']+)\/rule\.ts';$/gm)].map(([, known = '']) => known);
  const before = ids.filter((known) => known < id).at(-1);
  const withImport =
    before === undefined
      ? index.replace(/^import \{ \w+ \} from '\.\/[^']+\/rule\.ts';$/m, (first) => `${line(id)}\n${first}`)
      : index.replace(line(before), `${line(before)}\n${line(id)}`);
  return withImport.replace(/(RULES = \[\n)([^\]]*)(\] as const)/, (_, open: string, list: string, close: string) => {
    const names = [...list.matchAll(/\w+/g)].map(([name]) => name);
    const all = [...names, variableOf(id)].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
    return `${open}${all.map((name) => `  ${name},\n`).join('')}${close}`;
  });
}

/** `selectsNothing` → `selects-nothing`. */
function idOf(variable: string): string {
  return variable.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** A table of words with an entry for the rule at its end: to be filled in, and moved to the table of its theme. */
export function withWords(table: string, id: string): string {
  const entry = `  '${id}': {
    summary: 'TODO: the fault in a few words',
    messages: { found: { text: '\`{policy}\` TODO: what is wrong', hint: 'TODO: what to do' } },
  },
`;
  const end = table.indexOf('} satisfies SomeLintWords;');
  return `${table.slice(0, end)}${entry}${table.slice(end)}`;
}

async function main(id: string | undefined): Promise<void> {
  if (id === undefined || !/^[a-z]+(-[a-z0-9]+)+$/.test(id)) {
    throw new Error('usage: npm run new:rule port-nobody-listens-on   (kebab-case, a statement of the fault)');
  }
  if (await stat(join(root, `docs/rules/${id}.md`)).catch(() => undefined)) throw new Error(`rule ${id} exists already`);
  const files = {
    ...filesOf(id),
    [INDEX]: withRule(await readFile(join(root, INDEX), 'utf8'), id),
    [NEW_WORDS]: withWords(await readFile(join(root, NEW_WORDS), 'utf8'), id),
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  console.error(`Wrote ${Object.keys(files).join(', ')}.`);
  console.error(`Fill in the TODOs, then run: npm run docs && npx vitest run src/lint/rules/${id} tests/lint`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2]).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
