// Reads what `-f` names into texts. Thin: which files is find-files.ts, what bytes say is decode-text.ts, what texts mean is manifest/.
import { constants } from 'node:buffer';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { InputText } from '../manifest/load.ts';
import type { Problem } from '../model/problem.ts';
import { type ArchiveFormat, type ArchiveSource, archiveFormat, headOf } from './archive-format.ts';
import type { Bundle, BundleFile } from './bundle.ts';
import { isLeftAlone, isManifestPath, type Recognised, recogniseBundle, TIMESTAMP } from './bundle-layouts.ts';
import { decodeText } from './decode-text.ts';
import { codeOf, type FoundFile, findFiles, isManifestName, type Visited } from './find-files.ts';
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

export interface ReadInputs {
  readonly texts: readonly InputText[];
  readonly problems: readonly Problem[];
  /** What was collected for support and read as such; empty for manifests. */
  readonly bundles: readonly Bundle[];
}

/**
 * The texts behind paths, globs and `-` (standard input), each file once, in a fixed order: `{ texts: [{ file: 'deploy/api.yaml', text }] }`.
 * Archives are read file by file, and support bundles as their tools lay them out (bundle.ts).
 * A file that cannot be read, is too large or no text becomes a problem, and a folder without manifests too; the rest is read.
 * Failure `input-not-found` when a path is not there, `stdin-is-a-terminal` when nothing is piped, `archive-…` for an archive that is
 * damaged or unsafe.
 */
export async function readInputs(paths: readonly string[], options: ReadOptions = {}): Promise<ReadInputs> {
  const reading = new Reading(options);
  for (const path of paths) {
    if (path === '-') await reading.stdin();
    else await reading.path(path);
  }
  const { texts, problems, bundles } = reading;
  if (bundles.length === 0) return { texts, problems, bundles };
  return { texts: (await import('./bundle.ts')).withGivenKinds(texts), problems, bundles };
}

/** One reading of everything that was named: what has been found so far, and what may still be read. */
class Reading {
  readonly texts: InputText[] = [];
  readonly problems: Problem[] = [];
  readonly bundles: Bundle[] = [];
  readonly #visited: Visited = { folders: new Set(), files: new Set() };
  readonly #limit: number;
  readonly #stdin: InputStream | undefined;
  #left: number;
  #isStdinRead = false;

  constructor(options: ReadOptions) {
    this.#limit = options.maxFileBytes ?? MAX_FILE_BYTES;
    this.#left = options.maxTotalBytes ?? MAX_TOTAL_BYTES;
    this.#stdin = options.stdin;
  }

