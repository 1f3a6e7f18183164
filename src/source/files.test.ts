import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../failure.ts';
import { type ReadOptions, readInputs } from './files.ts';

let folder = '';
let before = '';

beforeEach(() => {
  before = process.cwd();
  folder = mkdtempSync(join(tmpdir(), 'netverdict-files-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `# ${path}\n`);
  }
}

async function read(paths: string[], options: ReadOptions = {}) {
  const { texts, problems } = await readInputs(paths, options);
  return {
    files: texts.map(({ file }) => file),
    problems: problems.map(({ code, facts, place }) => [code, place?.file, ...Object.values(facts)].join(' ')),
    texts,
  };
}

async function failure(paths: string[]): Promise<Failure> {
  const error = await readInputs(paths, {}).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  return error as Failure;
}

describe('a folder is read with all that is below it', () => {
  it('manifests only, by name, without hidden names and node_modules', async () => {
    write('deploy/web.yaml', 'deploy/api/b.YML', 'deploy/api/a.json', 'deploy/api.yaml', 'deploy/README.md', 'deploy/.hidden.yaml');
    write('deploy/.git/x.yaml', 'deploy/node_modules/x.yaml', 'deploy/x.yaml/inside.yaml');
    const all = ['deploy/api/a.json', 'deploy/api/b.YML', 'deploy/api.yaml', 'deploy/web.yaml', 'deploy/x.yaml/inside.yaml'];
    expect(await read(['deploy'])).toMatchObject({ files: all, problems: [] });
    expect((await read(['.'])).files).toEqual(all);
    expect((await read(['deploy'])).texts[0]).toEqual({ file: 'deploy/api/a.json', text: '# deploy/api/a.json\n', isFound: true });
  });

  it('each file once, by whatever links and arguments it is reached', async () => {
    write('deploy/a.yaml', 'shared/b.yaml');
    symlinkSync('..', 'deploy/up');
    symlinkSync('.', 'deploy/self');
    symlinkSync('../shared', 'deploy/shared');
    symlinkSync('a.yaml', 'deploy/z.yaml');
    symlinkSync('self.yaml', 'deploy/self.yaml');
    symlinkSync('nowhere', 'deploy/gone.yaml');
    symlinkSync('nowhere', 'deploy/gone');
    expect(await read(['deploy', 'deploy/a.yaml', './deploy'])).toMatchObject({
      files: ['deploy/a.yaml', 'deploy/shared/b.yaml'],
      problems: ['unreadable-file deploy/gone.yaml ENOENT', 'unreadable-file deploy/self.yaml ELOOP'],
    });
    expect(await read(['deploy/a.yaml', 'deploy'])).toMatchObject({ files: ['deploy/a.yaml', 'deploy/shared/b.yaml'] });
  });

  it('as Kubernetes mounts a ConfigMap: links to a hidden folder', async () => {
    write('mount/..2024/a.yaml');
    symlinkSync('..2024', 'mount/..data');
    symlinkSync('..data/a.yaml', 'mount/a.yaml');
    expect(await read(['mount'])).toMatchObject({ files: ['mount/a.yaml'], problems: [] });
  });

  it('a folder with no manifest is a problem; one whose manifests were read before is none', async () => {
    write('empty/README.md', 'empty/.hidden.yaml', 'a/a.yaml');
    expect(await read(['empty', 'a/a.yaml', 'a', 'a'])).toMatchObject({ files: ['a/a.yaml'], problems: ['no-manifests empty empty'] });
  });
});

describe('a file that is named', () => {
  it('is read whatever its name', async () => {
    write('manifests.txt', '.hidden.yaml', '[x].yaml', 'x.yaml');
    expect((await read(['manifests.txt', '.hidden.yaml', '[x].yaml'])).files).toEqual(['manifests.txt', '.hidden.yaml', '[x].yaml']);
  });

  it('and is not there, is a failure with the names that are near', async () => {
    write('deploy/cart.yaml', 'deploy/web.yaml');
    expect(await failure(['deplyo/cart.yaml'])).toMatchObject({ code: 'input-not-found', facts: { near: ['deploy'] } });
    expect(await failure(['deploy/crat.yaml'])).toMatchObject({
      facts: { path: 'deploy/crat.yaml', near: ['deploy/cart.yaml'] },
    });
    expect(await failure(['deploy/something-else'])).toMatchObject({ facts: { near: [], notFolder: undefined } });
    expect(await failure(['deploy/cart.yaml/x'])).toMatchObject({ facts: { near: [], notFolder: 'deploy/cart.yaml' } });
  }); // prettier-ignore

  it('and is no text, too large or unreadable is a problem, and the others are read', async () => {
    write('good.yaml');
    writeFileSync('image.yaml', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]));
    writeFileSync('latin.yaml', Buffer.from('a: 1\nb: é\n', 'latin1'));
    writeFileSync('large.yaml', 'x'.repeat(200));
    expect(await read(['.'], { maxFileBytes: 100 })).toMatchObject({
      files: ['good.yaml'],
      problems: ['not-text image.yaml binary', 'file-too-large large.yaml 200 100', 'not-text latin.yaml invalid-utf-8'],
    });
    const { problems } = await readInputs(['latin.yaml'], {});
    expect(problems[0]?.place).toEqual({ file: 'latin.yaml', line: 2, column: 4 });
    expect(await read(['.'], { maxTotalBytes: 150 })).toMatchObject({ problems: { length: 3 } });
  });

  it('of more than a string can hold is not even opened', async () => {
    write('huge.yaml');
    truncateSync('huge.yaml', 600_000_000);
    expect((await read(['huge.yaml'])).problems).toEqual(['file-too-large huge.yaml 600000000 500000000']);
  });

  it.skipIf(!existsSync('/proc/self/mem'))('and fails while it is read is a problem', async () => {
    symlinkSync('/proc/self/mem', 'memory.yaml');
    symlinkSync('/dev/null', 'null.yaml');
    write('good.yaml');
    expect(await read(['.'])).toMatchObject({
      files: ['good.yaml'],
      problems: ['unreadable-file memory.yaml EIO', 'unreadable-file null.yaml not-a-file'],
    });
  });
});

