// Reading what is not a file of known size: standard input, a pipe such as `<(helm template .)`. Up to a limit, and never waiting for nobody.
import { constants, type PathLike } from 'node:fs';
import { open } from 'node:fs/promises';
import { Failure } from '../failure.ts';

/** What was read, or that there was more than the limit. */
export type Stream = { readonly bytes: Buffer } | { readonly moreThan: number };

export interface InputStream extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean;
}

/** Standard input to its end. Failure `stdin-is-a-terminal` when nothing is piped into it: the program would seem to hang. */
export async function readStdin(limit: number, stdin: InputStream = process.stdin): Promise<Stream> {
  if (stdin.isTTY === true) throw new Failure('stdin-is-a-terminal', {});
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    length += bytes.length;
    if (length > limit) return { moreThan: limit };
    chunks.push(bytes);
  }
  return { bytes: joined(chunks) };
}

const CHUNK = 1 << 16;
/** Pause between two looks at a pipe whose writer has nothing yet. */
const PAUSE_MS = 5;

/**
 * A pipe or a device by its path, to its end. Opened so that it does not wait for a writer: a named pipe that nobody writes to reads as
 * empty (`mkfifo`), and one with a writer is waited for (`/dev/fd/63` of a shell's `<(…)`). Throws what the file system says.
 */
export async function readPipe(path: PathLike, limit: number): Promise<Stream> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for (;;) {
      const buffer = Buffer.allocUnsafe(CHUNK);
      const bytesRead = await handle.read(buffer, 0, CHUNK, null).then(
        (read) => read.bytesRead,
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'EAGAIN') return undefined;
          throw error;
        },
      );
      if (bytesRead === 0) return { bytes: joined(chunks) };
      if (bytesRead === undefined) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      else {
        length += bytesRead;
        if (length > limit) return { moreThan: limit };
        chunks.push(buffer.subarray(0, bytesRead));
      }
    }
  } finally {
    await handle.close();
  }
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
