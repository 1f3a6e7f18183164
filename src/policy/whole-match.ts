// Extended regular expressions as Cilium's HTTP rules have them, held against a whole text in time that grows with its length: they come out
// of files that anybody wrote, and the engine of JavaScript can be kept busy for years by a short one.
// What this does not know (look-around, anchors inside, flags, character classes by name) is not guessed.

type Step =
  | { readonly is: 'char'; readonly test: (char: string) => boolean; readonly next: number }
  | { readonly is: 'fork'; readonly next: readonly number[] }
  | { readonly is: 'end' };

/** Longer programs are not run: `(a{1000}){1000}`. */
const MOST_STEPS = 3000;

/**
 * `wholeMatch('GET|HEAD', 'GET')` → true; `wholeMatch('/public/.*', '/admin')` → false. undefined for an expression that it does not know.
 * Never throws.
 */
export function wholeMatch(expression: string, text: string): boolean | undefined {
  const program = compiled(expression);
  if (program === undefined) return undefined;
  const { steps, start } = program;
  const spread = (from: Iterable<number>): Set<number> => {
    const found = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (found.has(at)) continue;
      found.add(at);
      const step = steps[at];
      if (step?.is === 'fork') open.push(...step.next);
    }
    return found;
  };
  let states = spread([start]);
  for (const char of text) {
    const next: number[] = [];
    for (const at of states) {
      const step = steps[at];
      if (step?.is === 'char' && step.test(char)) next.push(step.next);
    }
    if (next.length === 0) return false;
    states = spread(next);
  }
  return [...states].some((at) => steps[at]?.is === 'end');
}

class Unknown extends Error {}

function compiled(expression: string): { readonly steps: readonly Step[]; readonly start: number } | undefined {
  const steps: Step[] = [{ is: 'end' }];
  const push = (step: Step): number => {
    if (steps.length >= MOST_STEPS) throw new Unknown();
    return steps.push(step) - 1;
  };
  try {
    const source = [...expression.replace(/^\^/, '').replace(/(?<!\\)\$$/, '')];
    const { made, next } = either(source, 0, 0);
    if (next < source.length) throw new Unknown();
    return { start: made(push, 0), steps };
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** Adds its steps, which lead on to `next`, and gives its first. */
type Part = (push: (step: Step) => number, next: number) => number;
type Read = { readonly made: Part; readonly next: number };

const DEEPEST = 100;

function either(source: readonly string[], from: number, depth: number): Read {
  if (depth > DEEPEST) throw new Unknown();
  const branches: Part[] = [];
  let at = from;
  for (;;) {
    const parts: Part[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const one = repeated(source, at, depth);
      parts.push(one.made);
      at = one.next;
    }
    branches.push((push, next) => parts.reduceRight((behind, part) => part(push, behind), next));
    if (source[at] !== '|') break;
    at++;
  }
  const [only] = branches;
  if (branches.length === 1 && only !== undefined) return { made: only, next: at };
  return { made: (push, next) => push({ is: 'fork', next: branches.map((branch) => branch(push, next)) }), next: at };
}

function repeated(source: readonly string[], from: number, depth: number): Read {
  const { made, next } = single(source, from, depth);
  const bounds = boundsAt(source, next);
  if (bounds === undefined) return { made, next };
  // Greedy or not makes no difference to whether the whole matches.
  const behind = bounds.next + (source[bounds.next] === '?' ? 1 : 0);
  if (boundsAt(source, behind) !== undefined) throw new Unknown();
  return { made: times(made, bounds.least, bounds.most), next: behind };
}

function boundsAt(
  source: readonly string[],
  at: number,
): { readonly least: number; readonly most: number; readonly next: number } | undefined {
  const many = Number.POSITIVE_INFINITY;
  switch (source[at]) {
    case '*':
      return { least: 0, most: many, next: at + 1 };
    case '+':
      return { least: 1, most: many, next: at + 1 };
    case '?':
      return { least: 0, most: 1, next: at + 1 };
    case '{': {
      const close = source.indexOf('}', at);
      const [, least, comma, most] = /^(\d{1,4})(,?)(\d{0,4})$/.exec(source.slice(at + 1, close).join('')) ?? [];
      if (close < 0 || least === undefined) throw new Unknown();
      return { least: Number(least), most: comma === '' ? Number(least) : most === '' ? many : Number(most), next: close + 1 };
    }
    default:
      return undefined;
  }
}

function times(part: Part, least: number, most: number): Part {
  return (push, next) => {
    let first = next;
    if (most === Number.POSITIVE_INFINITY) {
      const targets: number[] = [next];
      first = push({ is: 'fork', next: targets });
      targets.push(part(push, first));
    } else {
      for (let i = least; i < most; i++) first = push({ is: 'fork', next: [part(push, first), next] });
    }
    // A step for each time, also where there is nothing to repeat, so that the limit of steps is one of time.
    for (let i = 0; i < least; i++) first = push({ is: 'fork', next: [part(push, first)] });
    return first;
  };
}

function single(source: readonly string[], at: number, depth: number): Read {
  const char = source[at] as string;
  const one = (test: (other: string) => boolean, next: number): Read => ({
    made: (push, behind) => push({ is: 'char', test, next: behind }),
    next,
  });
  switch (char) {
    case '.':
      return one((other) => other !== '\n', at + 1);
    case '(': {
      if (source[at + 1] === '?' && source[at + 2] !== ':') throw new Unknown();
      const { made, next } = either(source, at + (source[at + 1] === '?' ? 3 : 1), depth + 1);
      if (source[next] !== ')') throw new Unknown();
      return { made, next: next + 1 };
    }
    case '[':
      return setAt(source, at, one);
    case '\\':
      return one(escaped(source[at + 1]), at + 2);
    case '^':
    case '$':
    case '*':
    case '+':
    case '?':
    case '{':
      throw new Unknown();
    default:
      return one((other) => other === char, at + 1);
  }
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  D: /[^0-9]/,
  w: /[0-9A-Za-z_]/,
  W: /[^0-9A-Za-z_]/,
  s: /[\t\n\f\r ]/,
  S: /[^\t\n\f\r ]/,
};

function escaped(char: string | undefined): (other: string) => boolean {
  if (char === undefined) throw new Unknown();
  const known = CLASSES[char];
  if (known !== undefined) return (other) => known.test(other);
  if (/[0-9A-Za-z]/.test(char)) throw new Unknown();
  return (other) => other === char;
}

function setAt(source: readonly string[], from: number, one: (test: (other: string) => boolean, next: number) => Read): Read {
  const tests: ((other: string) => boolean)[] = [];
  const isNegated = source[from + 1] === '^';
  const start = from + (isNegated ? 2 : 1);
  let at = start;
  for (; source[at] !== ']' || at === start; at++) {
    const char = source[at];
    if (char === undefined || (char === '[' && [':', '.', '='].includes(source[at + 1] ?? ''))) throw new Unknown();
    if (char === '\\') {
      tests.push(escaped(source[++at]));
      continue;
    }
    const last = source[at + 1] === '-' && source[at + 2] !== ']' ? source[at + 2] : undefined;
    if (last === undefined) tests.push((other) => other === char);
    else {
      if (last === '\\' || last < char) throw new Unknown();
      tests.push((other) => char <= other && other <= last);
      at += 2;
    }
  }
  return one((other) => tests.some((test) => test(other)) !== isNegated, at + 1);
}
