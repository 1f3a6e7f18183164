// Bytes of an input file → text: UTF-8, or UTF-16 as Windows PowerShell writes it when output is sent to a file. Or why it is no text.
import { isUtf8 } from 'node:buffer';

/** Why bytes are no text that we read; `line` and `column` where UTF-8 breaks, 0 when the whole is something else. */
export interface NotText {
  readonly reason: 'binary' | 'compressed' | 'invalid-utf-8' | 'utf-32';
  readonly line: number;
  readonly column: number;
}

/**
 * The text, its byte order mark left in front where UTF-8 has one. Nothing is guessed and nothing replaced: a wrong byte in a
 * name would make another name of it. kubectl refuses the same bytes. Never throws.
 */
export function decodeText(bytes: Buffer): string | NotText {
  const whole = { line: 0, column: 0 };
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe && third === 0 && fourth === 0) return { reason: 'utf-32', ...whole };
  if (first === 0xff && second === 0xfe) return bytes.toString('utf16le', 2);
  if (first === 0xfe && second === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  if (first === 0x1f && second === 0x8b) return { reason: 'compressed', ...whole };
  if (isUtf8(bytes)) return bytes.toString('utf8');
  // Text has no NUL; whatever has one among its first bytes is an image, an archive, a program.
  if (bytes.subarray(0, 8192).includes(0)) return { reason: 'binary', ...whole };
  return { reason: 'invalid-utf-8', ...firstBadByte(bytes) };
}

function firstBadByte(bytes: Buffer): { readonly line: number; readonly column: number } {
  let line = 1;
  for (let at = 0; at < bytes.length; line++) {
    const found = bytes.indexOf(10, at);
    const eol = found < 0 ? bytes.length : found;
    const content = bytes.subarray(at, eol);
    // Decoding puts U+FFFD where the bytes are wrong.
    if (!isUtf8(content)) return { line, column: content.toString('utf8').indexOf('\ufffd') + 1 };
    at = eol + 1;
  }
  return { line, column: 0 };
}
