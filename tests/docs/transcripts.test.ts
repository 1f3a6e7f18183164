// What pages show of a command is what the command prints: each block that begins with `$ netverdict` is run, and its lines are there in
// this order. `…` stands for lines that are left out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, runCli } from '../cli-process.ts';

const PAGES = ['docs/moving.md'];

function transcripts(page: string): readonly (readonly [command: string, shown: readonly string[]])[] {
  const text = readFileSync(join(root, page), 'utf8');
  return [...text.matchAll(/```(?:console)?\n\$ netverdict (.+)\n([\s\S]*?)```/g)].map(([, command = '', shown = '']) => [
    command,
    shown.split(/^…\n/m).filter((part) => part !== ''),
  ]);
}

describe.each(PAGES)('%s', (page) => {
  it('shows commands', () => {
    expect(transcripts(page).length).toBeGreaterThan(1);
  });

  it.each(transcripts(page))('netverdict %s', (command, shown) => {
    const run = runCli(command.split(' '), { cwd: root });
    expect([0, 1], run.stderr).toContain(run.status);
    let from = 0;
    for (const part of shown) {
      const at = run.stdout.indexOf(part, from);
      expect(at, `${part}\nis not in\n${run.stdout.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at + part.length;
    }
  });
});
