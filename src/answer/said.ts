// Words in a document: a hint is there or it is not, never undefined.
import type { Said } from '../words/en/said.ts';

/** `{ text, hint: undefined }` → `{ text }`, to be spread into a document. */
export function said({ text, hint }: Said): { readonly text: string; readonly hint?: string } {
  return { text, ...(hint !== undefined && { hint }) };
}
