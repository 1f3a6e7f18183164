// Finds code that opens a term: that reads `.kind` of a rule's peer or port. Asks the type checker, so that other kinds do not count.
import ts from 'typescript';

/** `{ file: 'src/lab/plan.ts', line: 12, column: 9 }`; lines and columns count from 1, files are as the caller named them. */
export interface Opening {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where the terms are declared, and under which names. */
export interface Terms {
  readonly file: string;
  readonly types: readonly string[];
}

/**
 * Every place in `files` that reads the kind of a term, by `peer.kind` or by taking `{ kind }` out of it, in order of file and place; empty
 * when none does. Throws where `terms` names a type that is not exported there: a fence around nothing would always hold.
 */
export function findOpenings(program: ts.Program, terms: Terms, files: readonly string[]): readonly Opening[] {
  const checker = program.getTypeChecker();
  const kinds = kindsOf(program, checker, terms);
  const opens = (symbol: ts.Symbol | undefined) => symbol?.declarations?.some((declaration) => kinds.has(declaration)) === true;
  const found: Opening[] = [];
  for (const file of files) {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`not part of the program: ${file}`);
    const visit = (node: ts.Node): void => {
      const place = kindRead(node, checker);
      if (place !== undefined && opens(place.symbol)) {
        const { line, character } = source.getLineAndCharacterOfPosition(place.at.getStart());
        found.push({ file, line: line + 1, column: character + 1 });
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return found;
}

function kindRead(node: ts.Node, checker: ts.TypeChecker): { symbol: ts.Symbol | undefined; at: ts.Node } | undefined {
  if (ts.isPropertyAccessExpression(node) && node.name.text === 'kind')
    return { symbol: checker.getSymbolAtLocation(node.name), at: node.name };
  if (!ts.isBindingElement(node) || !ts.isObjectBindingPattern(node.parent)) return undefined;
  const name = node.propertyName ?? node.name;
  if (!ts.isIdentifier(name) || name.text !== 'kind') return undefined;
  return { symbol: checker.getTypeAtLocation(node.parent).getProperty('kind'), at: name };
}

function kindsOf(program: ts.Program, checker: ts.TypeChecker, { file, types }: Terms): ReadonlySet<ts.Declaration> {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  const exported = module === undefined ? [] : checker.getExportsOfModule(module);
  return new Set(
    types.flatMap((name) => {
      const symbol = exported.find((one) => one.name === name);
      const kind = symbol && checker.getDeclaredTypeOfSymbol(symbol).getProperty('kind');
      if (kind?.declarations === undefined) throw new Error(`${file} exports no type ${name} with a kind`);
      return kind.declarations;
    }),
  );
}

/** Files that may still open terms, for one reason. */
export interface Exception {
  readonly because: string;
  readonly files: readonly string[];
}

/**
 * What is wrong, a line each; empty when nothing is. `may`: folders whose work it is to open terms. `notYet`: the other files that still do so;
 * one that no longer does is a fault too, so that the list can only get shorter.
 */
export function termFaults(openings: readonly Opening[], may: readonly string[], notYet: readonly Exception[]): readonly string[] {
  const listed = new Set(notYet.flatMap(({ files }) => files));
  const outside = openings.filter(({ file }) => !may.some((folder) => file.startsWith(`${folder}/`)));
  const opening = new Set(outside.map(({ file }) => file));
  return [
    ...outside
      .filter(({ file }) => !listed.has(file))
      .map(({ file, line, column }) => `${file}:${line}:${column}: reads the kind of a peer or port outside the evaluators`),
    ...[...listed]
      .filter((file) => !opening.has(file))
      .map((file) => `${file} opens no term any more: remove it from the list in scripts/terms-check.ts`),
  ];
}
