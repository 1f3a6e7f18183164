// Runs what prints manifests, and only when it was asked for: the user's own command with the shell, or kubectl, kustomize and helm without
// one. What they print is read like a file.
import { spawn } from 'node:child_process';
import { Failure } from '../failure.ts';
import type { InputText } from '../manifest/load.ts';
import { decodeText } from './decode-text.ts';

const MAX_BYTES = 500_000_000;

/**
 * Runs `command` with the shell in `folder` and takes what it prints: `{ file: 'main: kustomize build .', text }`, with `label` in front.
 * Failure `render-failed` with the last words of the command when it ends in an error, `render-empty` when it prints nothing.
 */
export async function rendered(command: string, folder: string, label: string): Promise<InputText> {
  return { file: `${label}: ${command}`, text: textOf(command, folder, await output({ command, args: [], shell: true }, folder)) };
}

/** `-k DIR`: with kubectl, and where that is not installed with kustomize. The file is called `<kubectl kustomize DIR>`. */
export async function kustomized(folder: string): Promise<InputText> {
  return firstInstalled([
    ['kubectl', 'kustomize', folder],
    ['kustomize', 'build', folder],
  ]);
}

/** `--helm CHART --values FILE`: `<helm template CHART>`. Nothing is asked of a cluster. */
export async function helmed(chart: string, values: readonly string[], namespace: string | undefined): Promise<InputText> {
  const flags = [...values.flatMap((file) => ['--values', file]), ...(namespace === undefined ? [] : ['--namespace', namespace])];
  return firstInstalled([['helm', 'template', ...flags, '--', chart]]);
}

/** No shell: whatever stands in a name is one argument. */
async function firstInstalled(commands: readonly (readonly string[])[]): Promise<InputText> {
  for (const [command = '', ...args] of commands) {
    const words = [command, ...args].join(' ');
    const ran = await output({ command, args, shell: false }, '.').catch((error: unknown) => {
      if (error instanceof Failure && (error.cause as NodeJS.ErrnoException)?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (ran !== undefined) return { file: `<${words}>`, text: textOf(words, '.', ran) };
  }
  throw new Failure('render-failed', { why: 'not-installed', commands: commands.map(([command = '']) => command) });
}

interface Ran {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function textOf(command: string, folder: string, { code, signal, stdout, stderr }: Ran): string {
  const words = stderr.trim().split('\n').slice(-3).join('\n  ');
  if (code !== 0) {
    throw new Failure('render-failed', { why: 'ended', command, folder, end: signal ?? code ?? 0, said: words });
  }
  const text = decodeText(stdout);
  if (typeof text !== 'string') throw new Failure('render-failed', { why: 'not-text', command, found: text.reason });
  if (text.trim() === '') throw new Failure('render-empty', { command, folder });
  return text;
}

function output({ command, args, shell }: { command: string; args: readonly string[]; shell: boolean }, folder: string): Promise<Ran> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd: folder, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    let length = 0;
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = (stderr + chunk.toString('utf8')).slice(-4000);
    });
    child.on('error', (cause) => fail(new Failure('render-failed', { why: 'not-started', command, folder }, { cause })));
    child.on('close', (code, signal) => done({ code, signal, stdout: Buffer.concat(chunks), stderr }));
  });
}
