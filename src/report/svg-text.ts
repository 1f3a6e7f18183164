// SVG does not wrap text. Widths are estimated per character, generously, so that the text fits with the fonts of any system.
import { harmless } from './paint.ts';
import { xml } from './xml-text.ts';

export interface TextStyle {
  /** Pixels. */
  readonly size: number;
  /** Class in the picture's style sheet. */
  readonly name: string;
  readonly isBold?: boolean;
  readonly isMono?: boolean;
}

/** Of the font size: those of DejaVu Sans, which is the widest of the fonts that systems show `system-ui` in. */
const SLIM = 0.36;
const NARROW = 0.42;
const WIDE = 0.98;
const CAPITAL = 0.72;
const USUAL = 0.64;
const FULL = 1.05;
const MONO = 0.62;
const BOLD = 1.12;

/** Pixels that a text takes at most, as far as fonts of systems go. */
export function textWidth(text: string, { size, isBold = false, isMono = false }: TextStyle): number {
  let width = 0;
  for (const char of text) width += isMono ? monoWidth(char) : charWidth(char);
  return width * size * (isBold && !isMono ? BOLD : 1);
}

function monoWidth(char: string): number {
  return (char.codePointAt(0) ?? 0) > 0x2e80 ? FULL * 1.2 : MONO;
}

function charWidth(char: string): number {
  if ("ijlI.,:;'| ".includes(char)) return SLIM;
  if ('tfr![]()-/'.includes(char)) return NARROW;
  if ('mwMW@%→≈'.includes(char)) return WIDE;
  if (char >= 'A' && char <= 'Z') return CAPITAL;
  return (char.codePointAt(0) ?? 0) > 0x2e80 ? FULL : USUAL;
}

/** Lines of a text that each fit into `width` pixels: broken at spaces, inside a word only where it is longer than a line. [] for ''. */
export function wrapText(text: string, width: number, style: TextStyle): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (textWidth(joined, style) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = broken(word, width, style);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** A word that is longer than a line, in pieces: after `/`, `.`, `-`, `,`, `=` or `_` if one is in the second half of a line. */
function broken(word: string, width: number, style: TextStyle): readonly string[] {
  const pieces: string[] = [];
  let rest = [...word];
  while (textWidth(rest.join(''), style) > width && rest.length > 1) {
    let fits = 1;
    while (fits < rest.length && textWidth(rest.slice(0, fits + 1).join(''), style) <= width) fits++;
    let cut = fits;
    for (let i = fits; i > fits / 2; i--) {
      if ('/.-,=_'.includes(rest[i - 1] ?? '')) {
        cut = i;
        break;
      }
    }
    pieces.push(rest.slice(0, cut).join(''));
    rest = rest.slice(cut);
  }
  return [...pieces, rest.join('')];
}

/** `<text>` at the base line `y`. */
export function textAt(text: string, x: number, y: number, { name }: TextStyle, anchor: 'start' | 'middle' = 'start'): string {
  const where = anchor === 'middle' ? ' text-anchor="middle"' : '';
  return `<text x="${round(x)}" y="${round(y)}" class="${name}"${where}>${xml(harmless(text))}</text>`;
}

/** Half pixels are fine enough, and short. */
export function round(pixels: number): string {
  return String(Math.round(pixels * 2) / 2);
}
