// Reads what `-f` names into texts. Thin: which files is find-files.ts, what bytes say is decode-text.ts, what texts mean is manifest/.
import { constants } from 'node:buffer';
import { readFileSync, type Stats, statSync } from 'node:fs';
import type { InputText } from '../manifest/load.ts';
import type { Problem } from '../model/problem.ts';
import { decodeText } from './decode-text.ts';
import { codeOf, type FoundFile, findFiles, type Visited } from './find-files.ts';
import { type InputStream, readPipe, readStdin, type Stream } from './stdin.ts';

export interface ReadOptions {
  /** Longer files are not read. No more than a JavaScript string can hold. */
  readonly maxFileBytes?: number;
  /** All files together. */
  readonly maxTotalBytes?: number;
  readonly stdin?: InputStream;
}

/** A little less than the longest string there can be (512 MiB in Node 20). */
const MAX_FILE_BYTES = Math.min(500_000_000, constants.MAX_STRING_LENGTH - 1024);
const MAX_TOTAL_BYTES = 1_000_000_000;

/**
 * The texts behind paths, globs and `-` (standard input), each file once, in a fixed order: `{ texts: [{ file: 'deploy/api.yaml', text }] }`.
 * A file that cannot be read, is too large or no text becomes a problem, and a folder without manifests too; the rest is read.
 * Failure `input-not-found` when a path is not there, `stdin-is-a-terminal` when nothing is piped.
 */
export async function readInputs(
  paths: readonly string[],
  options: ReadOptions,
): Promise<{ readonly texts: readonly InputText[]; readonly problems: readonly Problem[] }> {
  const texts: InputText[] = [];
  const problems: Problem[] = [];
  const visited: Visited = { folders: new Set(), files: new Set() };
  const limit = options.maxFileBytes ?? MAX_FILE_BYTES;
  let left = options.maxTotalBytes ?? MAX_TOTAL_BYTES;

  const take = (file: string, read: Stream, isFound = false): void => {
    if ('moreThan' in read) {
      problems.push(problemAt(file, 'file-too-large', { bytes: read.moreThan + 1, limit: read.moreThan }));
      return;
    }
    left -= read.bytes.length;
    const text = decodeText(read.bytes);
    if (typeof text === 'string') texts.push(isFound ? { file, text, isFound } : { file, text });
    else problems.push({ ...problemAt(file, 'not-text', { reason: text.reason }), place: { file, line: text.line, column: text.column } });
  };

  let isStdinRead = false;
  for (const path of paths) {
    if (path === '-') {
      if (isStdinRead) continue;
      isStdinRead = true;
      const read = await readStdin(Math.min(limit, left), options.stdin);
      if ('bytes' in read && read.bytes.length === 0) problems.push(problemAt(STDIN, 'no-manifests', { path }));
      else take(STDIN, read);
      continue;
    }
    const { files, emptyFolder } = findFiles(path, visited);
    if (emptyFolder !== undefined) problems.push(problemAt(emptyFolder, 'no-manifests', { path: emptyFolder }));
    for (const found of files) {
      if (found.fault !== undefined) {
        problems.push(problemAt(found.file, 'unreadable-file', { reason: found.fault }));
        continue;
      }
      const most = Math.min(limit, left);
      if (found.kind === 'file' && found.bytes > most) {
        problems.push(problemAt(found.file, 'file-too-large', { bytes: found.bytes, limit: most }));
        continue;
      }
      try {
        take(found.file, await readOne(found, most), found.file !== path);
      } catch (error) {
        problems.push(problemAt(found.file, 'unreadable-file', { reason: codeOf(error) }));
      }
    }
  }
  return { texts, problems };
}

const STDIN = '<stdin>';

/** Files are read at once, not by promises: that is faster, and there is nothing else to be done meanwhile. */
async function readOne(found: FoundFile & { readonly fault?: undefined }, limit: number): Promise<Stream> {
  if (found.kind === 'pipe') return readPipe(found.file, limit);
  // A file under /proc says it is empty and is not; one that grew meanwhile may be longer than it said.
  const bytes = readStill(found.file);
  return bytes.length > limit ? { moreThan: limit } : { bytes };
}

/** Times that a file is read again which changed meanwhile: an editor or a checkout is done by then. */
const MOST_ATTEMPTS = 3;

/** One state of the file, not the beginning of one and the end of another. Throws the code `changing`. */
function readStill(file: string): Buffer {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = statSync(file);
    const bytes = readFileSync(file);
    if (isSame(before, statSync(file))) return bytes;
  }
  throw Object.assign(new Error('it is being written'), { code: 'changing' });
}

/** Files under /proc are of no size, and new at every look. */
function isSame(before: Stats, after: Stats): boolean {
  return before.size === after.size && (before.size === 0 || before.mtimeMs === after.mtimeMs) && before.ino === after.ino;
}

function problemAt(file: string, code: Problem['code'], facts: Problem['facts']): Problem {
  return { code, severity: 'error', facts, place: { file, line: 0, column: 0 } };
}
