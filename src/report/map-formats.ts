// The other forms of a map: CSV, Markdown, DOT and Mermaid. One row, one line; names are data and are escaped for each form.
import type { GroupedRow } from '../answer/map-groups.ts';
import { portsWords } from '../words/en/ports.ts';
import { mermaidText } from './mermaid-text.ts';
import { harmless } from './paint.ts';

/** A form in which a row is a text of its own, so that a map of any size can be written as it comes. */
export interface RowForm {
  readonly head: string;
  readonly row: (row: GroupedRow) => string;
  readonly foot: string;
}

/** RFC 4180, with a header. A field that a spreadsheet would run as a formula gets a blank before it. */
const CSV: RowForm = {
  head: 'from,to,protocol,ports\r\n',
  row: ({ from, to, allowed }) => {
    const each = allowed === 'all' ? [{ protocol: 'all', ports: 'all' }] : allowed;
    return each.map(({ protocol, ports }) => `${[from, to, protocol, ports].map(csvField).join(',')}\r\n`).join('');
  },
  foot: '',
};

/** One field of RFC 4180. */
export function csvField(text: string): string {
  const shown = harmless(text);
  const safe = /^[=+@\t-]/.test(shown) ? ` ${shown}` : shown;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const MARKDOWN: RowForm = {
  head: '| from | to | ports |\n|---|---|---|\n',
  row: ({ from, to, allowed }) => `| ${codeSpan(from)} | ${codeSpan(to)} | ${portsWords(allowed)} |\n`,
  foot: '',
};

/** In a code span nothing is markup but its own end, and in a table the bar. */
function codeSpan(text: string): string {
  return /[`|]/.test(text) ? markdownText(text) : `\`${harmless(text)}\``;
}

/** Text as it is, whatever Markdown or HTML would make of it. */
export function markdownText(text: string): string {
  return harmless(text).replace(/[\\`*_[\]|<>&]/g, (found) => `&#${found.charCodeAt(0)};`);
}

const DOT: RowForm = {
  head: 'digraph netverdict {\n  rankdir=LR; node [shape=box, fontname="sans-serif"];\n',
  row: ({ from, to, allowed }) => `  ${dotText(from)} -> ${dotText(to)} [label=${dotText(portsWords(allowed))}];\n`,
  foot: '}\n',
};

function dotText(text: string): string {
  return `"${harmless(text).replace(/["\\]/g, (found) => `\\${found}`)}"`;
}

/** Namespaces are frames. */
export function mapMermaid(rows: readonly GroupedRow[]): string {
  const ids = new Map<string, string>();
  for (const { from, to } of rows) for (const end of [from, to]) if (!ids.has(end)) ids.set(end, `n${ids.size}`);
  const frames = new Map<string, string[]>();
  for (const end of ids.keys()) {
    const slash = end.indexOf('/');
    const namespace = slash < 0 || /^[0-9:]/.test(end) ? '' : end.slice(0, slash);
    const own = frames.get(namespace);
    if (own === undefined) frames.set(namespace, [end]);
    else own.push(end);
  }
  const node = (end: string, namespace: string) =>
    `    ${ids.get(end)}["${mermaidText(namespace === '' ? end : end.slice(namespace.length + 1))}"]`;
  const lines = ['flowchart LR'];
  for (const [i, [namespace, ends]] of [...frames].entries()) {
    const nodes = ends.map((end) => node(end, namespace));
    lines.push(...(namespace === '' ? nodes : [`  subgraph f${i}["${mermaidText(namespace)}"]`, ...nodes, '  end']));
  }
  for (const { from, to, allowed } of rows) lines.push(`  ${ids.get(from)} -- "${mermaidText(portsWords(allowed))}" --> ${ids.get(to)}`);
  return `${lines.join('\n')}\n`;
}

export const ROW_FORMS: Readonly<Record<'csv' | 'md' | 'dot', RowForm>> = { csv: CSV, md: MARKDOWN, dot: DOT };
