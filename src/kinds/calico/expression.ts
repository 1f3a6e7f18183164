// Calico's selector language: text → expression, and back to the one spelling that Calico itself compares selectors by.
// What an expression means is selector.ts. Source: libcalico-go lib/selector/parser.
// QUOTED THROUGHOUT: libcalico-go lib/selector
import { type SelectorError, type Token, tokenize } from './tokens.ts';

export type Expression =
  | { readonly is: 'all' | 'global' }
  | { readonly is: 'has'; readonly label: string }
  | { readonly is: Comparison; readonly label: string; readonly value: string }
  | { readonly is: 'in' | 'not in'; readonly label: string; readonly values: readonly string[] }
  | { readonly is: 'not'; readonly of: Expression }
  | { readonly is: 'and' | 'or'; readonly of: readonly Expression[] };

export type Comparison = '==' | '!=' | 'contains' | 'starts with' | 'ends with';

const COMPARISONS: Partial<Record<Token['kind'], Comparison>> = {
  Eq: '==',
  Ne: '!=',
  Contains: 'contains',
  StartsWith: 'starts with',
  EndsWith: 'ends with',
};

/** How deep parentheses may be. Calico has no limit but the length of the field; nobody writes as many, and the reader calls itself for each. */
const DEEPEST = 200;

/**
 * `app == 'cart' && has(tier)` → `{ is: 'and', of: [{ is: '==', label: 'app', value: 'cart' }, { is: 'has', label: 'tier' }] }`.
 * Empty text is `all()`. What Calico would not take comes back as its words and the place: `{ error: 'expected ==', at: 4 }`.
 */
export function parseExpression(text: string): Expression | SelectorError {
  const known = readBefore.get(text);
  if (known !== undefined) return known;
  const found = readExpression(text);
  if (readBefore.size >= MOST_TEXTS) readBefore.clear();
  readBefore.set(text, found);
  return found;
}

/** Checking and lowering both read a selector, and the policies of a cluster share most of theirs. */
const readBefore = new Map<string, Expression | SelectorError>();
const MOST_TEXTS = 10_000;

function readExpression(text: string): Expression | SelectorError {
  const tokens = tokenize(text);
  if ('error' in tokens) return tokens;
  if (tokens.length === 1) return { is: 'all' };
  const read = anyOf(tokens, 0, 0);
  if ('error' in read) return read;
  const rest = tokens.slice(read.next);
  const [first] = rest;
  if (first === undefined || rest.length === 1) return read.found;
  return { error: `unexpected content at end of selector [${rest.map(printToken).join(' ')}]`, at: first.at };
}

type Read = { readonly found: Expression; readonly next: number } | SelectorError;
type Reader = (tokens: readonly Token[], from: number, depth: number) => Read;

const allOf: Reader = (tokens, from, depth) => listOf(tokens, from, depth, 'And', 'and', operation);
const anyOf: Reader = (tokens, from, depth) => listOf(tokens, from, depth, 'Or', 'or', allOf);

function listOf(tokens: readonly Token[], from: number, depth: number, glue: Token['kind'], is: 'and' | 'or', reader: Reader): Read {
  const of: Expression[] = [];
  let next = from;
  for (;;) {
    const read = reader(tokens, next, depth);
    if ('error' in read) return read;
    of.push(read.found);
    next = read.next;
    if (tokens[next]?.kind !== glue) break;
    next++;
  }
  const [only] = of;
  return { found: only !== undefined && of.length === 1 ? only : { is, of }, next };
}

function operation(tokens: readonly Token[], from: number, depth: number): Read {
  let at = from;
  while (tokens[at]?.kind === 'Not') at++;
  const read = operand(tokens, at, depth);
  // Two negations are none, as in Calico's own reading.
  return 'error' in read || (at - from) % 2 === 0 ? read : { ...read, found: { is: 'not', of: read.found } };
}

function operand(tokens: readonly Token[], from: number, depth: number): Read {
  const token = tokens[from] as Token;
  switch (token.kind) {
    case 'Has':
      return { found: { is: 'has', label: token.value }, next: from + 1 };
    case 'All':
      return { found: { is: 'all' }, next: from + 1 };
    case 'Global':
      return { found: { is: 'global' }, next: from + 1 };
    case 'Label':
      return comparison(tokens, from);
    case 'LParen': {
      if (depth >= DEEPEST) return { error: 'nested too deep', at: token.at };
      const read = anyOf(tokens, from + 1, depth + 1);
      if ('error' in read) return read;
      const close = tokens[read.next] as Token;
      return close.kind === 'RParen' ? { found: read.found, next: read.next + 1 } : { error: 'expected )', at: close.at };
    }
    default:
      return { error: `unexpected token: ${printToken(token)}`, at: token.at };
  }
}

/** A label, its operator, and what it is compared with. */
function comparison(tokens: readonly Token[], from: number): Read {
  const [label, operator, value] = tokens.slice(from, from + 3);
  if (label === undefined || operator === undefined || value === undefined) {
    return { error: 'unexpected end of string looking for op', at: tokens.at(-1)?.at ?? 0 };
  }
  const is = COMPARISONS[operator.kind];
  if (is !== undefined) {
    if (value.kind !== 'StringLiteral') return { error: 'expected string', at: value.at };
    return { found: { is, label: label.value, value: value.value }, next: from + 3 };
  }
  if (operator.kind !== 'In' && operator.kind !== 'NotIn')
    return { error: `expected == or != not: ${printToken(operator)}`, at: operator.at };
  if (value.kind !== 'LBrace') return { error: 'expected set literal', at: value.at };
  const values: string[] = [];
  let next = from + 3;
  for (let item = tokens[next]; item?.kind === 'StringLiteral'; item = tokens[next]) {
    values.push(item.value);
    next++;
    if (tokens[next]?.kind !== 'Comma') break;
    next++;
  }
  const close = tokens[next] as Token;
  if (close.kind !== 'RBrace') return { error: 'expected }', at: close.at };
  return {
    found: { is: operator.kind === 'In' ? 'in' : 'not in', label: label.value, values: [...new Set(values)].sort() },
    next: next + 1,
  };
}

function printToken({ kind, value }: Token): string {
  return `Tok${kind}(${value})`;
}

/** `app == "cart"`, `(app == "cart" && has(tier))`: Calico's canonical text. Selectors with the same text mean the same. */
export function printExpression(expression: Expression): string {
  switch (expression.is) {
    case 'all':
    case 'global':
      return `${expression.is}()`;
    case 'has':
      return `has(${expression.label})`;
    case 'in':
    case 'not in':
      return `${expression.label} ${expression.is} {${expression.values.map(quoted).join(', ')}}`;
    case 'not':
      return `!${printExpression(expression.of)}`;
    case 'and':
    case 'or':
      return `(${expression.of.map(printExpression).join(expression.is === 'and' ? ' && ' : ' || ')})`;
    default:
      return `${expression.label} ${expression.is} ${quoted(expression.value)}`;
  }
}

function quoted(value: string): string {
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

/** The same with another name for every label: `team == "a"` → `pcns.team == "a"`. */
export function renamed(expression: Expression, rename: (label: string) => string): Expression {
  switch (expression.is) {
    case 'all':
    case 'global':
      return expression;
    case 'not':
      return { is: 'not', of: renamed(expression.of, rename) };
    case 'and':
    case 'or':
      return { is: expression.is, of: expression.of.map((one) => renamed(one, rename)) };
    default:
      return { ...expression, label: rename(expression.label) };
  }
}
