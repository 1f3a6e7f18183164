// The architecture, as a table that a machine checks: which folder of src/ may import which. `npm run arch` runs it.
// Unit tests (*.test.ts) are free of the table; everything else in src/ obeys it, type imports included.

import { existsSync } from 'node:fs';

/** Plain values in, plain values out; runs in Node and in a browser. In the order that a question travels. */
const engine = {
  net: [],
  model: ['net'],
  profile: [],
  objects: ['model', 'net'],
  program: ['profile', 'model', 'net'],
  kinds: ['program', 'objects', 'profile', 'model', 'net'],
  manifest: ['kinds', 'objects', 'model', 'net'],
  cni: ['manifest', 'program', 'objects', 'profile', 'model', 'net'],
  world: ['manifest', 'kinds', 'objects', 'model', 'net'],
  policy: ['program', 'profile', 'model', 'net'],
  classes: ['policy', 'program', 'profile', 'model', 'net'],
  route: ['policy', 'program', 'objects', 'profile', 'model', 'net'],
  explain: ['route', 'policy', 'manifest', 'kinds', 'program', 'objects', 'profile', 'model', 'net'],
  reach: ['classes', 'policy', 'program', 'profile', 'model', 'net'],
  compare: ['reach', 'classes', 'policy', 'program', 'profile', 'model', 'net'],
  lint: ['reach', 'classes', 'explain', 'route', 'policy', 'manifest', 'kinds', 'program', 'objects', 'profile', 'model', 'net'],
  repair: ['reach', 'classes', 'explain', 'route', 'policy', 'manifest', 'kinds', 'program', 'objects', 'profile', 'model', 'net'],
  nft: ['reach', 'classes', 'policy', 'program', 'profile', 'model', 'net'],
  flow: ['policy', 'program', 'profile', 'model', 'net'],
  question: [
    'flow',
    'compare',
    'nft',
    'repair',
    'lint',
    'reach',
    'classes',
    'explain',
    'route',
    'policy',
    'manifest',
    'kinds',
    'program',
    'objects',
    'profile',
    'model',
    'net',
  ],
};

/** What is said: every sentence of the product, and every document it prints. Pure, like the engine. */
const saying = {
  words: ['failure', ...Object.keys(engine)],
  answer: ['words', 'failure', ...Object.keys(engine)],
};

/** Files, sockets, processes, the kernel; thin. `failure` is src/failure.ts: something outside us did not work. */
const edges = {
  failure: [],
  source: ['failure', 'cni', 'manifest', 'objects', 'profile', 'model', 'net'],
  probe: ['failure', 'question', 'reach', 'policy', 'program', 'profile', 'model', 'net'],
  lab: ['failure', 'nft', 'reach', 'route', 'policy', 'program', 'profile', 'model', 'net'],
};

/** What people and programs hold in their hands. `index` and `node` are the two public doors, src/index.ts and src/node.ts. */
const surfaces = {
  index: [...Object.keys(engine), ...Object.keys(saying)],
  /** A renderer gets a document and says it. What it lacks belongs into the document, as a documented field. */
  report: ['answer', 'words'],
  /** Loading, choosing profiles, states of a diff, proofs, live probing: what every face of the product needs, behind ports. */
  app: [...Object.keys(engine), ...Object.keys(edges), ...Object.keys(saying)],
  node: ['failure', 'index', 'words', 'source', 'probe', 'lab', 'app'],
  /** The page and the HTTP API: documents, renderings of them, and who may ask. */
  server: ['failure', 'answer', 'words', 'report', 'app'],
  // Not through the public door: starting the program must load no more than the command uses.
  cli: [...Object.keys(engine), ...Object.keys(edges), ...Object.keys(saying), 'app', 'report', 'server'],
};

/** npm packages that the engine may use, by folder. Every other engine folder uses none; edges and surfaces are free. */
const enginePackages = {
  manifest: ['js-yaml', 'yaml'],
  repair: ['yaml'],
};

/** Packages that are slow to load, and the only files that may import them when they start. Those files are imported with `import()`. */
const heavyParts = [{ packages: ['@kubernetes/client-node'], onlyIn: '^src/source/live[^/]*(/|\\.ts$)' }];

/** The folders that run in a browser as they are: the engine and what says its answers. */
export const engineFolders = [...Object.keys(engine), ...Object.keys(saying)];
export const mayImport = { ...engine, ...saying, ...edges, ...surfaces };

/** A line for what is not there would read like architecture and hold nothing: each name is a folder or a file, and what it may import too. */
const phantoms = [...new Set(Object.entries(mayImport).flat(2))].filter((name) => {
  const place = new URL(`src/${name}`, import.meta.url);
  return !(name in mayImport && (existsSync(place) || existsSync(`${place.pathname}.ts`)));
});
if (phantoms.length > 0) throw new Error(`the import table names what is not in src/ or has no line of its own: ${phantoms.join(', ')}`);

const UNIT_TEST = '\\.test\\.ts$';
/** `['net', 'model']` → a pattern for their files: a folder, or a single file such as src/failure.ts. */
const filesOf = (parts) => `^src/(${parts.join('|')})(/|\\.ts$)`;
/** Where a package is found, or its bare name when it is not installed. */
const packageFiles = (names) => `(^|node_modules/)(${names.join('|')})(/|$)`;
/** A file of ours that is not there yet has no known type either; the compiler is who says so. */
const OWN_FILE = '^\\.{1,2}/(?!.*node_modules/)';
const NPM = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'];
const LATER = ['dynamic-import', 'type-only', 'type-import'];

