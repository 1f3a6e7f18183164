// Every sentence of the product is in src/words (docs/decisions/0007). `npm run words` finds those that are not.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { proseFaults } from './prose.ts';

/** Folders and files that still hold prose. Remove a line with its last sentence; add none. */
const NOT_YET: readonly string[] = [];

const root = fileURLToPath(new URL('..', import.meta.url));
const paths = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).map((path) => `src/${path}`);
const product = paths.filter((path) => /(?<!\.test)\.ts$/.test(path) && !path.startsWith('src/words/')).sort();
const faults = proseFaults(new Map(product.map((path) => [path, readFileSync(`${root}/${path}`, 'utf8')])), NOT_YET);

for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) {
  process.stderr.write('A sentence goes to src/words/en, as a function of a code and its facts; code keeps the code and the facts.\n');
  process.stderr.write('Text of another program, or in its language, is marked: `// QUOTED: kube-apiserver` above the statement.\n');
  process.exitCode = 1;
}
