// What every program inside a kept laboratory can do: run another program in its own network, and set its sysctls.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Ran } from './messages.ts';
import type { Sysctl } from './netns-wiring.ts';

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

/** Files under /proc/sys/net are those of the namespace of whoever writes. Not every kernel has all of them. */
export function writeSysctls(files: readonly Sysctl[]): undefined {
  for (const { path, text } of files) {
    try {
      writeFileSync(path, text);
    } catch {
      // Older kernels hide some of them from a namespace; each of them only saves time.
    }
  }
  return undefined;
}
