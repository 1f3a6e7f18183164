// Strangers' words in Markdown.
import { harmless } from './paint.ts';

/** What Markdown or HTML would obey is written as an entity. A mention would call somebody. */
export function escaped(words: string): string {
  return harmless(words).replace(/[\\`*_[\]|<>&@#~]/g, (found) => `&#${found.charCodeAt(0)};`);
}
