// File name patterns: `deploy/**/*.yaml`, `[ab].yml`, `{api,web}/*.json`. Matching only; walking the folders is files.ts.
// Own, because Node 20 has none; without regular expressions, so that no pattern can make matching slow.

/** A pattern, one matcher for each part between slashes. `'**'` stands for any number of folders, none too. */
export type Glob = readonly (GlobPart | '**')[];

export interface GlobPart {
  /** The name itself, when the part has no wildcard: that folder can be opened without listing its parent. */
  readonly literal: string | undefined;
  readonly matches: (name: string) => boolean;
}

/** `{a,b}{c,d}…` doubles with each pair of braces; more than this is taken as written. */
const MAX_ALTERNATIVES = 1000;

/** True when a path has a character that is special in patterns. `[x].yaml` may still be a file's name: look for that first. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * One or more globs, as many as the braces say: `{api,web}/*.yaml` → two. A leading `/` is kept as an empty first part.
 * As in shells, a wildcard does not match a name's leading dot. A bracket or brace that is not closed stands for itself.
 */
export function parseGlob(pattern: string): readonly Glob[] {
  return alternatives(pattern).map((each) =>
    each
      .split('/')
      .filter((part, i) => part !== '.' && (part !== '' || i === 0))
      .map((part) => (part === '**' ? '**' : parsePart(part))),
  );
}

/** `a{b,c{d,e}}f` → `abf`, `acdf`, `acef`. */
function alternatives(pattern: string): readonly string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const braces = firstBraces(next);
    if (braces === undefined) done.push(next);
    else {
      const before = next.slice(0, braces.open);
      const after = next.slice(braces.close + 1);
      for (const option of braces.options.toReversed()) waiting.push(before + option + after);
    }
    if (done.length + waiting.length > MAX_ALTERNATIVES) return [pattern];
  }
  return done;
}

/** The first closed pair of braces with a comma of its own. */
function firstBraces(pattern: string): { readonly open: number; readonly close: number; readonly options: readonly string[] } | undefined {
  const opened: { readonly open: number; readonly commas: number[] }[] = [];
  let best: { readonly open: number; readonly close: number; readonly options: readonly string[] } | undefined;
  for (let at = 0; at < pattern.length; at++) {
    const c = pattern[at];
    if (c === '\\') at++;
    else if (c === '{') opened.push({ open: at, commas: [] });
    else if (c === ',') opened.at(-1)?.commas.push(at);
    else if (c === '}') {
      const pair = opened.pop();
      if (pair === undefined || pair.commas.length === 0) continue;
      const ends = [...pair.commas, at];
      const options = ends.map((end, i) => pattern.slice((ends[i - 1] ?? pair.open) + 1, end));
      if (best === undefined || pair.open < best.open) best = { open: pair.open, close: at, options };
    }
  }
  return best;
}

/** What one place in a name may hold: any text, any character, one of some, this one. */
type Token = { readonly is: 'star' } | { readonly is: 'one'; readonly takes: (character: string) => boolean };

function parsePart(part: string): GlobPart {
  const tokens: Token[] = [];
  let literal: string | undefined = '';
  const characters = [...part];
  for (let at = 0; at < characters.length; at++) {
    const c = characters[at] ?? '';
    const set = c === '[' ? characterSet(characters, at) : undefined;
    if (c === '*') tokens.push({ is: 'star' });
    else if (c === '?') tokens.push({ is: 'one', takes: () => true });
    else if (set !== undefined) {
      tokens.push({ is: 'one', takes: set.takes });
      at = set.end;
    } else {
      const itself = c === '\\' ? (characters[++at] ?? c) : c;
      tokens.push({ is: 'one', takes: (character) => character === itself });
      if (literal !== undefined) literal += itself;
      continue;
    }
    literal = undefined;
  }
  const showsHidden = part.startsWith('.');
  return { literal, matches: (name) => (showsHidden || !name.startsWith('.')) && matchesAll(tokens, [...name]) };
}

/** `[a-z]`, `[!0-9]`, `[^x]`, `[]]`; undefined when it is not closed. */
function characterSet(
  characters: readonly string[],
  open: number,
): { readonly end: number; readonly takes: (character: string) => boolean } | undefined {
  const negated = characters[open + 1] === '!' || characters[open + 1] === '^';
  const from = open + (negated ? 2 : 1);
  const end = characters.indexOf(']', from + 1);
  if (end < 0) return undefined;
  const inside = characters.slice(from, end);
  const takes = (character: string): boolean => {
    for (let at = 0; at < inside.length; at++) {
      const low = inside[at] ?? '';
      const high = inside[at + 1] === '-' ? inside[at + 2] : undefined;
      if (high === undefined ? character === low : character >= low && character <= high) return true;
      if (high !== undefined) at += 2;
    }
    return false;
  };
  return { end, takes: (character) => takes(character) !== negated };
}

/** Steps back to the last star only: whatever earlier stars took can stay, so the cost is at most tokens times characters. */
function matchesAll(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const next = tokens[token];
    if (next?.is === 'one' && next.takes(name[at] ?? '')) {
      token++;
      at++;
    } else if (next?.is === 'star') {
      star = token++;
      starAt = at;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (tokens[token]?.is === 'star') token++;
  return token === tokens.length;
}
