// JSON that is safe to look at: what a terminal would obey, or what would reorder or hide text, is written as an escape of JSON itself.

/** Two blanks deep for people; `dense` for one line. JSON.stringify escapes C0 itself; DEL, C1, bidi and zero width it leaves raw. */
export function jsonText(value: unknown, dense = false): string {
  return safeJson(JSON.stringify(value, null, dense ? undefined : 2));
}

/** The same for a text that is JSON already. A program that reads it gets the very same strings. */
export function safeJson(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
