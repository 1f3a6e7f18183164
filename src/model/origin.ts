// Where a thing is written. Line and column are worked out only when somebody asks (manifest/locate.ts):
// reading ten thousand pods must not pay for places that nobody will look at.

/** One YAML or JSON document inside an input file. `text` is absent for what a live cluster sent. */
export interface SourceDocument {
  /** `deploy/api.yaml`, `<stdin>`, `cluster:` … as a person would name it. */
  readonly file: string;
  readonly text: string | undefined;
  /** Offset of the document's first character in `text`, and the one after its last. */
  readonly start: number;
  readonly end: number;
  /** 1 for the first line of the file. */
  readonly line: number;
  readonly format: 'yaml' | 'json';
}

export type Path = readonly (string | number)[];

/** A node of a document: `{ document, path: ['spec', 'ingress', 0] }`. An empty path is the document itself. */
export interface Origin {
  readonly document: SourceDocument;
  readonly path: Path;
}

/** What a person reads: `{ file: 'api.yaml', line: 17, column: 9 }`. Line 0: the file is known, the line is not. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line on which it ends and the column behind its last character, where that was asked for and is known. */
  readonly endLine?: number;
  readonly endColumn?: number;
  /** `spec.egress[0].ports[0]`; only where there is no line, and '' never. */
  readonly path?: string;
}

/** The origin of a part: `at(origin, 'spec', 'ingress', 0)`. */
export function at(origin: Origin, ...path: Path): Origin {
  // Filled by hand: there are millions of these, and a list made of two spreads takes room for twenty steps.
  const whole = new Array<Path[number]>(origin.path.length + path.length);
  for (let i = 0; i < origin.path.length; i++) whole[i] = origin.path[i] as Path[number];
  for (let i = 0; i < path.length; i++) whole[origin.path.length + i] = path[i] as Path[number];
  return { document: origin.document, path: whole };
}

/** `spec.ingress[0].from[1]`, as API error messages spell it. */
export function printPath(path: Path): string {
  let out = '';
  for (const step of path) out += typeof step === 'number' ? `[${step}]` : out === '' ? step : `.${step}`;
  return out;
}
