// What is quoted in a message is bounded here, and nowhere else: input is hostile, and a label may have five million letters.

/** Longer than any name, label or message that the API allows, so that nothing sound is ever cut. */
const MOST = 600;
const HEAD = 80;

/** `'kkkk…'` of 300,000 letters → its first 80, and how long it is: `kkkk… (300,000 characters)`. Short texts come back as they are. */
export function clipped(text: string): string {
  return text.length <= MOST ? text : `${headOf(text, HEAD)}… (${text.length.toLocaleString('en')} characters)`;
}

/** Words longer than anything that is ever printed whole, commands with patches in them included. */
const MOST_OF_A_WORD = 8000;
const LONG_WORD = new RegExp(`\\S{${MOST_OF_A_WORD},}`, 'g');

/** The same for every overlong word of a text that was put together elsewhere. */
export function withShortWords(text: string): string {
  return text.length < MOST_OF_A_WORD ? text : text.replace(LONG_WORD, clipped);
}

/** Never half of a character that takes two units. */
function headOf(text: string, length: number): string {
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, isSplit ? length - 1 : length);
}
