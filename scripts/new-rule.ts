// `npm run new:rule port-nobody-listens-on`: a folder with the three files of a rule and a test that fails until the rule finds something,
// and its line in the index. What is still to be said is marked with TODO; the catalogue tests name what is missing.
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rules = fileURLToPath(new URL('../src/lint/rules/', import.meta.url));

/** `selects-nothing` → `selectsNothing`. */
function variableOf(id: string): string {
  return id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The files of a new rule, by name. */
export function filesOf(id: string): Readonly<Record<string, string>> {
  const name = variableOf(id);
  return {
    'rule.ts': `// TODO: what it finds, in one sentence.
import { defineRule } from '../../rule.ts';
import { readablePolicies } from '../../walk.ts';

export const ${name} = defineRule({
  id: '${id}',
  catalogue: [],
  summary: 'TODO: the fault in a few words',
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    found: { text: '\`{policy}\` TODO: what is wrong', hint: 'TODO: what to do' },
  },
  check(context, report) {
    for (const policy of readablePolicies(context)) {
      const isFaulty = false; // TODO
      if (isFaulty) report('found', { policy: policy.ref }, policy.origin);
    }
  },
});
`,
    'doc.md': `# ${id}
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
    'rule.test.ts': `import { describe, expect, it } from 'vitest';
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
  };
}

/** The index with one more rule in it, sorted by id. */
export function withRule(index: string, id: string): string {
  const ids = [...index.matchAll(/^import \{ \w+ \} from '\.\/([^']+)\/rule\.ts';$/gm)].map(([, known = '']) => known);
  const all = [...ids, id].sort();
  const imports = all.map((each) => `import { ${variableOf(each)} } from './${each}/rule.ts';`).join('\n');
  const list = all.map((each) => `  ${variableOf(each)},`).join('\n');
  return index
    .replace(/(?:^import \{ \w+ \} from '\.\/[^']+\/rule\.ts';\n)+/m, `${imports}\n`)
    .replace(/(RULES: readonly Rule\[\] = \[\n)[^\]]*(\];)/, `$1${list}\n$2`);
}

async function main(id: string | undefined): Promise<void> {
  if (id === undefined || !/^[a-z]+(-[a-z0-9]+)+$/.test(id)) {
    throw new Error('usage: npm run new:rule port-nobody-listens-on   (kebab-case, a statement of the fault)');
  }
  const folder = join(rules, id);
  if (await stat(folder).catch(() => undefined)) throw new Error(`there is a rule ${id} already`);
  await mkdir(folder);
  for (const [file, text] of Object.entries(filesOf(id))) await writeFile(join(folder, file), text);
  await writeFile(join(rules, 'index.ts'), withRule(await readFile(join(rules, 'index.ts'), 'utf8'), id));
  console.error(`src/lint/rules/${id}/ is there: rule.ts, doc.md, rule.test.ts. Run: npx vitest run src/lint/rules/${id} tests/lint`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.argv[2]).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
