// A golden case as one file, tests/golden/<command>/<case>.txt: where it runs, the line for `sh`, the exit code, an empty line, and then
// standard output to the last byte.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../cli-process.ts';

export interface GoldenCase {
  /** The folder in which the command runs, from the top of the repository: `examples/outage`. */
  readonly folder: string;
  /** `netverdict why -f . shop/frontend shop/cart:7070` */
  readonly command: string;
  /** Needs network namespaces and nft; skipped, with the reason, where they are missing. */
  readonly needsKernel: boolean;
  readonly exit: number;
  readonly stdout: string;
}

const casesFolder = join(root, 'tests/golden');
const fileOf = (name: string): string => join(casesFolder, `${name}.txt`);
const HEAD = /^in: (?<folder>\S+)\n(?<kernel>needs: kernel\n)?\$ (?<command>.+)\nexit: (?<exit>\d+)\n\n/;

/** The groups and their cases: `{ why: ['why/allowed', …], errors: [...] }`. `inputs/` holds what the cases read. */
export function goldenCases(): Readonly<Record<string, readonly string[]>> {
  const groups = readdirSync(casesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && entry.name !== 'inputs');
  return Object.fromEntries(
    groups.map(({ name: group }) => {
      const files = readdirSync(join(casesFolder, group)).sort();
      return [group, files.map((file) => `${group}/${file.replace(/\.txt$/, '')}`)];
    }),
  );
}

/** `readCase('why/allowed')`. Throws where the head of the file cannot be read, with the shape it should have. */
export function readCase(name: string): GoldenCase {
  const text = readFileSync(fileOf(name), 'utf8');
  const head = HEAD.exec(text);
  if (head?.groups === undefined) {
    throw new Error(`${fileOf(name)} does not begin with \`in: FOLDER\`, \`$ COMMAND\`, \`exit: NUMBER\` and an empty line`);
  }
  const { folder = '', kernel, command = '', exit } = head.groups;
  return { folder, command, needsKernel: kernel !== undefined, exit: Number(exit), stdout: text.slice(head[0].length) };
}

/** What `readCase` reads again. */
export function writeCase(name: string, { folder, command, needsKernel, exit, stdout }: GoldenCase): void {
  const head = [`in: ${folder}`, ...(needsKernel ? ['needs: kernel'] : []), `$ ${command}`, `exit: ${exit}`];
  writeFileSync(fileOf(name), `${head.join('\n')}\n\n${stdout}`);
}
