// Runs the user's own command that prints manifests (`kustomize build`, `helm template`), and only when it was asked for. What it prints
// is read like a file.
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
  const { code, signal, stdout, stderr } = await output(command, folder);
  const words = stderr.trim().split('\n').slice(-3).join('\n  ');
  if (code !== 0) {
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    throw new Failure('render-failed', `\`${command}\` ended with ${how} in ${folder}`, { hint: words === '' ? undefined : words });
  }
  const text = decodeText(stdout);
  if (typeof text !== 'string') throw new Failure('render-failed', `\`${command}\` printed what is no text (${text.reason})`);
  if (text.trim() === '') {
    throw new Failure('render-empty', `\`${command}\` printed nothing in ${folder}`, {
      hint: 'it has to print the manifests to its standard output',
    });
  }
  return { file: `${label}: ${command}`, text };
}

function output(command: string, folder: string): Promise<{ code: number | null; signal: string | null; stdout: Buffer; stderr: string }> {
  return new Promise((done, fail) => {
    const child = spawn(command, { cwd: folder, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
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
    child.on('error', (cause) => fail(new Failure('render-failed', `\`${command}\` could not be started in ${folder}`, { cause })));
    child.on('close', (code, signal) => done({ code, signal, stdout: Buffer.concat(chunks), stderr }));
  });
}
