// The commands of the README and of the pages for people in trouble are run as they stand there, with the outage example in place of `k8s/`. An answer is exit 0 or 1; 2 is none.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGES = ['README.md', 'docs/troubleshooting.md', 'docs/faq.md'];
const commandsOf = (page: string) =>
  [
    ...readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8').matchAll(
      /^netverdict ((?:why|describe|map|lint|fix|diff|test|baseline|prove|verdicts|demo) .*?)\s*(?:#.*)?$/gm,
    ),
  ]
    .map((match) => (match[1] ?? '').trim())
    // The kernel suite runs `prove`; a git revision is for the suite of diff.
    .filter((line) => line !== '' && !line.startsWith('prove') && !line.includes('--git'));
const commands = [...new Set(PAGES.flatMap(commandsOf))];

it.each(PAGES)('%s shows commands', (page) => {
  expect(commandsOf(page).length).toBeGreaterThan(3);
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