const folderRules = Object.entries(mayImport).map(([folder, allowed]) => ({
  name: `${folder}-imports-only-what-it-may`,
  comment: `src/${folder} may import: ${allowed.join(', ') || 'nothing of ours'}. The table is in .dependency-cruiser.mjs.`,
  severity: 'error',
  from: { path: filesOf([folder]), pathNot: UNIT_TEST },
  to: { path: '^src/', pathNot: filesOf([folder, ...allowed]) },
}));

const packageRules = engineFolders.map((folder) => ({
  name: 'engine-uses-few-packages',
  comment: `src/${folder} may use these packages: ${enginePackages[folder]?.join(', ') ?? 'none'}. Each is one more thing that must run in a browser.`,
  severity: 'error',
  from: { path: filesOf([folder]), pathNot: UNIT_TEST },
  to: { dependencyTypes: NPM, pathNot: [OWN_FILE, ...(enginePackages[folder] ? [packageFiles(enginePackages[folder])] : [])] },
}));

/** What a program does with files, clusters, git and the kernel goes through the ports of app/, so that every face of it can have its own. */
const portRules = [
  {
    name: 'app-reaches-the-world-through-ports',
    comment:
      'src/app asks its ports (app/ports.ts) for files, clusters, git and the kernel; only app/node-ports.ts knows who answers on this machine.',
    severity: 'error',
    from: { path: '^src/app/', pathNot: [UNIT_TEST, '^src/app/node-ports\\.ts$', '^src/app/lab-'] },
    // Comparing what was seen with a verdict asks nobody.
    to: { path: filesOf(['source', 'lab']), pathNot: '^src/lab/compare\\.ts$', dependencyTypesNot: ['type-only', 'type-import'] },
  },
  {
    name: 'app-is-no-command-line',
    comment: 'src/app knows no flags, colours or Node modules: those are for cli/, and for the ports.',
    severity: 'error',
    from: { path: '^src/app/', pathNot: UNIT_TEST },
    to: { path: packageFiles(['commander', 'picocolors']) },
  },
];

const KNOWN = filesOf(Object.keys(mayImport));
/** A file outside the table can show itself in three ways: it imports, it is imported, or it does neither. */
const tableRules = [
  { from: { path: '^src/', pathNot: KNOWN }, to: {} },
  { from: {}, to: { path: '^src/', pathNot: KNOWN } },
  { from: { orphan: true, path: '^src/', pathNot: KNOWN }, to: {} },
].map((rule) => ({
  name: 'every-folder-is-in-the-table',
  comment: 'A folder of src/ that the table of .dependency-cruiser.mjs does not name: add its line there, and say what it may import.',
  severity: 'error',
  ...rule,
}));

const heavyRules = heavyParts.flatMap(({ packages, onlyIn }) => [
  {
    name: 'heavy-parts-are-lazy',
    comment: `${packages.join(', ')} takes most of a second to load: a question about files must not pay for it.`,
    severity: 'error',
    from: { path: '^src/', pathNot: [onlyIn, UNIT_TEST] },
    to: { path: packageFiles(packages), dependencyTypesNot: LATER },
  },
  {
    name: 'heavy-parts-are-lazy',
    comment: `This file loads ${packages.join(', ')} at once, so whoever needs it says \`await import(…)\` where it is used.`,
    severity: 'error',
    from: { path: '^src/', pathNot: [onlyIn, UNIT_TEST] },
    to: { path: onlyIn, dependencyTypesNot: LATER },
  },
]);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...folderRules,
    ...tableRules,
    {
      name: 'engine-is-pure',
      comment: 'The engine knows no files, processes or sockets: no `node:` modules. What it needs comes in as an argument.',
      severity: 'error',
      from: { path: filesOf(engineFolders), pathNot: UNIT_TEST },
      to: { dependencyTypes: ['core'] },
    },
    ...packageRules,
    {
      name: 'public-api-is-pure',
      comment: 'src/index.ts runs in a browser: nothing that it reaches may use Node. Node things go through src/node.ts.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { path: '^src/', pathNot: filesOf(engineFolders), reachable: true },
    },
    {
      name: 'public-api-is-pure',
      comment: 'src/index.ts runs in a browser and imports no `node:` module.',
      severity: 'error',
      from: { path: '^src/index\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'a-rule-knows-no-other-rule',
      comment:
        'Lint rules are read, tested and removed one at a time. What two of them need belongs beside rule.ts or deeper in the engine.',
      severity: 'error',
      from: { path: '^src/lint/rules/([^/]+)/' },
      to: { path: '^src/lint/rules/', pathNot: '^src/lint/rules/$1/' },
    },
    ...heavyRules,
    ...portRules,
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or hide a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-in-product',
      comment: 'The product does not import tests, their helpers or their tools.',
      severity: 'error',
      from: { path: '^src/', pathNot: UNIT_TEST },
      to: { path: [UNIT_TEST, '^(tests|scripts|bench)/', packageFiles(['vitest', 'fast-check'])] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectJSDocImports: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
