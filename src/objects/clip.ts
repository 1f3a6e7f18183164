// What is quoted in a message is bounded here: input is hostile, and a label may have five million letters.

/** Longer than any name, label or message that the API allows, so that nothing sound is ever cut. */
const MOST = 600;
const HEAD = 80;

/** `'kkkk…'` of 300,000 letters → its first 80, and how long it is: `kkkk… (300,000 characters)`. Short texts come back as they are. */
export function clipped(text: string): string {
  return text.length <= MOST ? text : `${headOf(text, HEAD)}… (${text.length.toLocaleString('en')} characters)`;
}

/** Never half of a character that takes two units. */
function headOf(text: string, length: number): string {
  const isSplit = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, isSplit ? length - 1 : length);
}
