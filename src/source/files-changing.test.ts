// A file that somebody writes while it is read: one of its states, or a problem; never the beginning of one and the end of another.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';

const writer = vi.hoisted(() => ({ meanwhile: (_file: string): void => {} }));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    readFileSync: (file: string) => {
      const bytes = fs.readFileSync(file);
      writer.meanwhile(file);
      return bytes;
    },
  };
});

// Test files of one worker share their modules: this one takes a copy of its own that sees the writer, and leaves none behind.
vi.resetModules();
const { readInputs } = await import('./files.ts');
afterAll(() => {
  vi.doUnmock('node:fs');
  vi.resetModules();
});

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netverdict-changing-'));
  file = join(folder, 'cart.yaml');
  writeFileSync(file, 'kind: List\n');
  writer.meanwhile = () => {};
});
afterEach(() => rmSync(folder, { recursive: true }));

test('is read again when it changed meanwhile', async () => {
  let times = 0;
  writer.meanwhile = (path) => {
    if (times++ === 0) appendFileSync(path, 'items: []\n');
  };
  const { texts, problems } = await readInputs([file], {});
  expect({ texts, problems }).toEqual({ texts: [{ file, text: 'kind: List\nitems: []\n' }], problems: [] });
});

test('that never rests is a problem', async () => {
  writer.meanwhile = (path) => appendFileSync(path, '# more\n');
  const { texts, problems } = await readInputs([file], {});
  expect(texts).toEqual([]);
  expect(problems).toMatchObject([{ code: 'unreadable-file', facts: { reason: 'changing' }, place: { file } }]);
});

test('that rests is read once', async () => {
  let times = 0;
  writer.meanwhile = () => {
    times++;
  };
  const { texts } = await readInputs([file], {});
  expect(texts.map(({ text }) => text)).toEqual([String(readFileSync(file))]);
  expect(times).toBe(2); // once by the reader, once by this test
});
