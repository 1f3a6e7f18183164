// The program as people start it: built once for each test process, from the sources as they are, and run as a process of its own.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

export const root: string = fileURLToPath(new URL('..', import.meta.url));

let folder: string | undefined;

// A worker of the test runner is killed when it is done, so nothing can wait for its exit.
afterAll(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
});

/** The built program's file. dist/ is not touched: another test may be using it. */
export function builtCli(): string {
  if (folder === undefined) {
    // Below the root, so that it finds the examples as the real one does.
    const output = join(root, '.cache', `cli-${process.pid}`);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    buildSync({
      absWorkingDir: root,
      // With what a lab starts as processes of its own.
      entryPoints: ['src/cli/main.ts', 'src/lab/inside.ts', 'src/lab/netns-holder.ts', 'src/lab/netns-pod.ts'],
      outbase: 'src',
      outdir: output,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      external: ['@kubernetes/client-node'],
      alias: { yaml: './node_modules/yaml/browser/index.js' },
      // commander is CommonJS and asks for `node:fs` with a `require` that a module does not have.
      banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
      define: { NETVERDICT_VERSION: JSON.stringify(version) },
      logLevel: 'silent',
    });
    folder = output;
  }
  return join(folder, 'cli', 'main.js');
}

/** A folder for PATH in which `netverdict` (and `kubectl-netverdict`) is the built program. */
function binFolder(): string {
  const file = builtCli();
  const bin = join(file, '..', 'bin');
  mkdirSync(bin, { recursive: true });
  for (const name of ['netverdict', 'kubectl-netverdict']) {
    writeFileSync(join(bin, name), `#!/bin/sh\nexec '${process.execPath}' '${file}' "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; a program that takes longer is killed, and its status is null. */
  readonly timeout?: number;
}

/** Without colours, without a terminal, with an empty standard input unless one is given. */
const ENV = { NO_COLOR: '', FORCE_COLOR: undefined, TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' };

/** `runCli(['map', '-f', 'k8s/'])`. Throws only when no process could be started. */
export function runCli(args: readonly string[], options: RunOptions = {}): Ran {
  return ran(spawnSync(process.execPath, [builtCli(), ...args], settings(options)));
}

/** A line for `sh`, in which `netverdict` is the built program. */
export function runShell(line: string, options: RunOptions = {}): Ran {
  const path = `${binFolder()}:${process.env.PATH ?? ''}`;
  return ran(spawnSync('sh', ['-c', line], settings({ ...options, env: { PATH: path, ...options.env } })));
}

/** The same without waiting: for tests that run several at once. */
function _startCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const { input, cwd, env, timeout } = settings(options);
    const child = spawn(process.execPath, [builtCli(), ...args], { cwd, env, timeout });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => {}); // it may end without reading
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}

function settings({ cwd = root, input = '', env = {}, timeout = 60_000 }: RunOptions) {
  return { cwd, input, timeout, encoding: 'utf8' as const, maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...ENV, ...env } };
}

function ran({ status, stdout, stderr, error }: SpawnSyncReturns<string>): Ran {
  if (error !== undefined && (error as NodeJS.ErrnoException).code !== 'ETIMEDOUT') throw error;
  return { status, stdout, stderr };
}
