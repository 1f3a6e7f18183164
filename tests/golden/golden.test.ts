// What the program prints, as files that are read in review like code: tests/golden/<command>/<case>.txt (see cases.ts).
// `npm run golden:update` writes exit and output of every case anew. What `--help` prints is in docs/cli.md.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { builtCli, root, runShell } from '../cli-process.ts';
import { describeWithKernel } from '../kernel/needs.ts';
import { goldenCases, readCase, writeCase } from './cases.ts';

const isUpdate = process.env.NETVERDICT_GOLDEN === 'update';

/** Commands whose output is not the same every time, or no file's to hold, and the tests that run them. */
const TESTED_ELSEWHERE: Readonly<Record<string, string>> = {
  serve: 'tests/server/serve.test.ts',
  demo: 'tests/demo.test.ts',
  lab: 'tests/kernel/lab.test.ts',
  probe: 'tests/cluster/probe-command.test.ts',
  completion: 'src/cli/commands/completion.test.ts',
};

/** What the cases read, by file: a case that wrote into the repository would change what the next one says. */
function inputFiles(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ['examples', 'tests/fixtures', 'tests/golden/inputs'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((file) => [file, readFileSync(file, 'utf8')]),
    ),
  );
}
const before = inputFiles();

beforeAll(() => {
  builtCli();
});

function holds(name: string): void {
  const expected = readCase(name);
  const { status, stdout } = runShell(expected.command, { cwd: join(root, expected.folder) });
  const exit = status ?? Number.NaN;
  if (isUpdate && status !== null) writeCase(name, { ...expected, exit, stdout });
  const { exit: rightExit, stdout: rightStdout } = readCase(name);
  expect(stdout).toBe(rightStdout);
  expect(exit).toBe(rightExit);
}

for (const [group, cases] of Object.entries(goldenCases())) {
  const plain = cases.filter((name) => !readCase(name).needsKernel);
  const kernel = cases.filter((name) => readCase(name).needsKernel);
  if (plain.length > 0) describe(`golden ${group}`, () => void it.each(plain)('%s', holds));
  if (kernel.length > 0) describeWithKernel(`golden ${group}`, () => void it.each(kernel)('%s', holds));
}

describe('the golden cases', () => {
  it('cover every command that is not tested elsewhere', () => {
    const groups = Object.keys(goldenCases()).filter((group) => group !== 'errors');
    const commands = COMMANDS.map(({ name }) => name).filter((name) => !(name in TESTED_ELSEWHERE));
    expect(groups.sort()).toEqual(commands.sort());
    for (const cases of Object.values(goldenCases())) expect(cases).not.toEqual([]);
    for (const file of Object.values(TESTED_ELSEWHERE)) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('leave what they read as it was', () => {
    expect(inputFiles()).toEqual(before);
  });
});
