// The lint command as a person calls it, in this process: what it prints, what it says on stderr, its exit code.
import { Command } from 'commander';
import { vi } from 'vitest';
import { registerLint } from '../../src/cli/commands/lint.ts';
import { Failure } from '../../src/failure.ts';

export interface Outcome {
  readonly out: string;
  readonly err: string;
  readonly exit: number;
  /** Set when it could not answer. */
  readonly failure: Failure | undefined;
}

/** `runLint('-f', 'k8s/', '-o', 'json')`. Nothing reaches the terminal. */
export async function runLint(...args: readonly string[]): Promise<Outcome> {
  const program = new Command('netverdict').exitOverride().configureOutput({ writeErr: () => {} });
  registerLint(program);
  const [out, err]: [string[], string[]] = [[], []];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  const before = process.exitCode;
  process.exitCode = 0;
  let failure: Failure | undefined;
  try {
    await program.parseAsync(['lint', '--color', 'never', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    failure = error;
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
  const exit = failure === undefined ? Number(process.exitCode ?? 0) : 2;
  process.exitCode = before;
  return { out: out.join(''), err: err.join(''), exit, failure };
}
