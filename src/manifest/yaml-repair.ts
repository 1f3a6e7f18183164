// What a text that was damaged on its way through a chat or a web form probably was: `//` comments as `#`, and the indentation of a
// NetworkPolicy put back from what its API allows where. A proposal to look at; nothing reads it in place of the text.
import { NETWORK_POLICY, type Shape, type StructShape } from '../objects/decode-shapes.ts';

export interface RepairedText {
  readonly text: string;
  readonly repairs: readonly ('comments' | 'indentation')[];
  /** False: a line could stand in more than one place, and the deepest was taken. */
  readonly isUnique: boolean;
}

/** Longer texts are not pasted. Characters, and lines. */
const LONGEST = 1 << 16;
const MOST_LINES = 400;

/** undefined where there is nothing of the two to repair, or the lines fit no NetworkPolicy. Control characters are shown as U+FFFD. Never throws. */
export function repairedText(text: string): RepairedText | undefined {
  if (text.length > LONGEST) return undefined;
  const lines = text.replaceAll('\r', '').split('\n');
  if (lines.length > MOST_LINES) return undefined;
  const commented = lines.map(asComment);
  const hasComments = commented.some((line, i) => line !== lines[i]);
  const indented = isFlat(commented) ? reindented(commented) : undefined;
  if (!hasComments && indented === undefined) return undefined;
  const kept = indented?.lines ?? commented;
  return {
    text: kept.map(visible).join('\n').trimEnd(),
    repairs: [...(hasComments ? (['comments'] as const) : []), ...(indented === undefined ? [] : (['indentation'] as const))],
    isUnique: indented?.isUnique ?? true,
  };
}

function visible(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would reach a terminal
  return line.replaceAll('\t', '  ').replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
}

/** `// who may call` → `# who may call`; behind a value too, but not inside quotes or in a URL. */
function asComment(line: string): string {
  const whole = /^(\s*)\/\/(.*)$/.exec(line) ?? /^(\s*)\/\*(.*?)(?:\*\/)?\s*$/.exec(line);
  if (whole !== null) return `${whole[1]}#${whole[2]}`.trimEnd();
  return /^[^'"#]*[ \t]\/\/(?!\/)/.test(line) ? line.replace(/([ \t])\/\/(?!\/)/, '$1#') : line;
}

/** A NetworkPolicy in block style of which no line is indented. */
function isFlat(lines: readonly string[]): boolean {
  if (lines.some((line) => /^[ \t]+\S/.test(line))) return false;
  return lines.some((line) => /^kind:\s*["']?NetworkPolicy\b/.test(line)) && lines.some((line) => /^spec:\s*(#.*)?$/.test(line));
}

/** A node whose children may still come. `column`: where its keys, or its dashes, stand. */
interface Open {
  readonly shape: Shape;
  readonly column: number;
  readonly keys: Set<string>;
}

/** undefined where a line fits nowhere. */
function reindented(lines: readonly string[]): { readonly lines: readonly string[]; readonly isUnique: boolean } | undefined {
  let open: Open[] = [{ shape: NETWORK_POLICY, column: 0, keys: new Set() }];
  let isUnique = true;
  const out: string[] = [];
  for (const line of lines) {
    const content = line.trim();
    const top = open.at(-1) as Open;
    if (content === '' || content.startsWith('#')) {
      out.push(content === '' ? '' : `${' '.repeat(top.column)}${content}`);
      continue;
    }
    if (content === '---' || content === '...') {
      open = [{ shape: NETWORK_POLICY, column: 0, keys: new Set() }];
      out.push(content);
      continue;
    }
    const isItem = content.startsWith('- ');
    const entry = entryOf(isItem ? content.slice(2).trim() : content);
    const places = open.filter((node) => (isItem ? takesItem(node, entry) : takesKey(node, entry)));
    const place = isItem ? places.at(-1) : preferred(places, top);
    if (place === undefined) return undefined;
    if (places.length > 1) isUnique = false;
    out.push(`${' '.repeat(place.column)}${content}`);
    open = open.slice(0, open.indexOf(place) + 1);
    let holder = place;
    if (isItem && place.shape.is === 'list' && place.shape.of.is === 'object' && entry !== undefined) {
      holder = { shape: place.shape.of, column: place.column + 2, keys: new Set() };
      open.push(holder);
    }
    if (entry === undefined) continue;
    holder.keys.add(entry.key);
    const child = holder.shape.is === 'object' ? holder.shape.fields.get(entry.key) : undefined;
    if (entry.isEmpty && child !== undefined && child.is !== 'string')
      open.push({ shape: child, column: holder.column + 2, keys: new Set() });
  }
  return { lines: out, isUnique };
}

interface Entry {
  readonly key: string;
  /** Nothing behind the colon: what belongs to it follows. */
  readonly isEmpty: boolean;
}

/** undefined for a plain value: `Ingress`. */
function entryOf(content: string): Entry | undefined {
  const [, key, rest] = /^["']?([A-Za-z0-9_./-]+)["']?:(?:\s+(.*))?$/.exec(content) ?? [];
  return key === undefined ? undefined : { key, isEmpty: rest === undefined || rest === '' || rest.startsWith('#') };
}

function takesKey({ shape, keys }: Open, entry: Entry | undefined): boolean {
  if (entry === undefined || keys.has(entry.key)) return false;
  // A label has a value.
  return shape.is === 'labels' ? !entry.isEmpty : shape.is === 'object' && shape.fields.has(entry.key);
}

function takesItem({ shape }: Open, entry: Entry | undefined): boolean {
  if (shape.is !== 'list') return false;
  const { of } = shape;
  return entry === undefined ? of.is !== 'object' : of.is === 'object' && (of as StructShape).fields.has(entry.key);
}

/** A mapping of labels that has none yet is there for the next line; one that has some gives way to a field of its neighbours. */
function preferred(places: readonly Open[], top: Open): Open | undefined {
  if (top.shape.is === 'labels' && top.keys.size === 0 && places.includes(top)) return top;
  return places.filter(({ shape }) => shape.is === 'object').at(-1) ?? places.at(-1);
}
