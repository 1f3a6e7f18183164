// Another program, run to its end, from inside a lab.
import { spawn } from 'node:child_process';
import type { Ran } from './messages.ts';

/** Runs it to its end. Rejects only when it cannot be started. */
export function run(program: string, args: readonly string[], input: string | undefined): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), ms: performance.now() - begun }),
    );
    child.stdin.on('error', () => undefined); // it ended before it read everything: its exit code says so
    child.stdin.end(input ?? '');
  });
}
