// The program as users run it, bundled from the sources of this checkout: a lab starts a process for every pod, and those must start
// as fast as installed ones. Not `npm run build`, which makes more and replaces dist/ under whoever uses it.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BuiltProgram {
  readonly file: string;
  readonly run: (...args: readonly string[]) => Promise<Ended>;
  /** The same in another folder. */
  readonly runIn: (folder: string, ...args: readonly string[]) => Promise<Ended>;
  /** The proof of this very bundle: its lab starts as fast as an installed one. */
  readonly prove: () => Promise<typeof import('../../src/lab/prove.ts').prove>;
  readonly remove: () => Promise<void>;
}

/** `runtime`: XDG_RUNTIME_DIR of all runs, so that labs of a test are nobody else's. */
export async function builtProgram(runtime: string): Promise<BuiltProgram> {
  const outdir = await mkdtemp(join(root, 'node_modules', '.netverdict-tests-'));
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts', 'src/lab/inside.ts', 'src/lab/netns-holder.ts', 'src/lab/netns-pod.ts', 'src/lab/prove.ts'],
    outbase: 'src',
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    define: { NETVERDICT_VERSION: '"0.0.0-test"' },
    logLevel: 'silent',
  });
  await writeFile(join(outdir, 'package.json'), '{ "type": "module" }');
  const file = join(outdir, 'cli', 'main.js');
  const env = { ...process.env, XDG_RUNTIME_DIR: runtime };
  return {
    file,
    run: (...args) => ran([file, ...args], env, root),
    runIn: (folder, ...args) => ran([file, ...args], env, folder),
    prove: async () => {
      const bundle: typeof import('../../src/lab/prove.ts') = await import(pathToFileURL(join(outdir, 'lab', 'prove.js')).href);
      return bundle.prove;
    },
    remove: () => rm(outdir, { recursive: true, force: true }),
  };
}

function ran(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [...args], { env, timeout: 60_000, cwd }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
      done({ code, stdout, stderr });
    });
  });
}
