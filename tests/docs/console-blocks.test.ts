// What pages show of a terminal is what the program prints: every ```console block is run in a folder with the page's ```yaml blocks whose
// first line names a file (`# shop.yaml`). A line `…` stands for lines that are left out; how lines are wrapped does not matter.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCli, root, runShell } from '../cli-process.ts';

const KINDS = readdirSync(join(root, 'docs/kinds')).map((name) => `docs/kinds/${name}`);
const PAGES = [...KINDS, 'docs/gateway-api.md', 'docs/serve.md', 'docs/simplify.md'];

const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

interface Shown {
  readonly command: string;
  /** What is shown, cut at the gaps. */
  readonly parts: readonly string[];
}

/** The commands of a page: `$ netverdict …` up to the next one, or to the end of the block. */
function shownIn(page: string): readonly Shown[] {
  return [...textOf(page).matchAll(/^```(?:console)?\n(\$ [\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .filter((each) => each !== '')
      .map((each) => {
        const [command = '', ...lines] = each.split('\n');
        const parts = lines
          .join('\n')
          .split(/^\s*…$/m)
          .map(oneLine);
        return { command, parts: parts.filter((part) => part !== '') };
      }),
  );
}

/** The first part that is not in the text after those before it. */
function missingIn(text: string, parts: readonly string[]): string | undefined {
  let at = 0;
  return parts.find((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found < 0;
  });
}

const folder = mkdtempSync(join(tmpdir(), 'pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => void builtCli());

describe.each(PAGES)('%s', (page) => {
  const shown = shownIn(page);

  it('shows commands, and something that each prints', () => {
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter(({ parts }) => parts.length === 0)).toEqual([]);
  });

  it.each(shown.map((each) => [each.command, each] as const))('%s', (command, { parts }) => {
    const cwd = join(folder, page.replaceAll('/', '-'));
    mkdirSync(cwd, { recursive: true });
    rmSync(join(cwd, 'examples'), { force: true });
    symlinkSync(join(root, 'examples'), join(cwd, 'examples'));
    for (const [, yaml = '', name = ''] of textOf(page).matchAll(/^```yaml\n(# (\S+\.yaml)\n[\s\S]*?)^```$/gm)) {
      writeFileSync(join(cwd, name), yaml);
    }
    const { stdout, stderr } = runShell(command, { cwd });
    const text = oneLine(stdout);
    expect(missingIn(text, parts), `${stdout}\n${stderr}`).toBeUndefined();
  });
});

it('what the program does not print is noticed', () => {
  expect(missingIn('a b c', ['a', 'c'])).toBeUndefined();
  expect(missingIn('a b c', ['c', 'a'])).toBe('a');
  expect(missingIn('a b c', ['d'])).toBe('d');
});
