// The files of a zip archive, found by the directory at its end (APPNOTE.TXT 4.3.12 and 4.3.16). Cilium's sysdump is one.
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import { Failure } from '../failure.ts';
import type { ArchiveEntry, ArchiveSource } from './archive-format.ts';

const inflate = promisify(inflateRaw);

/** Reads so many bytes from this offset; fewer at the end. */
type ReadAt = (offset: number, length: number) => Promise<Buffer>;

interface ZipFile {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly header: number;
  readonly isEncrypted: boolean;
}

const END_SIZE = 22;
const LONGEST_COMMENT = 65535;
const END_MARK = 0x06054b50;
const FILE_MARK = 0x02014b50;
const LOCAL_MARK = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** `label`: what messages call the archive. Failure `archive-broken` or `archive-unsupported` (zip64, encrypted, a rare compression). */
export async function* zipEntries(
  source: ArchiveSource,
  wants: (name: string) => boolean,
  limit: number,
  label: string,
): AsyncGenerator<ArchiveEntry> {
  if ('bytes' in source) {
    const { bytes } = source;
    yield* entriesOf(async (offset, length) => bytes.subarray(offset, offset + length), bytes.length, wants, { limit, label });
    return;
  }
  const handle = await open(source.file);
  try {
    const readAt: ReadAt = async (offset, length) => {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle.read(buffer, 0, length, offset);
      return buffer.subarray(0, bytesRead);
    };
    yield* entriesOf(readAt, (await handle.stat()).size, wants, { limit, label });
  } finally {
    await handle.close();
  }
}

async function* entriesOf(
  readAt: ReadAt,
  size: number,
  wants: (name: string) => boolean,
  { limit, label }: { readonly limit: number; readonly label: string },
): AsyncGenerator<ArchiveEntry> {
  for (const file of await directory(readAt, size, label)) {
    if (file.name.endsWith('/') || !wants(file.name)) continue;
    if (file.isEncrypted) throw new Failure('archive-unsupported', { path: label, why: 'encrypted', file: file.name });
    if (file.unpacked > limit) {
      yield { name: file.name, moreThan: limit };
      continue;
    }
    const local = await readAt(file.header, 30);
    if (local.length < 30 || local.readUInt32LE(0) !== LOCAL_MARK) throw broken(label, 'bad-directory');
    if (file.packed > size) throw broken(label, 'bad-directory');
    const packed = await readAt(file.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), file.packed);
    if (packed.length < file.packed) throw broken(label, 'cut-off', file.name);
    yield { name: file.name, bytes: await unpacked(file, packed, label) };
  }
}

async function unpacked({ name, method, unpacked: length }: ZipFile, packed: Buffer, label: string): Promise<Buffer> {
  if (method !== STORED && method !== DEFLATED) throw new Failure('archive-unsupported', { path: label, why: 'compression', file: name });
  const bytes =
    method === STORED
      ? packed
      : // One byte more than was said is enough to see that it was not true.
        await inflate(packed, { maxOutputLength: length + 1 }).catch((error: Error) => {
          throw new Failure('archive-broken', { path: label, why: 'unreadable', file: name, reason: error.message }, { cause: error });
        });
  if (bytes.length !== length) throw broken(label, 'other-length', name);
  return bytes;
}

async function directory(readAt: ReadAt, size: number, label: string): Promise<readonly ZipFile[]> {
  const from = Math.max(0, size - END_SIZE - LONGEST_COMMENT);
  const tail = await readAt(from, size - from);
  let end = tail.length - END_SIZE;
  while (end >= 0 && tail.readUInt32LE(end) !== END_MARK) end--;
  if (end < 0) throw broken(label, 'no-directory');
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff)
    throw new Failure('archive-unsupported', { path: label, why: 'zip64' });
  if (offset + length > size) throw broken(label, 'bad-directory');
  const bytes = await readAt(offset, length);
  const files: ZipFile[] = [];
  let at = 0;
  while (files.length < count) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== FILE_MARK) throw broken(label, 'bad-directory');
    const nameLength = bytes.readUInt16LE(at + 28);
    files.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      isEncrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      unpacked: bytes.readUInt32LE(at + 24),
      header: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

function broken(path: string, why: 'no-directory' | 'bad-directory' | 'cut-off' | 'other-length', file?: string): Failure {
  return new Failure('archive-broken', { path, why, ...(file !== undefined && { file }) });
}
