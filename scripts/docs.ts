// Writes the documentation that comes from code. `npm run docs` writes it; `npm run docs:check` fails when a file on disk differs.
// To generate a page, add an entry to `generated` below: one line here, the words beside the thing they describe.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineFolders, mayImport } from '../.dependency-cruiser.mjs';
import { configSchema } from '../src/lint/config-schema.ts';
import { RULES } from '../src/lint/rules/index.ts';
import { CONFIG_WORDS } from '../src/words/en/lint/config.ts';
import { claimsPage } from '../tests/claims/page.ts';
import { cniTable } from './cni-table.ts';
import { obstaclesPage, profilesPage } from './code-pages.ts';
import { documentSchemas } from './document-schemas.ts';
import { ruleIndex, withFacts } from './rule-pages.ts';
import { causesPage, cliPage, demoScene, pathPicture } from './surface-pages.ts';

/** One file. `make` gets the present text (empty when there is none), so that it can replace a section and keep the rest. */
type GeneratedFile = { readonly path: string; make(present: string): string | Promise<string> };

/** Everything that is generated, in the order of the docs. */
const generated: readonly GeneratedFile[] = [
  { path: 'ARCHITECTURE.md', make: (present) => replaceSection(present, 'import table', importTable()) },
  { path: 'README.md', make: (present) => replaceSection(present, 'demo', demoScene()) },
  { path: 'docs/pictures/path.svg', make: pathPicture },
  { path: 'docs/cli.md', make: cliPage },
  { path: 'docs/causes/README.md', make: causesPage },
  { path: 'docs/obstacles.md', make: obstaclesPage },
  { path: 'docs/cni-profiles.md', make: profilesPage },
  { path: 'docs/cnis.md', make: cniTable },
  { path: 'docs/claims.md', make: claimsPage },
  { path: 'docs/rules/README.md', make: ruleIndex },
  ...RULES.map((rule) => ({ path: `docs/rules/${rule.id}.md`, make: (present: string) => withFacts(present, rule) })),
  ...documentSchemas,
  { path: 'schemas/netverdict-config.schema.json', make: () => `${JSON.stringify(configSchema(RULES, CONFIG_WORDS), null, 2)}\n` },
];

const root = fileURLToPath(new URL('..', import.meta.url));

/** The table of .dependency-cruiser.mjs as Markdown, one line per folder. */
function importTable(): string {
  const rows = Object.entries(mayImport).map(([folder, allowed]) => {
    const name = engineFolders.includes(folder) ? `**${folder}**` : folder;
    return `| ${name} | ${allowed.join(', ') || '–'} |`;
  });
  return ['| in `src/` (bold: engine) | may import |', '|---|---|', ...rows].join('\n');
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`. Throws when the markers are not there. */
function replaceSection(present: string, name: string, text: string): string {
  const open = `<!-- generated: ${name} -->`;
  const from = present.indexOf(open);
  const to = present.indexOf('<!-- end -->', from);
  if (from < 0 || to < 0) throw new Error(`no section \`${open}\` … \`<!-- end -->\` to replace`);
  return `${present.slice(0, from + open.length)}\n${text}\n${present.slice(to)}`;
}

/** What should be on disk: path from the root → text. Two entries for one file each write their section of it. */
async function wanted(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const { path, make } of generated) files.set(path, await make(files.get(path) ?? (await present(path))));
  return files;
}

async function present(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

const checkOnly = process.argv.includes('--check');
const files = await wanted();
const differing: string[] = [];
for (const [path, text] of files) {
  if ((await present(path)) === text) continue;
  differing.push(path);
  if (checkOnly) continue;
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}

if (checkOnly && differing.length > 0) {
  for (const path of differing) console.error(`docs: ${path} is not what the code says`);
  console.error('docs: run `npm run docs` and commit what it changes');
  process.exitCode = 1;
} else {
  console.error(`docs: ${files.size} generated, ${checkOnly ? 'all up to date' : `${differing.length} written`}`);
}
