// Around probes of a live cluster: Ctrl-C, and asking the person. Shared by `probe` and `test --live`; what is probed is theirs.

import { createInterface } from 'node:readline/promises';
import { mistake } from './mistake.ts';

/**
 * Runs `work` with a signal that Ctrl-C (SIGINT, SIGTERM) aborts, and waits for it to clean up; a second one ends the program at once, as
 * the system would.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    return await work(interrupt.signal);
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

/**
 * Says what is going to be created and asks. Returns when the person agrees or `yes` is set; Failure `not-wanted` when not, `needs-yes`
 * where nobody can be asked.
 */
export async function askBefore(what: string, { yes = false }: { readonly yes?: boolean | undefined }): Promise<void> {
  if (yes) return;
  if (process.stdin.isTTY !== true) {
    throw mistake('needs-yes', {});
  }
  process.stderr.write(`${what}\n`);
  const question = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const said = await question.question('Go ahead? [y/N] ');
    if (!/^y(es)?$/i.test(said.trim())) throw mistake('not-wanted', {});
  } finally {
    question.close();
  }
}
