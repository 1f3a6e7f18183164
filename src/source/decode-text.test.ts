import { describe, expect, it } from 'vitest';
import { decodeText } from './decode-text.ts';

const text = 'name: café 😀\n';

describe('bytes become text', () => {
  it.each([
    ['UTF-8', Buffer.from(text), text],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`), `\ufeff${text}`],
    ['UTF-16 as PowerShell writes it', Buffer.from(`\ufeff${text}`, 'utf16le'), text],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), text],
    ['UTF-16 with a byte too much', Buffer.concat([Buffer.from(`\ufeff${text}`, 'utf16le').swap16(), Buffer.from([0])]), text],
    ['nothing', Buffer.alloc(0), ''],
    ['a terminal escape', Buffer.from('\u001b[31m'), '\u001b[31m'],
  ])('%s', (_, bytes, expected) => {
    expect(decodeText(bytes)).toBe(expected);
  });

  it.each([
    ['Latin-1', Buffer.from('kind: Pod\nname: café\n', 'latin1'), { reason: 'invalid-utf-8', line: 2, column: 10 }],
    ['an image', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), { reason: 'binary' }],
    ['a compressed file', Buffer.from([0x1f, 0x8b, 8, 0]), { reason: 'compressed' }],
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x6b, 0, 0, 0]), { reason: 'utf-32' }],
  ])('%s does not', (_, bytes, expected) => {
    expect(decodeText(bytes)).toMatchObject(expected);
  });
});
