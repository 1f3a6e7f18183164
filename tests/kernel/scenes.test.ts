// The scenes of examples/scenes are transcripts: every command is run, and must say what stands below it. `…` stands for anything.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { describeWithKernel } from './needs.ts';

const scenes = fileURLToPath(new URL('../../examples/scenes/', import.meta.url));

interface Step {
  readonly words: readonly string[];
  readonly shows: readonly string[];
}

function stepsOf(readme: string): Step[] {
  const blocks = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  return blocks
    .flatMap((block) => block.split(/^\$ netverdict /m).slice(1))
    .map((text) => {
      const [command = '', ...shows] = text.trimEnd().split('\n');
      return { words: command.split(' '), shows };
    });
}

/** `  denied … ingress` → what a line must match. Columns are as wide as their words need, so that blanks count as one. */
function pattern(line: string): RegExp {
  const escaped = line
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.join('\\s+').replaceAll('…', '.*').replaceAll('\\s+.*\\s+', '\\s+(?:.*\\s)?'), 'm');
}

const folders = readdirSync(scenes, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describeWithKernel('the scenes', () => {
  let program: BuiltProgram;
  let runtime: string;
  beforeAll(async () => {
    runtime = mkdtempSync(join(tmpdir(), 'nv-scenes-'));
    program = await builtProgram(runtime);
  });
  afterAll(async () => {
    await program.remove();
    rmSync(runtime, { recursive: true, force: true });
  });

  it.each(folders)('%s shows what it says', { timeout: 180_000 }, async (folder) => {
    const steps = stepsOf(readFileSync(join(scenes, folder, 'README.md'), 'utf8'));
    // A denial proves nothing where nobody ever got through.
    const shown = (mark: string) => steps.filter(({ shows }) => shows[0]?.startsWith(mark)).length;
    expect(shown('✓')).toBeGreaterThan(0);
    expect(shown('✗')).toBeGreaterThan(0);
    try {
      for (const { words, shows } of steps) {
        const ended = await program.runIn(join(scenes, folder), ...words);
        const said = `${ended.stdout}${ended.stderr}`;
        for (const line of shows) expect(said, `netverdict ${words.join(' ')}`).toMatch(pattern(line));
        const isDenied = shows[0]?.startsWith('✗') === true;
        expect({ command: words.join(' '), said, code: ended.code }).toMatchObject({ code: isDenied ? 1 : 0 });
        // Engine and kernel must be of one mind.
        if (words[1] === 'probe') expect(said).toMatch(isDenied ? /engine\s+(denied|broken|undecided)/ : /engine\s+(allowed|undecided)/);
      }
    } finally {
      await program.run('lab', 'down', '-q');
    }
  });
});
