// The speed figures, as one table. Every ratio is within this run, on this machine, against something measured beside it.
// `npm run bench` prints it; `npm run bench -- --only map,verdicts` runs a part (`npx tsx bench/run.ts` does without building). Figures are medians; lines that cannot run say why.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasShared, sharedPath } from '../tests/shared.ts';
import { COST_ROWS } from './costs.ts';
import { diffRow } from './diff.ts';
import { growthRow } from './growth.ts';
import { fixRow, lintRow } from './lint.ts';
import { costRow, costs, costsBeyondStart, pair, type Row, table } from './measure.ts';
import { compareWithNetpolAnalyzer } from './netpol-analyzer.ts';
import { questions } from './questions.ts';
import { worldRows } from './world.ts';

const only = (
  process.argv.find((word) => word.startsWith('--only'))?.split('=')[1] ??
  process.argv[process.argv.indexOf('--only') + 1] ??
  ''
)
  .split(',')
  .filter((word) => process.argv.some((arg) => arg.startsWith('--only')) && word !== '');
const wants = (name: string) => only.length === 0 || only.includes(name);

const program = 'dist/cli/main.js';
const folder = mkdtempSync(join(tmpdir(), 'netverdict-bench-'));
const rows: Row[] = [];
try {
  const make = (name: string, pods: number, policies: number, more: readonly string[] = []) => {
    const file = join(folder, name);
    const made = spawnSync(
      process.execPath,
      [sharedPath('bench', 'make-cluster.mjs'), '--pods', `${pods}`, '--policies', `${policies}`, '--out', file, ...more],
      { stdio: 'inherit' },
    );
    if (made.status !== 0) throw new Error(`make-cluster.mjs ended with ${made.status}`);
    return file;
  };
  const reader = join(folder, 'read.mjs');
  writeFileSync(reader, "import { readFileSync } from 'node:fs';\nJSON.parse(readFileSync(process.argv[2], 'utf8'));\n");
  const node = (...args: string[]) => [process.execPath, ...args] as const;

  for (const [name, rowsOf] of Object.entries(COST_ROWS)) {
    if (wants(name)) rows.push(...(await rowsOf({ folder, program, node, make: hasShared ? make : undefined })));
  }
  if (hasShared) await rowsOfTheSharedWorkload();
  else rows.push({ name: 'rows of the workload in ../shared', figure: 'skipped: it is not there', bound: '', holds: undefined });

  /** A small input, where the start of Node is most of the time: beyond it, against a YAML library that only loads the same files. */
  function whyRow(): Row {
    const input = sharedPath('realworld', 'online-boutique', 'manifests');
    const load = join(folder, 'load-all.mjs');
    const library = import.meta.resolve('js-yaml');
    writeFileSync(
      load,
      `import { readFileSync } from 'node:fs';\nimport { loadAll } from '${library}';\nfor (const file of process.argv.slice(2)) loadAll(readFileSync(file, 'utf8'));\n`,
    );
    const files = readdirSync(input).flatMap((name) => (name.endsWith('.yaml') ? [join(input, name)] : []));
    const why = node(program, 'why', '-q', '-f', input, 'default/frontend', 'default/svc/cartservice');
    const name = "`why` on online-boutique, against js-yaml's `loadAll` alone, both beyond the start of Node";
    return costRow(name, pair(costsBeyondStart([why, node(load, ...files)], 15)), 4);
  }

  async function rowsOfTheSharedWorkload(): Promise<void> {
    if (wants('why')) rows.push(whyRow());
    const small = make('10k.json', 10_000, 1_000);
    const mapRow = (name: string, file: string, runs: number, most: number, mostMegabytes: number) =>
      costRow(
        `\`map -o json\`, ${name}, against reading and parsing, both beyond the start of Node`,
        pair(costsBeyondStart([node(program, 'map', '-q', '-o', 'json', '-f', file), node(reader, file)], runs)),
        most,
        mostMegabytes,
      );
    if (wants('map')) rows.push(mapRow('10,000 pods, 1,000 policies', small, 9, 4, 500));
    if (wants('verdicts')) {
      const file = join(folder, 'questions.jsonl');
      const count = 1_000_000;
      questions(small, file, count);
      // With Node's start and reading the cluster: the whole process.
      const [run] = costs([node(program, 'verdicts', '-q', '-f', small, '--queries', file)], 3);
      const perSecond = Math.round(count / (run?.cpu ?? Number.NaN));
      rows.push({
        name: '`verdicts`, a million random questions on 10,000 pods, CPU',
        figure: `${perSecond.toLocaleString('en')} a second of processor time`,
        bound: '>= 200,000 a second',
        holds: perSecond >= 200_000,
      });
    }
    if (wants('large')) {
      const large = make('100k.json', 100_000, 10_000);
      rows.push(mapRow('100,000 pods, 10,000 policies', large, 3, 5, 3000));
    }
    if (wants('diff')) rows.push(diffRow(make));
    if (wants('world')) rows.push(...worldRows(make));
    if (wants('fix')) rows.push(fixRow(small, node, program));
    if (wants('lint')) rows.push(lintRow(make, node, program, reader));
    if (wants('growth')) rows.push(growthRow(make));
    if (wants('peer')) rows.push(...compareWithNetpolAnalyzer(folder, program));
    if (wants('cluster')) rows.push(...(await (await import('./cluster.ts')).clusterRows(make, folder, program)));
    if (wants('kernel') && existsSync('bench/kernel.ts')) rows.push(...(await (await import('./kernel.ts')).kernelRows()));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
mkdirSync('.cache', { recursive: true });
writeFileSync('.cache/bench.json', `${JSON.stringify(rows, null, 2)}\n`);
console.log(table(rows));
process.exitCode = rows.every((row) => row.holds !== false) ? 0 : 1;
