// Builds dist/: the program (dist/cli/main.js), the two public doors (dist/index.js, dist/node.js) and their declaration files.
// Plain JavaScript, because `npm ci` runs it on Node 20, which reads no TypeScript. Why bundled: docs/decisions/0004-bundle-the-cli.md.
import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = promisify(execFile);
const started = performance.now();

const doors = ['src/index.ts', 'src/node.ts'];
const program = 'src/cli/main.ts';
/** Run inside a laboratory, started as processes of their own: src/lab/namespace.ts and netns-programs.ts look for them by these names. */
const inside = ['src/lab/inside.ts', 'src/lab/netns-holder.ts', 'src/lab/netns-pod.ts'];
const sources = new Set(await readdir(join(root, 'src'), { recursive: true }));
const isThere = (entry) => sources.has(entry.slice('src/'.length));
const wanted = [program, ...inside, ...doors];
const entries = wanted.filter(isThere);
for (const entry of wanted) if (!isThere(entry)) console.error(`build: ${entry} is not there, built without it`);

// Built beside and moved into place: an interrupted or failed build never leaves half a program.
const output = join(root, '.cache', `dist-${process.pid}`);
try {
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  if (entries.length > 0) await both(bundle(), declarations());
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await rename(output, join(root, 'dist'));
  console.error(`build: dist/ is ready (${Math.round(performance.now() - started)} ms)`);
} catch (error) {
  await rm(output, { recursive: true, force: true });
  console.error(`${error.stdout || error.message}\nbuild: failed, dist/ is as it was`);
  process.exitCode = 1;
}

/** Waits for both even when one fails: a compiler that still runs would write into a folder that is being removed. */
async function both(...jobs) {
  const failed = (await Promise.allSettled(jobs)).find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
}

async function bundle() {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outbase: 'src',
    outdir: output,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: 'chunks/[name]-[hash]',
    minifyWhitespace: true, // a third less for Node to read at every start; names stay, for stack traces
    legalComments: 'none', // all of them are in THIRD-PARTY-LICENSES.txt
    define: { NETVERDICT_VERSION: JSON.stringify(manifest.version) },
    metafile: true,
    logLevel: 'silent', // its errors are printed once, by the caller
    // What users install stays outside; every other package that src/ imports (a devDependency) becomes part of dist/.
    external: Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
    // yaml's default for Node is CommonJS that asks for `process` and `buffer`; the same code as modules needs neither.
    alias: { yaml: './node_modules/yaml/browser/index.js' },
    plugins: [builtinsForCommonJs(), onlyWhatIsUsedOfTheClient(), parserStateOfOneShape()],
  });
  assertPublicDoorIsPure(result.metafile);
  await writeLicenses(result.metafile);
  if (isThere(program)) await makeExecutable(join(output, 'cli/main.js'));
}

/** commander is CommonJS: its `require('node:fs')` is answered by Node itself (20.16 on), because an ES module has no `require`. */
function builtinsForCommonJs() {
  return {
    name: 'builtins-for-commonjs',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /./ }, ({ kind, path }) =>
        kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'required-builtin' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'required-builtin' }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
      }));
    },
  };
}

/**
 * The official client is 58 MB with a class for every kind of object, and takes 0.7 to 1.2 s to load. We use its kubeconfig and its exec,
 * but it does not say that its modules may be left out. Told so, what is used is half a megabyte and loads in 60 to 110 ms.
 */
function onlyWhatIsUsedOfTheClient() {
  const inside = Symbol('inside');
  return {
    name: 'only-what-is-used-of-the-client',
    setup(bundler) {
      bundler.onResolve({ filter: /./ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === inside || !`${path} ${importer}`.includes('@kubernetes/client-node')) return undefined;
        // It asks node-fetch for one class that Node has had since 18; its table of international host names alone is 300 kB.
        if (path === 'node-fetch') return { path, namespace: 'node-has-it', sideEffects: false };
        return { ...(await bundler.resolve(path, { importer, resolveDir, kind, pluginData: inside })), sideEffects: false };
      });
      bundler.onLoad({ filter: /./, namespace: 'node-has-it' }, () => ({
        contents:
          'export const { Headers, Request, Response, FormData } = globalThis; export default globalThis.fetch;' +
          'export class FetchError extends Error {} export class AbortError extends Error {}',
      }));
    },
  };
}

