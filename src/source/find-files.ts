// Which files a path on the command line means: a file, everything in a folder, whatever a glob matches. Opens folders, never files.
import { type Dirent, lstatSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { nearest } from '../profile/nearest.ts';
import { type Glob, isGlob, parseGlob } from './glob.ts';

/** A file to read, under the name that a person would give it; or the reason why it cannot be one. */
export type FoundFile =
  | { readonly file: string; readonly kind: 'file'; readonly bytes: number; readonly fault?: undefined }
  | { readonly file: string; readonly kind: 'pipe'; readonly fault?: undefined }
  /** `fault` is the file system's code (`EACCES`, `ENOENT` for a link to nowhere), or `not-a-file` for a socket or a pipe in a folder. */
  | { readonly file: string; readonly fault: string };

export interface Found {
  readonly files: readonly FoundFile[];
  /** The folder that was looked through, when it has no manifest. */
  readonly emptyFolder: string | undefined;
}

/** What was met before, by real path: no folder and no file is read twice, whatever links lead to it. */
export interface Visited {
  readonly folders: Set<string>;
  readonly files: Set<string>;
}

const MANIFEST = /\.(?:ya?ml|json)$/i;

export function isManifestName(file: string): boolean {
  return MANIFEST.test(file);
}

/** Tools put copies of manifests there that nobody means. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules']);

/**
 * The files that `path` means, in a fixed order: by name, a folder's content where its name stands. In a folder those that end in
 * .yaml, .yml or .json; hidden names and node_modules are passed over, and links followed. A file that is named is taken whatever its
 * name; so is one that a glob matches, if the glob's last part has a dot in it (`*.tpl`). Failure `input-not-found` for a path that
 * is not there and for a glob that matches nothing.
 */
export function findFiles(path: string, visited: Visited): Found {
  const entry = look(path);
  if (entry !== undefined) return entryOf(path, entry, visited);
  const fault = isGlob(path) ? undefined : whyNot(path);
  if (fault !== undefined) return { files: [{ file: path, fault }], emptyFolder: undefined };
  if (!isGlob(path)) throw notFound(path);
  const found: Found[] = [];
  const takesAll = path.slice(path.lastIndexOf('/') + 1).includes('.');
  const matches = new Set(parseGlob(path).flatMap((glob) => expand(glob)));
  for (const match of matches) {
    const each = look(match);
    if (each === undefined) continue;
    if (each.isDirectory() || takesAll || MANIFEST.test(match)) found.push(entryOf(match, each, visited));
  }
  if (matches.size === 0) throw new Failure('input-not-found', { pattern: path });
  const files = found.flatMap((each) => each.files);
  return { files, emptyFolder: found.length === 0 || (files.length === 0 && found.some((each) => each.emptyFolder)) ? path : undefined };
}

type Entry = Stats;

/** What is at a path, links followed; a link to nowhere is shown as the link itself. Undefined when there is nothing, or it cannot be seen. */
function look(path: string): Entry | undefined {
  for (const ask of [statSync, lstatSync]) {
    try {
      return ask(path);
    } catch {
      // The next one may know more: a link is there even when what it names is not.
    }
  }
  return undefined;
}

function entryOf(path: string, entry: Entry, visited: Visited): Found {
  const files: FoundFile[] = [];
  if (entry.isDirectory()) return { files, emptyFolder: walk(path, visited, files) === 0 ? path : undefined };
  addFile(path, entry, visited, files, true);
  return { files, emptyFolder: undefined };
}

/** Adds the manifests below a folder. How many there are, those that were found before counted; at least 1 for a folder that was. */
function walk(folder: string, visited: Visited, files: FoundFile[]): number {
  let entries: Dirent[];
  try {
    const real = realpathSync(folder);
    if (visited.folders.has(real)) return 1;
    visited.folders.add(real);
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    files.push({ file: folder, fault: codeOf(error) });
    return 1;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  let count = 0;
  for (const entry of entries) {
    if (entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    const isManifest = MANIFEST.test(entry.name);
    if (entry.isDirectory()) {
      count += walk(path, visited, files);
    } else if (isManifest || entry.isSymbolicLink()) {
      try {
        const target = statSync(path);
        if (target.isDirectory()) {
          count += walk(path, visited, files);
        } else if (isManifest) {
          count++;
          addFile(path, target, visited, files, false);
        }
      } catch (error) {
        if (!isManifest) continue;
        count++;
        files.push({ file: path, fault: codeOf(error) });
      }
    }
  }
  return count;
}

/** Unless it was found before. Pipes and devices are read when they are named, and only then. */
function addFile(path: string, entry: Entry, visited: Visited, files: FoundFile[], isNamed: boolean): void {
  if (!entry.isFile()) {
    if (isNamed && (entry.isFIFO() || entry.isCharacterDevice())) files.push({ file: path, kind: 'pipe' });
    else files.push({ file: path, fault: statFault(path) ?? 'not-a-file' });
    return;
  }
  const real = realpathSync(path);
  if (visited.files.has(real)) return;
  visited.files.add(real);
  files.push({ file: path, kind: 'file', bytes: entry.size });
}

/** The file system's code for a path that may be there but is not to be seen: a folder on the way is closed (`EACCES`). */
function whyNot(path: string): string | undefined {
  const fault = statFault(path);
  return fault === 'ENOENT' || fault === 'ENOTDIR' ? undefined : fault;
}

/** `ENOENT` for a link that leads nowhere, `ELOOP` for one that leads to itself. */
function statFault(path: string): string | undefined {
  try {
    statSync(path);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** The paths that a glob matches, sorted. */
function expand(glob: Glob): readonly string[] {
  const isAbsolute = glob[0] !== '**' && glob[0]?.literal === '';
  const found: string[] = [];
  const seen = new Set<string>();
  match(isAbsolute ? '/' : '.', isAbsolute ? 1 : 0, { glob, found, seen });
  return found.sort();
}

interface Matching {
  readonly glob: Glob;
  /** What has matched so far. */
  readonly found: string[];
  /** Folders that `**` has been in, so that a link to one above ends. */
  readonly seen: Set<string>;
}

function match(folder: string, at: number, matching: Matching): void {
  const { glob, found, seen } = matching;
  const part = glob[at];
  const isLast = at === glob.length - 1;
  if (part === undefined) return;
  if (part === '**') {
    // `**` at the end means everything below: the folder itself will be read so.
    if (isLast) found.push(folder);
    else match(folder, at + 1, matching);
    const real = `${at} ${realpathOf(folder)}`;
    if (seen.has(real) || isLast) return;
    seen.add(real);
    for (const name of namesIn(folder)) {
      if (!name.startsWith('.') && !SKIPPED_FOLDERS.has(name) && isFolder(join(folder, name))) match(join(folder, name), at, matching);
    }
    return;
  }
  const names = part.literal === undefined ? namesIn(folder).filter(part.matches) : [part.literal];
  for (const name of names) {
    const path = join(folder, name);
    if (isLast) {
      if (part.literal === undefined || look(path) !== undefined) found.push(path);
    } else if (isFolder(path)) {
      match(path, at + 1, matching);
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function isFolder(path: string): boolean {
  return look(path)?.isDirectory() === true;
}

function realpathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** With the names that look like the first part of the path that is missing: `deplyo/cart.yaml` → `deploy`. */
function notFound(path: string): Failure {
  let missing = path;
  while (dirname(missing) !== missing && look(dirname(missing)) === undefined) missing = dirname(missing);
  const folder = dirname(missing);
  const near = nearest(basename(missing), namesIn(folder)).map((name) => join(folder, name));
  return new Failure('input-not-found', { path, near, notFolder: isFolder(folder) ? undefined : folder });
}
