// Which tests a run takes. `npm test` runs everything that needs no API server; tests/kernel skips itself where nft or ip is missing.
import { defineConfig } from 'vitest/config';
import { SkipReporter } from './tests/skip-reporter.ts';

const suites: Readonly<Record<string, { readonly include: readonly string[]; readonly exclude: readonly string[] }>> = {
  default: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], exclude: ['tests/cluster/**'] },
  /** Nothing but this Node: what is run a second time on a newer one. */
  unit: { include: ['src/**/*.test.ts', 'tests/**/*.test.ts'], exclude: ['tests/cluster/**', 'tests/kernel/**', 'tests/pack.test.ts'] },
  kernel: { include: ['tests/kernel/**/*.test.ts'], exclude: [] },
  cluster: { include: ['tests/cluster/**/*.test.ts'], exclude: [] },
};

const name = process.env.NETVERDICT_SUITE ?? (process.argv.some((argument) => argument.includes('tests/cluster')) ? 'cluster' : 'default');
const suite = suites[name];
if (suite === undefined) throw new Error(`NETVERDICT_SUITE is \`${name}\`, and can be ${Object.keys(suites).join(', ')}`);

/** Where to write vitest's results as JSON, for a program that adds them up. */
const results = process.env.NETVERDICT_RESULTS;

export default defineConfig({
  test: {
    environment: 'node',
    include: [...suite.include],
    exclude: ['**/node_modules/**', ...suite.exclude],
    setupFiles: ['tests/one-seed.ts'],
    pool: 'forks',
    // Files of one worker share their modules, which halves the CPU time; a test that changes the process puts it back.
    isolate: false,
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', new SkipReporter(), ...(results ? [['json', { outputFile: results }] as ['json', object]] : [])],
  },
});
