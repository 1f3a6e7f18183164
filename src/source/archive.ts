// The files inside an archive (tar, tar.gz, zip), one after the other, in memory and never on disk. Hostile input: how much is unpacked is
// bounded, links and archives inside are not followed, names that lead out of the archive are refused. What the files are is bundle.ts.
import { createReadStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { Failure } from '../failure.ts';
import type { ArchiveEntry, ArchiveFormat, ArchiveSource } from './archive-format.ts';
import { zipEntries } from './zip.ts';

export interface ArchiveLimits {
  /** Of one file, and of all files that are wanted together. */
  readonly fileBytes: number;
  readonly totalBytes: number;
}

/** A must-gather of a large cluster has some fifty thousand files. */
const MOST_FILES = 1_000_000;
/** Everything that is unpacked on the way to the files that are wanted, logs before all. */
const MOST_UNPACKED = 32 * 2 ** 30;
/** Logs and YAML shrink to a fifth or a thirtieth; only what was made for it shrinks to a five hundredth. */
const MOST_RATIO = 500;
/** Smaller archives may shrink as they like. */
const RATIO_FROM = 64 * 2 ** 20;

/**
 * The regular files that `wants` takes, in the order of the archive. Failure `archive-broken` for one that is cut off or damaged,
 * `archive-too-large` for one that unpacks to more than any cluster, `archive-unsafe` for a name that leads out of it.
 */
export async function* archiveEntries(
  source: ArchiveSource,
  format: ArchiveFormat,
  wants: (name: string) => boolean,
  limits: ArchiveLimits,
): AsyncGenerator<ArchiveEntry> {
  const label = 'file' in source ? source.file : '<stdin>';
  const checked = (name: string) => wants(safeName(name, label));
  let total = 0;
  const entries =
    format === 'zip' ? zipEntries(source, checked, limits.fileBytes, label) : tarEntries(source, format, { wants: checked, limits, label });
  for await (const entry of entries) {
    if ('bytes' in entry) total += entry.bytes.length;
    if (total > limits.totalBytes) throw tooLarge(label, 'manifests', limits.totalBytes);
    yield { ...entry, name: safeName(entry.name, label) };
  }
}

async function* tarEntries(
  source: ArchiveSource,
  format: 'tar' | 'tar.gz',
  { wants, limits, label }: { readonly wants: (name: string) => boolean; readonly limits: ArchiveLimits; readonly label: string },
): AsyncGenerator<ArchiveEntry> {
  const packed = 'file' in source ? createReadStream(source.file) : Readable.from([source.bytes]);
  const files = extract();
  const before = counting(() => {});
  const after = counting((bytes) => {
    if (bytes > MOST_UNPACKED) throw tooLarge(label, 'unpacked', MOST_UNPACKED);
    if (bytes > RATIO_FROM && bytes > before.bytes() * MOST_RATIO) throw tooLarge(label, 'ratio', MOST_RATIO);
  });
  const unzip = format === 'tar.gz' ? [createGunzip()] : [];
  const flow = pipeline([packed, before.stream, ...unzip, after.stream, files]);
  // Told through the loop below; without this a failure would count as unhandled until then.
  flow.catch(() => {});
  let count = 0;
  try {
    for await (const entry of files) {
      const { name, type, size = 0 } = entry.header;
      if (++count > MOST_FILES) throw tooLarge(label, 'files', MOST_FILES);
      if (type !== 'file' || !wants(name)) entry.resume();
      else if (size > limits.fileBytes) {
        entry.resume();
        yield { name, moreThan: limits.fileBytes };
      } else {
        const chunks: Buffer[] = [];
        for await (const chunk of entry) chunks.push(chunk as Buffer);
        yield { name, bytes: Buffer.concat(chunks) };
      }
    }
    await flow;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw broken(label, cause);
  } finally {
    packed.destroy();
  }
}

/** A stream that counts what passes and says so. */
function counting(tell: (bytes: number) => void): { readonly stream: Transform; readonly bytes: () => number } {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      try {
        tell(bytes);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes };
}

/** `./namespaces/shop/core/pods.yaml` → without the `./`. Nothing is written anywhere, but such a name would be told as a place. */
function safeName(name: string, label: string): string {
  const parts = name.replaceAll('\\', '/').split('/');
  if (parts[0] === '' || /^[a-z]:$/i.test(parts[0] ?? '') || parts.includes('..')) {
    throw new Failure('archive-unsafe', { path: label, name });
  }
  return parts.filter((part) => part !== '.' && part !== '').join('/');
}

function tooLarge(path: string, why: 'manifests' | 'unpacked' | 'ratio' | 'files', limit: number): Failure {
  return new Failure('archive-too-large', { path, why, limit });
}

function broken(path: string, cause: unknown): Failure {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Failure('archive-broken', { path, why: 'unreadable', reason }, { cause });
}
