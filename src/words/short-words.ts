// The last bound on what is printed: a text that was put together elsewhere may still hold a name of five million letters.
import { clipped } from '../objects/clip.ts';

/** Words longer than anything that is ever printed whole, commands with patches in them included. */
const MOST_OF_A_WORD = 8000;
const LONG_WORD = new RegExp(`\\S{${MOST_OF_A_WORD},}`, 'g');

/** Overlong words are cut to their head and their length: `label kkkk… (9,000 characters) of cart`. Other texts come back as they are. */
export function withShortWords(text: string): string {
  return text.length < MOST_OF_A_WORD ? text : text.replace(LONG_WORD, clipped);
}
