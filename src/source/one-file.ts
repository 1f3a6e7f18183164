// One file that is no manifest (a configuration, intents, profiles), and what stands at a path. What it means is for who asks.
import { readFile, stat } from 'node:fs/promises';
import { decodeText } from './decode-text.ts';

/** `{ kind: 'text', text }`, or why there is none. Never throws. */
export async function oneFile(
  path: string,
): Promise<
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly cause: unknown }
  | { readonly kind: 'not-text' }
> {
  try {
    const text = decodeText(await readFile(path));
    return typeof text === 'string' ? { kind: 'text', text } : { kind: 'not-text' };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason: message, cause };
  }
}

/** undefined where there is nothing, or nothing that may be looked at. */
export async function kindOfPath(path: string): Promise<'file' | 'folder' | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}
