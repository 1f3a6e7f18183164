// Writes edited files in place. Each is there whole, old or new, whatever happens in the middle; one that is no longer what was read
// is not touched, and then none is. What to write is decided elsewhere.
import { randomBytes } from 'node:crypto';
import { link, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { decodeText } from './decode-text.ts';

/** `before`: the text that the edit was made from, without a byte order mark; undefined for a file that is not there yet. */
export interface FileChange {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

interface Prepared {
  readonly file: string;
  /** Links followed, so that a link stays a link. */
  readonly real: string;
  readonly beside: string;
  readonly bytes: Buffer | undefined;
}

/**
 * Writes all changes, or none that is not yet written when a file turns out to be another: Failure `file-changed` when its text is not
 * `before` any more, `file-exists` for a new file whose place is taken, `not-utf-8`, `cannot-write`. Permissions are kept.
 */
export async function writeChanges(changes: readonly FileChange[]): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    // Everything that can fail for lack of space or rights fails here, before the first file is replaced.
    for (const change of changes) prepared.push(await prepare(change));
    for (const each of prepared) await stillTheSame(each);
    for (const each of prepared) await putInPlace(each);
  } finally {
    for (const { beside } of prepared) await unlink(beside).catch(() => {});
  }
}

async function prepare({ file, before, after }: FileChange): Promise<Prepared> {
  try {
    const real = before === undefined ? file : await realpath(file);
    const bytes = before === undefined ? undefined : await readFile(real);
    const mark = bytes === undefined ? '' : markOf(file, bytes, before ?? '');
    const mode = bytes === undefined ? 0o644 : (await stat(real)).mode & 0o7777;
    const beside = join(dirname(real), `.${basename(real)}.${randomBytes(6).toString('hex')}.partial`);
    const handle = await open(beside, 'wx', mode);
    try {
      await handle.writeFile(mark + after);
      // The mask of the process may have taken rights away.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return { file, real, beside, bytes };
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw before !== undefined && (cause as NodeJS.ErrnoException).code === 'ENOENT' ? changed(file) : cannotWrite(file, cause);
  }
}

const UTF8_MARK = '\ufeff';

/** The byte order mark that the file has and must keep. Failure when its text is not what was read. */
function markOf(file: string, bytes: Buffer, before: string): '' | typeof UTF8_MARK {
  const text = decodeText(bytes);
  if (typeof text !== 'string') throw changed(file);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new Failure('not-utf-8', { file });
  }
  const mark = text.startsWith(UTF8_MARK) ? UTF8_MARK : '';
  if (text.slice(mark.length) !== before) throw changed(file);
  return mark;
}

async function stillTheSame({ file, real, bytes }: Prepared): Promise<void> {
  if (bytes === undefined) return;
  const now = await readFile(real).catch(() => undefined);
  if (now === undefined || !now.equals(bytes)) throw changed(file);
}

async function putInPlace({ file, real, beside, bytes }: Prepared): Promise<void> {
  try {
    if (bytes === undefined) await link(beside, real);
    else await rename(beside, real);
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function changed(file: string): Failure {
  return new Failure('file-changed', { file });
}

function cannotWrite(file: string, cause: unknown): Failure {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === undefined) throw cause;
  if (code === 'EEXIST') return new Failure('file-exists', { file }, { cause });
  return new Failure('cannot-write', { path: file, reason: message }, { cause });
}
