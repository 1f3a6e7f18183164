// Writes a file whole or not at all: beside its place, then moved there. A kill in the middle leaves the old file as it was.
import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';

const PIECE = 1 << 20;

/** For the owner's eyes only (0600) until somebody says otherwise. Failure when the folder is not there or the disk is full. */
export async function writeWhole(path: string, pieces: Iterable<string>): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`);
  try {
    const file = await open(beside, 'wx', 0o600);
    try {
      let waiting = '';
      for (const piece of pieces) {
        waiting += piece;
        if (waiting.length < PIECE) continue;
        await file.appendFile(waiting);
        waiting = '';
      }
      await file.appendFile(waiting);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await unlink(beside).catch(() => {});
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new Failure('cannot-write', { path, reason: code === 'ENOENT' ? undefined : message }, { cause });
  }
}
