// Manifests as people write them: the same value in block or flow style, with dashes here or there, with comments everywhere. Drawn from
// a seed, so that a failure can be seen again.

export interface Handwriting {
  readonly text: string;
  /** Every comment that was put in, each a text of its own: `# note 17`. */
  readonly comments: readonly string[];
}

/** Documents of one stream. */
export function handwritten(values: readonly unknown[], seed: number): Handwriting {
  const writer = newWriter(seed);
  const text = values.map((value) => `${writer.comment('')}${writer.block(value, 0).join('\n')}\n`).join('---\n');
  return { text, comments: writer.comments.filter((comment) => text.includes(`${comment}\n`)) };
}

function newWriter(seed: number) {
  let state = (seed >>> 0) + 1;
  const chance = (of: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % of === 0;
  };
  const comments: string[] = [];
  const note = () => {
    const text = `# note ${comments.length}`;
    comments.push(text);
    return text;
  };
  const dash = chance(2) ? 0 : 2;
  const step = chance(4) ? 4 : 2;
  const isSmall = (value: unknown) => JSON.stringify(value ?? null).length < 70;
  const flow = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
    if (typeof value !== 'object' || value === null) return scalar(value);
    const entries = Object.entries(value).map(([key, inner]) => `${scalar(key)}: ${flow(inner)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  };
  const scalar = (value: unknown): string => {
    if (typeof value !== 'string') return value === null ? 'null' : String(value);
    if (!/^[a-z][a-z0-9./-]*$/i.test(value) || /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value)) return `"${value}"`;
    return chance(6) ? `'${value}'` : value;
  };
  const tail = () => (chance(7) ? ` ${note()}` : '');
  const above = (indent: string) => (chance(9) ? [indent + note()] : []);
  const isEmpty = (value: unknown) => typeof value !== 'object' || value === null || Object.keys(value).length === 0;
  const block = (value: unknown, indent: number): string[] => {
    const pad = ' '.repeat(indent);
    if (isEmpty(value)) return [pad + flow(value)];
    if (Array.isArray(value)) {
      return value.flatMap((item) => {
        if (isEmpty(item) || (isSmall(item) && chance(3))) return [...above(pad), `${pad}- ${flow(item)}${tail()}`];
        const [first = '', ...rest] = block(item, indent + 2).filter(
          (line, i, all) => i > 0 || !line.trim().startsWith('#') || all.length === 1,
        );
        return [...above(pad), `${pad}- ${first.slice(indent + 2)}`, ...rest];
      });
    }
    return Object.entries(value as object).flatMap(([key, inner]): string[] => {
      const name = `${pad}${scalar(key)}:`;
      if (isEmpty(inner) || (isSmall(inner) && chance(3))) return [...above(pad), `${name} ${flow(inner)}${tail()}`];
      return [...above(pad), `${name}${tail()}`, ...block(inner, indent + (Array.isArray(inner) ? dash : step))];
    });
  };
  return { block, comments, comment: (indent: string) => (chance(2) ? `${indent}${note()}\n` : '') };
}
