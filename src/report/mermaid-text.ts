// Text in Mermaid pictures. A label may hold whatever somebody called a pod, so it is written as entities where mermaid would obey it.
import { harmless } from './paint.ts';

/** Text inside mermaid's quotes. Source: mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters". */
export function mermaidText(text: string): string {
  return harmless(text).replace(/[#"<>&`[\]{}|;\\]/g, (found) => `#${found.charCodeAt(0)};`);
}
