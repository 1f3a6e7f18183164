// Finds sentences in TypeScript: string and template literals that a reader would take for English. Names nothing of the project.
import ts from 'typescript';

/** `{ line: 12, column: 9, text: 'no such file or folder: `…`' }`; lines and columns count from 1. */
export interface Prose {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A sentence has one of these; labels, nft text, shell words and lists of names rarely do. */
const FUNCTION_WORDS = new Set(
  (
    'a an the this that these those it its is are was were be been has have had do does did can cannot could may might must should will would ' +
    'no not none never nothing only also all every each any other another of to in on at by with without for from into over under out ' +
    'between after before until and or but nor so than as if when where which who whose what why how there here your their them they you we'
  ).split(' '),
);

/** In place of what a template inserts, and of a quotation in backticks: a word, but not one that makes a sentence. */
const INSERTED = '…';
const WORD = /^[("'“]*[A-Za-z][a-z]*(?:['’-][a-z]+)*[)"'”]*[,.;:?!]*$/;
const CAPITALS = /^[A-Z][A-Z0-9]+[,.;:?!]*$/;
const MARK = /\/\/ QUOTED: \S/;
const WHOLE_FILE = /^\/\/ QUOTED THROUGHOUT: \S/m;

/**
 * The prose of one file, in its order; empty when there is none. Not counted: comments, module names, types, what `new Error(…)` says, and
 * what a comment marks as another program's text or language: `// QUOTED: kube-apiserver` above a statement, a property or an element,
 * `// QUOTED THROUGHOUT: kube-apiserver` at the head of a file.
 */
export function findProse(file: string, source: string): readonly Prose[] {
  if (WHOLE_FILE.test(source.slice(0, source.indexOf('\nimport ') + 1 || source.indexOf('\nexport ') + 1))) return [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  const visit = (node: ts.Node): void => {
    if (isNotSaid(node) || isMarked(node, source)) return;
    const text = literalText(node);
    if (text !== undefined && isProse(text)) {
      const { line, character } = tree.getLineAndCharacterOfPosition(node.getStart());
      found.push({ line: line + 1, column: character + 1, text: text.replaceAll(/\s+/g, ' ').trim() });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function isNotSaid(node: ts.Node): boolean {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return true;
  return ts.isNewExpression(node) && /^(Error|TypeError|RangeError)$/.test(node.expression.getText());
}

function isMarked(node: ts.Node, source: string): boolean {
  if (!ts.isStatement(node) && !ts.isPropertyAssignment(node) && !ts.isArrayLiteralExpression(node.parent ?? node)) return false;
  const comments = ts.getLeadingCommentRanges(source, node.getFullStart()) ?? [];
  return comments.some(({ pos, end }) => MARK.test(source.slice(pos, end)));
}

function literalText(node: ts.Node): string | undefined {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(INSERTED);
}

/** Three words in a row on one line, one of them a function word. `ct state established,related accept` has none. */
function isProse(text: string): boolean {
  return text
    .split('\n')
    .filter((line) => !isCode(line))
    .some((line) => runsOf(line).some((run) => isSentence(run)));
}

/** A line of YAML (`- from: x`), of a shell (`if [ … ]; then`), of a stylesheet or a regular expression. A comment in it is still read. */
function isCode(line: string): boolean {
  if (/^\s*#/.test(line)) return false;
  return (
    /^\s*(?:- )?["'\w./-]+:(?:\s|$)(?!.*\s\w+\s\w+\s\w+\s)/.test(line) ||
    /\$\(|\$\{|; (?:do|then|done|fi)\b|&& |\|\| |>&|2>|\[ -|\(\?[:!=<]/.test(line)
  );
}

function runsOf(line: string): readonly (readonly string[])[] {
  const words = line
    .replaceAll(/`[^`]*`/g, INSERTED)
    .split(' ')
    .filter((word) => word !== '');
  const runs: string[][] = [[]];
  for (const word of words) {
    if (WORD.test(word) || CAPITALS.test(word) || word.includes(INSERTED)) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  return runs;
}

function isSentence(run: readonly string[]): boolean {
  const words = run.filter((word) => WORD.test(word)).map((word) => word.toLowerCase().replaceAll(/[^a-z'’-]/g, ''));
  return run.length >= 3 && words.length >= 2 && words.some((word) => FUNCTION_WORDS.has(word));
}

/**
 * What is wrong with a tree of files, a line each; empty when nothing is. `notYet`: folders and files that still hold prose. One that is clean,
 * or that is not there, is a fault too, so that the list can only get shorter.
 */
export function proseFaults(files: ReadonlyMap<string, string>, notYet: readonly string[]): readonly string[] {
  const withProse = new Set<string>();
  const faults: string[] = [];
  for (const [file, source] of files) {
    const found = findProse(file, source);
    if (found.length === 0) continue;
    const entries = notYet.filter((entry) => file === entry || file.startsWith(`${entry}/`));
    for (const entry of entries) withProse.add(entry);
    if (entries.length > 0) continue;
    for (const { line, column, text } of found) faults.push(`${file}:${line}:${column}: a sentence outside src/words: ${shortened(text)}`);
  }
  const clean = notYet.filter((entry) => !withProse.has(entry));
  return [...faults, ...clean.map((entry) => `${entry} holds no prose any more: remove it from the list in scripts/words-check.ts`)];
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