  async stdin(): Promise<void> {
    if (this.#isStdinRead) return;
    this.#isStdinRead = true;
    const read = await readStdin(this.#most(), this.#stdin);
    if ('bytes' in read && read.bytes.length === 0) {
      this.problems.push(problemAt(STDIN, 'no-manifests', { path: '-' }));
      return;
    }
    const format = 'bytes' in read ? archiveFormat(read.bytes) : undefined;
    if ('bytes' in read && format !== undefined) await this.#archive(STDIN, { bytes: read.bytes }, format);
    else await this.#keep(STDIN, this.#text(STDIN, read), false);
  }

  async path(path: string): Promise<void> {
    const { files, emptyFolder } = findFiles(path, this.#visited);
    if (emptyFolder !== undefined) this.problems.push(problemAt(emptyFolder, 'no-manifests', { path: emptyFolder }));
    const inside = (file: string) => (file.startsWith(path) ? file.slice(path.length).replace(/^\/+/, '') : file);
    const bundle =
      files.length > 1
        ? recogniseBundle(
            path,
            files.map(({ file }) => inside(file)),
          )
        : undefined;
    if (bundle !== undefined) return this.#folder(path, bundle, files, inside);
    for (const found of files) {
      const format = found.fault === undefined && found.kind === 'file' ? await formatOf(found.file) : undefined;
      if (format !== undefined) await this.#archive(found.file, { file: found.file }, format);
      else await this.#keep(found.file, await this.#file(found), found.file !== path);
    }
  }

  /** A support bundle that was unpacked. */
  async #folder(path: string, bundle: Recognised, files: readonly FoundFile[], inside: (file: string) => string): Promise<void> {
    const own = new Set(bundle.names);
    const read: BundleFile[] = [];
    for (const found of files) {
      const name = inside(found.file);
      const text = own.has(name) && isLeftAlone(name) ? undefined : await this.#file(found);
      if (text !== undefined) read.push({ name, file: found.file, text });
    }
    const names = files.map(({ file }) => inside(file));
    for (const file of timestampsBeside(path, names))
      read.push({ name: 'timestamp', file, text: readFileSync(file, 'utf8').slice(0, 200) });
    await this.#bundle(path, names, read);
  }

  async #archive(path: string, source: ArchiveSource, format: ArchiveFormat): Promise<void> {
    const { archiveEntries } = await import('./archive.ts');
    const names: string[] = [];
    const read: BundleFile[] = [];
    const wants = (name: string) => {
      names.push(name);
      return isManifestPath(name) || TIMESTAMP.test(name);
    };
    for await (const entry of archiveEntries(source, format, wants, { fileBytes: this.#most(), totalBytes: this.#left })) {
      const file = `${path === STDIN ? path : `<${path}>`}/${entry.name}`;
      const text = this.#text(file, entry);
      if (text !== undefined) read.push({ name: entry.name, file, text });
    }
    if (read.length === 0) this.problems.push(problemAt(path, 'no-manifests', { path }));
    else await this.#bundle(path, names, read);
  }

  async #bundle(path: string, names: readonly string[], files: readonly BundleFile[]): Promise<void> {
    const { bundleTexts } = await import('./bundle.ts');
    const { texts, bundle } = bundleTexts(path, names, files);
    this.bundles.push(bundle);
    for (const text of texts) this.texts.push(text);
  }

  async #keep(file: string, text: string | undefined, isFound: boolean): Promise<void> {
    if (text === undefined) return;
    const dump = mayBeDump(text) ? (await import('./bundle.ts')).dumpTexts(file, file, text) : undefined;
    if (dump === undefined) {
      this.texts.push(isFound ? { file, text, isFound } : { file, text });
      return;
    }
    this.bundles.push(dump.bundle);
    this.texts.push(...dump.texts);
  }

  async #file(found: FoundFile): Promise<string | undefined> {
    if (found.fault !== undefined) {
      this.problems.push(problemAt(found.file, 'unreadable-file', { reason: found.fault }));
      return undefined;
    }
    const most = this.#most();
    if (found.kind === 'file' && found.bytes > most) {
      this.problems.push(problemAt(found.file, 'file-too-large', { bytes: found.bytes, limit: most }));
      return undefined;
    }
    try {
      return this.#text(found.file, await readOne(found, most));
    } catch (error) {
      this.problems.push(problemAt(found.file, 'unreadable-file', { reason: codeOf(error) }));
      return undefined;
    }
  }

  #text(file: string, read: Stream): string | undefined {
    if ('moreThan' in read) {
      this.problems.push(problemAt(file, 'file-too-large', { bytes: read.moreThan + 1, limit: read.moreThan }));
      return undefined;
    }
    this.#left -= read.bytes.length;
    const text = decodeText(read.bytes);
    if (typeof text === 'string') return text;
    this.problems.push({
      ...problemAt(file, 'not-text', { reason: text.reason }),
      place: { file, line: text.line, column: text.column },
    });
    return undefined;
  }

  #most(): number {
    return Math.min(this.#limit, this.#left);
  }
}

/** Only what does not look like a manifest is looked into. */
async function formatOf(file: string): Promise<ArchiveFormat | undefined> {
  return isManifestName(file) ? undefined : headOf(file).then(archiveFormat, () => undefined);
}

/** `oc adm must-gather` writes it into the folder that it was given, one above the bundle. */
function timestampsBeside(path: string, names: readonly string[]): readonly string[] {
  const tops = new Set(names.flatMap((name) => (name.includes('/') ? (name.split('/')[0] ?? []) : [])));
  return ['', ...tops]
    .map((top) => join(path, top, 'timestamp'))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** A list of nodes as JSON: how `kubectl cluster-info dump` begins. */
function mayBeDump(text: string): boolean {
  return text.slice(0, 400).includes('"NodeList"');
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
