// Whether a file is an archive, by its first bytes. Apart from archive.ts, so that what unpacks is only loaded for one.
import { open } from 'node:fs/promises';
import { gunzipSync, constants as zlib } from 'node:zlib';

/** A file on disk, or the bytes that came through standard input. */
export type ArchiveSource = { readonly file: string } | { readonly bytes: Buffer };

export type ArchiveFormat = 'tar' | 'tar.gz' | 'zip';

/** By the first bytes, whatever the name says; undefined for what is none of the three (a gzip of a single text is none). Never throws. */
export function archiveFormat(head: Buffer): ArchiveFormat | undefined {
  if (isZip(head)) return 'zip';
  if (isTar(head)) return 'tar';
  if (head[0] !== 0x1f || head[1] !== 0x8b) return undefined;
  try {
    return isTar(gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 2 ** 26 })) ? 'tar.gz' : undefined;
  } catch {
    return undefined;
  }
}

/** So many bytes of the beginning are enough for `archiveFormat`. */
const HEAD_BYTES = 16384;

function isZip(bytes: Buffer): boolean {
  // PK\3\4 begins a file, PK\5\6 ends an archive without any.
  return bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));
}

/** POSIX and GNU both write `ustar` there. */
function isTar(bytes: Buffer): boolean {
  return bytes.length >= 512 && bytes.toString('latin1', 257, 262) === 'ustar';
}

/** The beginning of a file. Throws what the file system says. */
export async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** `moreThan`: the file is longer than the limit and was not kept. */
export type ArchiveEntry = { readonly name: string } & ({ readonly bytes: Buffer } | { readonly moreThan: number });
