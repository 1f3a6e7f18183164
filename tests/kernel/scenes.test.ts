// The scenes of examples/scenes are transcripts: every command is run, and must say what stands below it. `…` stands for anything.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BuiltProgram, builtProgram } from './built-program.ts';
import { describeWithKernel } from './needs.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scenes = join(root, 'examples', 'scenes');

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

  it('play.sh plays one, command after command', { timeout: 180_000 }, async () => {
    const env = { ...process.env, XDG_RUNTIME_DIR: runtime, NETVERDICT: `${process.execPath} ${program.file}` };
    const played = await new Promise<string>((done) => {
      execFile('sh', [join(scenes, 'play.sh'), 'open-connections'], { env }, (_, stdout) => done(stdout));
    });
    const { length } = stepsOf(readFileSync(join(scenes, 'open-connections', 'README.md'), 'utf8'));
    expect(played.match(/^\$ netverdict lab /gm)).toHaveLength(length);
    expect(played).toMatch(/✓ answered[\s\S]*✗ refused[\s\S]*cut: it was reset/);
  });

  const transcripts = [
    ...folders.map((folder) => ({ page: `examples/scenes/${folder}/README.md`, folder })),
    { page: 'docs/lab.md', folder: 'payments' },
  ];
  it.each(transcripts)('$page shows what it says', { timeout: 300_000 }, async ({ page, folder }) => {
    const steps = stepsOf(readFileSync(join(root, page), 'utf8'));
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
        // A program that says nothing has failed, and its code is its own.
        if (words[1] !== 'exec' || shows.length > 0)
          expect({ command: words.join(' '), said, code: ended.code }).toMatchObject({ code: isDenied ? 1 : 0 });
        // Engine and kernel must be of one mind.
        if (words[1] === 'probe') expect(said).toMatch(isDenied ? /engine\s+(denied|broken|undecided)/ : /engine\s+(allowed|undecided)/);
      }
    } finally {
      await program.run('lab', 'down', '-q');
    }
  });
});
