// Writing in place: whole files, old or new, and never over somebody else's work. Kills are real.
import { spawn } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { writeChanges } from './write.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-write-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, text: string | Buffer): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function codeOf(work: Promise<void>): Promise<string> {
  return work.then(
    () => 'written',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  );
}

describe('a file that is edited', () => {
  test('is written whole, with the rights it had, and nothing is left beside it', async () => {
    const file = put('cart.yaml', 'a: 1\n');
    chmodSync(file, 0o640);
    await writeChanges([{ file, before: 'a: 1\n', after: 'a: 2\n' }]);
    expect(readFileSync(file, 'utf8')).toBe('a: 2\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['cart.yaml']);
  });

  test('keeps its byte order mark, and a link to it stays a link', async () => {
    const file = put('cart.yaml', '\ufeffa: 1\n');
    const link = join(folder, 'link.yaml');
    symlinkSync('cart.yaml', link);
    await writeChanges([{ file: link, before: 'a: 1\n', after: 'a: 2\n' }]);
    expect(readFileSync(file, 'utf8')).toBe('\ufeffa: 2\n');
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test('is left alone when it is no longer what was read, and so are the others', async () => {
    const [cart, web] = [put('cart.yaml', 'a: 1\n'), put('web.yaml', 'b: somebody was faster\n')];
    const changes = [
      { file: cart, before: 'a: 1\n', after: 'a: 2\n' },
      { file: web, before: 'b: 1\n', after: 'b: 2\n' },
    ];
    expect(await codeOf(writeChanges(changes))).toBe('file-changed');
    expect(readFileSync(cart, 'utf8')).toBe('a: 1\n');
    expect(readFileSync(web, 'utf8')).toBe('b: somebody was faster\n');
    expect(readdirSync(folder)).toEqual(['cart.yaml', 'web.yaml']);
  });

  test('is left alone when it is gone, or is UTF-16', async () => {
    expect(await codeOf(writeChanges([{ file: join(folder, 'gone.yaml'), before: 'a', after: 'b' }]))).toBe('file-changed');
    const wide = put('wide.yaml', Buffer.from('\ufeffa: 1\n', 'utf16le'));
    expect(await codeOf(writeChanges([{ file: wide, before: 'a: 1\n', after: 'a: 2\n' }]))).toBe('not-utf-8');
  });

  test.skipIf(process.getuid?.() === 0)('cannot be written where the folder is closed, and the old one stays', async () => {
    const file = put('cart.yaml', 'a: 1\n');
    chmodSync(folder, 0o500);
    expect(await codeOf(writeChanges([{ file, before: 'a: 1\n', after: 'a: 2\n' }]))).toBe('cannot-write');
    chmodSync(folder, 0o700);
    expect(readFileSync(file, 'utf8')).toBe('a: 1\n');
  });
});

describe('a new file', () => {
  test('is made, and never over one that is there', async () => {
    const file = join(folder, 'new.yaml');
    await writeChanges([{ file, before: undefined, after: 'a: 1\n' }]);
    expect(readFileSync(file, 'utf8')).toBe('a: 1\n');
    expect(await codeOf(writeChanges([{ file, before: undefined, after: 'a: 2\n' }]))).toBe('file-exists');
    expect(readFileSync(file, 'utf8')).toBe('a: 1\n');
    expect(readdirSync(folder)).toEqual(['new.yaml']);
  });
});

describe('a kill in the middle', () => {
  test('leaves the old file or the new one, whole', { timeout: 60_000 }, async () => {
    const [old, own] = ['a', 'b'].map((letter) => `${letter.repeat(79)}\n`.repeat(40_000)) as [string, string];
    const file = put('cart.yaml', old);
    const writer = put(
      'writer.mjs',
      `import { writeChanges } from ${JSON.stringify(fileURLToPath(new URL('./write.ts', import.meta.url)))};
       const [old, own] = ['a', 'b'].map((letter) => (letter.repeat(79) + '\\n').repeat(40000));
       let [before, after] = process.argv[3] === 'a' ? [old, own] : [own, old];
       process.stdout.write('ready');
       for (;;) {
         await writeChanges([{ file: process.argv[2], before, after }]);
         [before, after] = [after, before];
       }`,
    );
    const seen = new Set<string>();
    for (let round = 0; round < 12; round++) {
      const now = readFileSync(file, 'utf8').charAt(0);
      await killedAfter([writer, file, now], 5 + round * 11);
      const text = readFileSync(file, 'utf8');
      expect(text === old || text === own).toBe(true);
      seen.add(text.charAt(0));
    }
    // It was really writing: both states were met.
    expect([...seen].sort()).toEqual(['a', 'b']);
  });
});

/** Starts the writer, and kills it some milliseconds after it has begun. */
function killedAfter(args: readonly string[], milliseconds: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: fileURLToPath(new URL('../..', import.meta.url)),
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), milliseconds));
    child.on('error', reject);
    child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error(`the writer ended by itself: ${said}`))));
  });
}
