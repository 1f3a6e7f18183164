// What the program prints, as files that are read in review like code: tests/golden/<command>/<case>/{command,stdout,exit}.
// `npm run golden:update` writes stdout and exit of every case.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { builtCli, type Ran, root, runShell } from '../cli-process.ts';

const folder = join(root, 'tests/golden');
const isUpdate = process.env.NETVERDICT_GOLDEN === 'update';

const foldersIn = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

/** Where a case is run: in its own `in/` where it has one, else in examples/outage. `$GOLDEN` leads to the other cases. */
function runCase(path: string): Ran {
  const own = join(path, 'in');
  const cwd = existsSync(own) ? own : join(root, 'examples/outage');
  return runShell(readFileSync(join(path, 'command'), 'utf8'), { cwd, env: { GOLDEN: folder } });
}

if (isUpdate) {
  for (const name of ['netverdict', ...COMMANDS.map((command) => command.name)]) {
    mkdirSync(join(folder, 'help', name), { recursive: true });
    writeFileSync(join(folder, 'help', name, 'command'), name === 'netverdict' ? 'netverdict --help\n' : `netverdict ${name} --help\n`);
  }
}

for (const command of foldersIn(folder)) {
  describe(`netverdict ${command}`, () => {
    const cases = foldersIn(join(folder, command));
    it('has cases', () => {
      expect(cases).not.toEqual([]);
    });

    it.each(cases)('%s', (name) => {
      const path = join(folder, command, name);
      const { status, stdout } = runCase(path);
      if (isUpdate) {
        writeFileSync(join(path, 'stdout'), stdout);
        writeFileSync(join(path, 'exit'), `${status}\n`);
      }
      expect(stdout).toBe(readFileSync(join(path, 'stdout'), 'utf8'));
      expect(`${status}\n`).toBe(readFileSync(join(path, 'exit'), 'utf8'));
    });
  });
}

beforeAll(() => {
  builtCli();
});

describe('the goldens', () => {
  it('hold the help of every command', () => {
    expect(foldersIn(join(folder, 'help'))).toEqual(['netverdict', ...COMMANDS.map(({ name }) => name)].sort());
  });
});