describe('a pattern', () => {
  it('is what a shell would make of it, and folders in it are read', async () => {
    write('deploy/a.yaml', 'deploy/b.json', 'deploy/sub/c.yaml', 'deploy/notes.md', 'deploy/.x/d.yaml', 'other/e.tpl');
    expect((await read(['deploy/*.yaml'])).files).toEqual(['deploy/a.yaml']);
    expect((await read(['deploy/*'])).files).toEqual(['deploy/a.yaml', 'deploy/b.json', 'deploy/sub/c.yaml']);
    expect((await read(['**/*.yaml'])).files).toEqual(['deploy/a.yaml', 'deploy/sub/c.yaml']);
    expect((await read(['deploy/**'])).files).toEqual(['deploy/a.yaml', 'deploy/b.json', 'deploy/sub/c.yaml']);
    expect((await read(['{deploy,other}/*.{json,tpl}'])).files).toEqual(['deploy/b.json', 'other/e.tpl']);
    expect((await read([`${folder}/d*/s?b/[a-c].yaml`])).files).toEqual([`${folder}/deploy/sub/c.yaml`]);
  });

  it('that matches nothing is a failure, and one that matches no manifest a problem', async () => {
    write('deploy/notes.md');
    expect(await failure(['deploy/*.yaml'])).toMatchObject({ code: 'input-not-found', facts: { pattern: 'deploy/*.yaml' } });
    expect((await read(['deploy/*'])).problems).toEqual(['no-manifests deploy/* deploy/*']);
  });

  it('does not follow links in circles', async () => {
    write('deploy/a.yaml');
    symlinkSync('.', 'deploy/self');
    expect((await read(['**/a.yaml'])).files).toEqual(['deploy/a.yaml']);
  });
});

describe('standard input and pipes', () => {
  it('`-` is standard input, once', async () => {
    const stdin = Readable.from([Buffer.from('kind: '), Buffer.from('Pod\n')]);
    expect((await read(['-', '-'], { stdin })).texts).toEqual([{ file: '<stdin>', text: 'kind: Pod\n' }]);
  });

  it('with nothing in it, with too much in it, or with nobody at the other end', async () => {
    expect((await read(['-'], { stdin: Readable.from([]) })).problems).toEqual(['no-manifests <stdin> -']);
    expect((await read(['-'], { stdin: Readable.from(['x'.repeat(50)]), maxFileBytes: 10 })).problems).toEqual([
      'file-too-large <stdin> 11 10',
    ]);
    const terminal = Object.assign(Readable.from([]), { isTTY: true });
    await expect(readInputs(['-'], { stdin: terminal })).rejects.toMatchObject({ code: 'stdin-is-a-terminal' });
  });

  it.skipIf(process.platform === 'win32')('a named pipe that nobody writes to does not hang', async () => {
    execFileSync('sh', ['-c', 'mkfifo pipe.yaml']);
    write('good.yaml');
    expect(await read(['.'])).toMatchObject({ files: ['good.yaml'], problems: ['unreadable-file pipe.yaml not-a-file'] });
    expect((await read(['pipe.yaml'])).texts).toEqual([{ file: 'pipe.yaml', text: '' }]);
  });

  it.skipIf(process.platform === 'win32')('a named pipe with a slow writer is read to its end', async () => {
    execFileSync('sh', ['-c', 'mkfifo pipe.yaml']);
    const { spawn } = await import('node:child_process');
    const writer = spawn('sh', ['-c', 'exec 3<>pipe.yaml; printf "kind: " >&3; echo ready; sleep 0.2; echo Pod >&3']);
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    expect((await read(['pipe.yaml'])).texts).toEqual([{ file: 'pipe.yaml', text: 'kind: Pod\n' }]);
  });
});