/**
 * js-yaml 5.5 spreads its options into the state of its parser, and V8 gives the result of every such spread a hidden class of its own:
 * after ten calls no property of it is found by a cache. We call it for every 64 kB (manifest/yaml.ts), and 47 MB took 11.5 s. With the
 * two options written out it is 4.6 s, and the same events.
 */
function parserStateOfOneShape() {
  const spread = /const state = \{\s*\.\.\.DEFAULT_PARSER_OPTIONS,\s*\.\.\.options,/;
  const written =
    'const state = { filename: options?.filename ?? DEFAULT_PARSER_OPTIONS.filename, maxDepth: options?.maxDepth ?? DEFAULT_PARSER_OPTIONS.maxDepth,';
  return {
    name: 'parser-state-of-one-shape',
    setup({ onLoad }) {
      // Not the older one that the official client brings along.
      onLoad({ filter: /[\\/]js-yaml[\\/]dist[\\/]js-yaml\.mjs$/ }, async ({ path }) => {
        if (path !== join(root, 'node_modules/js-yaml/dist/js-yaml.mjs')) return undefined;
        const text = await readFile(path, 'utf8');
        const options = /var DEFAULT_PARSER_OPTIONS = \{\s*filename: "",\s*maxDepth: 100\s*\};/;
        if (!spread.test(text) || !options.test(text)) {
          throw new Error('js-yaml makes the state of its parser otherwise now: see whether parserStateOfOneShape is still needed');
        }
        return { contents: text.replace(spread, written), loader: 'js' };
      });
    },
  };
}

/** The import table holds our own files to this; here it is checked for the packages that were bundled, too. */
function assertPublicDoorIsPure({ outputs }) {
  const name = Object.keys(outputs).find((file) => outputs[file].entryPoint === doors[0]);
  if (name === undefined) return;
  const reached = new Set([name]);
  for (const file of reached) {
    const required = Object.keys(outputs[file].inputs).filter((input) => input.startsWith('required-builtin:'));
    const imported = outputs[file].imports.filter(({ external, path }) => external && isBuiltin(path));
    const [builtin] = [...required, ...imported.map(({ path }) => path)];
    if (builtin !== undefined) throw new Error(`dist/index.js must run in a browser, but ${file} imports ${builtin}`);
    for (const { external, path } of outputs[file].imports) if (!external) reached.add(path);
  }
}

async function makeExecutable(file) {
  const code = await readFile(file, 'utf8');
  if (!code.startsWith('#!')) await writeFile(file, `#!/usr/bin/env node\n${code}`);
  await chmod(file, 0o755);
}

/** The licenses of the packages that are inside dist/, as they ask for. */
async function writeLicenses({ outputs }) {
  const inPackage = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//;
  // Files of which nothing is left after the bundler has dropped what nobody uses are not inside.
  const files = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs).filter((file) => inputs[file].bytesInOutput > 0));
  const folders = new Set(files.flatMap((file) => inPackage.exec(file)?.[1] ?? []));
  const parts = await Promise.all(
    [...folders].sort().map(async (path) => {
      const folder = join(root, path);
      const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} has no license file, so it cannot be bundled`);
      return `${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
    }),
  );
  if (parts.length > 0) await writeFile(join(output, 'THIRD-PARTY-LICENSES.txt'), parts.join(`\n${'-'.repeat(80)}\n\n`));
}

async function declarations() {
  if (!doors.some(isThere)) return;
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', output], { cwd: root });
}
