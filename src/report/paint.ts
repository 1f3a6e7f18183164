// Everything that reaches a terminal goes through here: colours when wanted, and names made harmless always.
// A pod may be called "\x1b[2J": it is data from strangers, and a terminal would obey it.
import pc from 'picocolors';
import { withShortWords } from '../words/short-words.ts';

/** Every function makes its text harmless first; no other way leads to the terminal. */
export interface Paint {
  /** Columns of the terminal; reports fold longer lines. */
  readonly width: number;
  readonly plain: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** What goes to a file or a pipe is folded as for a terminal of this width, so that one input has one text. */
const USUAL_WIDTH = 120;
/** Narrower terminals get long lines: nothing would be left of the columns. */
const LEAST_WIDTH = 60;

/** `asCalled` puts the name in that this program goes by today, in commands that a text tells people to type. */
export function paint(colors: boolean, width: number = USUAL_WIDTH, asCalled: (text: string) => string = (text) => text): Paint {
  const color = pc.createColors(colors);
  const plain = (text: string) => asCalled(harmless(text));
  const through = (style: (text: string) => string) => (text: string) => style(plain(text));
  return {
    width: Math.max(LEAST_WIDTH, width),
    plain,
    bold: through(color.bold),
    dim: through(color.dim),
    red: through(color.red),
    green: through(color.green),
    yellow: through(color.yellow),
    cyan: through(color.cyan),
  };
}

/**
 * Control characters, and those that reorder or hide text (bidi, zero width), written out: `\x1b[2J` → `\\x1b[2J`.
 * Sources: ECMA-48 C0 and C1; CVE-2021-42574 for the bidi marks.
 */
export function harmless(text: string): string {
  return withShortWords(text).replace(OBEYED, (found) => {
    const code = found.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
