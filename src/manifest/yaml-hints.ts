// Why a document is no YAML, as people meet it: a tab, a `//` comment, a Helm template, a merge conflict. js-yaml says where it gave up;
// this says what to look at. Codes only, the sentences are in words/.

/** What `not-yaml` problems carry as `facts.hint`. */
export const YAML_HINTS = [
  'tab-character', // a line is indented with a tab, or has one where js-yaml wants a space
  'slash-comment', // `// …` or `/* … */` where YAML wants `#`
  'smart-quotes', // “ ” ‘ ’ from a word processor
  'quote-the-asterisk', // `host: *.example.com` is an alias unless it is quoted
  'html', // a web page was saved instead of the file
  'truncated', // the text ends in the middle of something
] as const;
export type YamlHint = (typeof YAML_HINTS)[number];

export interface YamlDiagnosis {
  readonly code: 'not-yaml' | 'merge-conflict-markers' | 'unrendered-template';
  /** The character to point at; counted as the offset that came in. */
  readonly offset: number;
  readonly hint: YamlHint | undefined;
}

const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})(?=[ \r\n]|$)/m;
const HTML = /^\s*<(?:!doctype html|html|head|body)\b/i;
const TAB_INDENT = /^ *\t/;
const SLASHES = /^[ \t]*\/[/*]|[ \t]\/\/(?!\/)/;
const SMART_QUOTE = /[\u201c\u201d\u2018\u2019]/;
/** A template's line is long enough to see its `{{` here; the rest of a line of many megabytes is not looked at. */
const LINE_LENGTH = 2000;

/**
 * What is likely wrong with a text that js-yaml gave up on at `offset`: `{ code: 'not-yaml', offset: 41, hint: 'tab-character' }`.
 * The offset that came in, and no hint, when nothing is recognised. Looks at that line and the one before it, where such things stand.
 */
export function diagnoseYaml(text: string, offset: number, reason: string): YamlDiagnosis {
  const conflict = CONFLICT.exec(text);
  if (conflict !== null) return { code: 'merge-conflict-markers', offset: conflict.index, hint: undefined };
  if (HTML.test(text.slice(0, LINE_LENGTH))) return { code: 'not-yaml', offset, hint: 'html' };

  const lines = linesUpTo(text, offset);
  for (const line of lines) {
    const content = text.slice(line, Math.min(endOfLine(text, line), line + LINE_LENGTH));
    const template = content.indexOf('{{');
    if (template >= 0) return { code: 'unrendered-template', offset: line + template, hint: undefined };
    if (TAB_INDENT.test(content) || (line === lines[0] && reason.includes('indentation') && content.includes('\t'))) {
      return { code: 'not-yaml', offset: line + content.indexOf('\t'), hint: 'tab-character' };
    }
    const slashes = SLASHES.exec(content);
    if (slashes !== null) return { code: 'not-yaml', offset: line + slashes.index + slashes[0].indexOf('/'), hint: 'slash-comment' };
    const quote = SMART_QUOTE.exec(content);
    if (quote !== null) return { code: 'not-yaml', offset: line + quote.index, hint: 'smart-quotes' };
  }
  if (reason === 'unknown-alias') return { code: 'not-yaml', offset, hint: 'quote-the-asterisk' };

  const rest = text.slice(offset);
  // QUOTED: js-yaml
  const ended = reason.startsWith('unexpected end of the') || rest.trim() === '';
  if (ended) {
    // An open quote runs to the end of the text; what went wrong is further up.
    const quote = SMART_QUOTE.exec(text);
    if (quote !== null) return { code: 'not-yaml', offset: quote.index, hint: 'smart-quotes' };
    return { code: 'not-yaml', offset, hint: 'truncated' };
  }
  return { code: 'not-yaml', offset, hint: undefined };
}

/** The starts of the line of `offset` and of the line with text before it, nearest first. */
function linesUpTo(text: string, offset: number): number[] {
  const starts: number[] = [];
  let at = Math.min(offset, text.length);
  while (starts.length < 2) {
    const start = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
    const isBlank = text.slice(start, Math.min(endOfLine(text, start), start + LINE_LENGTH)).trim() === '';
    if (!isBlank) starts.push(start);
    if (start === 0) break;
    at = start - 1;
  }
  return starts;
}

function endOfLine(text: string, at: number): number {
  const found = text.indexOf('\n', at);
  return found < 0 ? text.length : found;
}
