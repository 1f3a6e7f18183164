// The README's commands are run as they stand there, with the outage example in place of `k8s/`. An answer is exit 0 or 1; 2 is none.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const commands = [...readme.matchAll(/^netverdict ((?:why|describe|map|lint|fix|test|baseline|prove|verdicts|demo) .*?)\s*(?:#.*)?$/gm)]
  .map((match) => (match[1] ?? '').trim())
  .filter((line) => line !== '' && !line.startsWith('prove')); // the kernel suite runs `prove`

it('the README shows commands', () => {
  expect(commands.length).toBeGreaterThan(5);
});

it.each(commands)(
  'netverdict %s',
  (line) => {
    // A baseline is for who has no policies yet.
    const files = ['shop.yaml', ...(line.startsWith('baseline') ? [] : ['policies-friday.yaml'])];
    const input = files.map((file) => `-f examples/outage/${file}`).join(' ');
    const args = line
      .replace(/ > \S+$/, '')
      .replaceAll('-f k8s/', input)
      .split(/\s+/);
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], {
      cwd: root,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect([0, 1], run.stderr).toContain(run.status);
    expect(run.stdout).not.toBe('');
  },
  90_000,
);
