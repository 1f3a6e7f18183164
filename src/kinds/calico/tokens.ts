// The words of Calico's selector language. Errors are worded as Calico words them: people search for what its log or `calicoctl` said.
// Source: libcalico-go lib/selector/tokenizer.
// QUOTED THROUGHOUT: libcalico-go lib/selector

export type Kind =
  | 'Label'
  | 'StringLiteral'
  | 'LBrace'
  | 'RBrace'
  | 'Comma'
  | 'Eq'
  | 'Ne'
  | 'In'
  | 'Not'
  | 'NotIn'
  | 'Contains'
  | 'StartsWith'
  | 'EndsWith'
  | 'All'
  | 'Has'
  | 'LParen'
  | 'RParen'
  | 'And'
  | 'Or'
  | 'Global'
  | 'EOF';

/** `{ kind: 'Label', value: 'app', at: 0 }`; `at` counts characters of the selector. `value` is '' where the kind says it all. */
export interface Token {
  readonly kind: Kind;
  readonly value: string;
  readonly at: number;
}

export interface SelectorError {
  /** `expected ==`. */
  readonly error: string;
  /** Where in the selector, in characters from its start. */
  readonly at: number;
}

const PAIRS: Readonly<Record<string, readonly [second: string, kind: Kind]>> = { '=': ['=', 'Eq'], '&': ['&', 'And'], '|': ['|', 'Or'] };
const SINGLES: Readonly<Record<string, Kind>> = { '(': 'LParen', ')': 'RParen', '{': 'LBrace', '}': 'RBrace', ',': 'Comma' };
/** One-word spellings are their own: `notin`, `startswith`. */
const OPERATORS: ReadonlyMap<string, Kind> = new Map([
  ['contains', 'Contains'],
  ['in', 'In'],
  ['notin', 'NotIn'],
  ['startswith', 'StartsWith'],
  ['endswith', 'EndsWith'],
]);
const SECOND_WORDS: ReadonlyMap<string, string> = new Map([
  ['starts', 'with'],
  ['ends', 'with'],
  ['not', 'in'],
]);
const CALLS: readonly (readonly [word: string, kind: Kind])[] = [
  ['has(', 'Has'],
  ['all(', 'All'],
  ['global(', 'Global'],
];
const LONGEST_LABEL = 512;

/** The words, an `EOF` last; or the first thing that is not a word. */
export function tokenize(text: string): readonly Token[] | SelectorError {
  const tokens: Token[] = [];
  let at = afterBlanks(text, 0);
  while (at < text.length) {
    const next = tokenAt(text, at, tokens.at(-1));
    if ('error' in next) return next;
    tokens.push(next.token);
    at = afterBlanks(text, next.end);
  }
  return [...tokens, { kind: 'EOF', value: '', at }];
}

type Next = { readonly token: Token; readonly end: number } | SelectorError;

function tokenAt(text: string, at: number, before: Token | undefined): Next {
  const first = text[at] as string;
  const single = Object.hasOwn(SINGLES, first) ? SINGLES[first] : undefined;
  if (single !== undefined) return found(single, at, at + 1);
  if (first === '"' || first === "'") {
    const close = text.indexOf(first, at + 1);
    return close < 0 ? { error: 'unterminated string', at } : found('StringLiteral', at, close + 1, text.slice(at + 1, close));
  }
  if (first === '!') return text[at + 1] === '=' ? found('Ne', at, at + 2) : found('Not', at, at + 1);
  const pair = Object.hasOwn(PAIRS, first) ? PAIRS[first] : undefined;
  if (pair !== undefined) {
    return text[at + 1] === pair[0] ? found(pair[1], at, at + 2) : { error: `expected ${first}${pair[0]}`, at };
  }
  return before?.kind === 'Label' ? operatorAt(text, at, before) : wordAt(text, at);
}

/** Words are operators only behind a label: `contains contains 'x'` begins with a label. */
function operatorAt(text: string, at: number, label: Token): Next {
  const end = endOfWord(text, at);
  const word = text.slice(at, end);
  const kind = OPERATORS.get(word);
  if (kind !== undefined) return found(kind, at, end);
  const second = SECOND_WORDS.get(word);
  const from = afterBlanks(text, end);
  const to = endOfWord(text, from);
  const both = second === text.slice(from, to) ? OPERATORS.get(`${word}${second}`) : undefined;
  return both === undefined ? { error: `expected operator after label "${label.value}"`, at } : found(both, at, to);
}

function wordAt(text: string, at: number): Next {
  const call = CALLS.find(([word]) => text.startsWith(word, at));
  if (call === undefined) return labelAt(text, at, 'Label');
  const [word, kind] = call;
  const inside = afterBlanks(text, at + word.length);
  const label = kind === 'Has' ? labelAt(text, inside, 'Has') : undefined;
  if (label !== undefined && 'error' in label) return label;
  const close = afterBlanks(text, label?.end ?? inside);
  if (text[close] !== ')') return { error: `no closing ')' after ${word}`, at: close };
  return found(kind, at, close + 1, label?.token.value);
}

function labelAt(text: string, at: number, kind: Kind): Next {
  const end = endOfWord(text, at);
  if (end === at) return { error: 'expected identifier', at };
  const value = text.slice(at, end);
  return value.length > LONGEST_LABEL ? { error: `label too long: ${value}`, at } : found(kind, at, end, value);
}

function found(kind: Kind, at: number, end: number, value = ''): Next {
  return { token: { kind, value, at }, end };
}

/** Blanks and tabs only: a line break is not allowed anywhere. */
function afterBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

const WORD = /[A-Za-z0-9_./-]*/y;

function endOfWord(text: string, from: number): number {
  WORD.lastIndex = from;
  return from + (WORD.exec(text)?.[0].length ?? 0);
}
