// A document as the text of a file. The documents that are too large for one text are written in pieces by map-json.ts and diff-json.ts.
import { jsonText } from '../question/json-text.ts';

/** JSON, two blanks deep, with what a terminal would obey escaped. Ends with a line break. */
export function documentText(document: object): string {
  return `${jsonText(document)}\n`;
}
