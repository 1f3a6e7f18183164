// JSON Schemas from the interfaces of src/answer/documents: the types a library user sees and the published schemas are one text.
// Reads syntax only (no type checker), so all schemas take a fraction of a second. What a document may be made of is what `#of` knows;
// anything else is an error that names its place.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

export type Schema = { readonly [key: string]: unknown };

type Declared = { readonly node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration; readonly source: ts.SourceFile };

/** Tags of a docstring that become keywords of the schema, with how their text is read. */
const KEYWORDS: Readonly<Record<string, (text: string) => unknown>> = {
  pattern: String,
  minLength: Number,
  maxLength: Number,
  minItems: Number,
  maxItems: Number,
  minimum: Number,
  maximum: Number,
  default: String,
  uniqueItems: () => true,
};
/** Tags that are read elsewhere in this file. */
const OTHER_TAGS: ReadonlySet<string> = new Set(['integer', 'open', 'exactlyOne', 'title']);

/**
 * The schema of an exported type: `schemaOf('src/answer/documents/explanation.ts', 'ExplanationDocument', 'explanation')`. Types that it
 * refers to by name are in `$defs` (`Place` → `place`). Objects are closed unless their docstring says `@open`. Tags of a docstring:
 * `@pattern`, `@minLength`, `@minItems`, `@minimum`, `@integer` and their kind; `@exactlyOne a b` for properties of which one is there;
 * `@title`. Throws at what cannot be said as a schema.
 */
export function schemaOf(file: string, type: string, name: string): Schema {
  return new SchemaWriter().document(file, type, name);
}

/** The kinds of the documents that a file declares: interfaces with an `apiVersion` and a `kind` of their own. [] for parts of documents. */
export function documentKinds(file: string): readonly string[] {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true).statements.flatMap((node) => {
    if (!ts.isInterfaceDeclaration(node)) return [];
    const typeOf = (name: string) =>
      node.members.flatMap((member) => (ts.isPropertySignature(member) && member.name.getText() === name ? (member.type ?? []) : []))[0];
    const [kind, version] = [typeOf('kind'), typeOf('apiVersion')];
    // An object of Kubernetes that a document carries has both fields, too.
    const isForeign = version !== undefined && ts.isLiteralTypeNode(version) && !String(literalOf(version)).startsWith('netverdict.dev/');
    return version !== undefined && !isForeign && kind !== undefined && ts.isLiteralTypeNode(kind) ? [String(literalOf(kind))] : [];
  });
}

class SchemaWriter {
  readonly #sources = new Map<string, ts.SourceFile>();
  readonly #defs = new Map<string, Schema>();

  document(file: string, type: string, name: string): Schema {
    const declared = this.#find(type, this.#source(file));
    if (declared === undefined) throw new Error(`${file} exports no type ${type}`);
    const { title = type.replace(/Document$/, ''), schema } = this.#declaration(declared);
    const { description, ...rest } = schema;
    const defs = [...this.#defs].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `https://netverdict.dev/schemas/${name}.schema.json`,
      title,
      ...(description === undefined ? {} : { description }),
      ...rest,
      ...(defs.length === 0 ? {} : { $defs: Object.fromEntries(defs) }),
    };
  }

  #source(file: string): ts.SourceFile {
    let source = this.#sources.get(file);
    if (source === undefined) {
      source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
      this.#sources.set(file, source);
    }
    return source;
  }

  /** Where a name that a file uses is declared: in it, or in the file that it is imported from. */
  #find(name: string, source: ts.SourceFile): Declared | undefined {
    for (const node of source.statements) {
      if ((ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) && node.name.text === name) return { node, source };
      if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) continue;
      const bindings = node.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const found = bindings.elements.find((element) => element.name.text === name);
      if (found === undefined) continue;
      return this.#find((found.propertyName ?? found.name).text, this.#source(join(dirname(source.fileName), node.moduleSpecifier.text)));
    }
    return undefined;
  }

  #declaration({ node, source }: Declared): { readonly title: string | undefined; readonly schema: Schema } {
    const doc = docOf(node);
    const schema = ts.isInterfaceDeclaration(node) ? this.#interface(node, source) : this.#of(node.type, source);
    return { title: doc.tags.get('title'), schema: documented(schema, doc) };
  }

  #interface(node: ts.InterfaceDeclaration, source: ts.SourceFile): Schema {
    const parents = (node.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => this.#shapeOf(type, source)));
    return merged([...parents, this.#object(node.members, source)]);
  }

  /** A named type, written once under `$defs`. The name is taken before its parts are looked at, because types may contain themselves. */
  #reference(name: string, source: ts.SourceFile, node: ts.Node): Schema {
    const declared = this.#find(name, source);
    if (declared === undefined) throw this.#unsaid(node, source);
    const key = name.charAt(0).toLowerCase() + name.slice(1);
    if (!this.#defs.has(key)) {
      this.#defs.set(key, {});
      this.#defs.set(key, this.#declaration(declared).schema);
    }
    return { $ref: `#/$defs/${key}` };
  }

  /** The object that a type is, with the properties of what it extends or joins. */
  #shapeOf(type: ts.TypeNode, source: ts.SourceFile): Schema {
    const name = ts.isExpressionWithTypeArguments(type)
      ? type.expression.getText(source)
      : ts.isTypeReferenceNode(type)
        ? type.getText(source)
        : '';
    const declared = this.#find(name, source);
    return declared === undefined ? this.#of(type, source) : this.#declaration(declared).schema;
  }

  #of(type: ts.TypeNode, source: ts.SourceFile): Schema {
    switch (type.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' };
      case ts.SyntaxKind.NumberKeyword:
        return { type: 'number' };
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' };
      case ts.SyntaxKind.UnknownKeyword:
        return {};
      case ts.SyntaxKind.ObjectKeyword:
        return { type: 'object' };
    }
    if (ts.isParenthesizedTypeNode(type)) return this.#of(type.type, source);
    if (ts.isTypeOperatorNode(type)) return this.#of(type.type, source);
    if (ts.isLiteralTypeNode(type)) return type.literal.kind === ts.SyntaxKind.NullKeyword ? { type: 'null' } : { const: literalOf(type) };
    if (ts.isArrayTypeNode(type)) return { type: 'array', items: this.#of(type.elementType, source) };
    if (ts.isTypeLiteralNode(type)) return this.#object(type.members, source);
    if (ts.isIntersectionTypeNode(type)) return merged(type.types.map((each) => this.#shapeOf(each, source)));
    if (ts.isUnionTypeNode(type)) return this.#union(type.types, source);
    if (ts.isTypeReferenceNode(type)) return this.#named(type, source);
    throw this.#unsaid(type, source);
  }

  #union(types: readonly ts.TypeNode[], source: ts.SourceFile): Schema {
    if (types.every((type) => ts.isLiteralTypeNode(type) && type.literal.kind !== ts.SyntaxKind.NullKeyword))
      return { enum: types.map((type) => literalOf(type as ts.LiteralTypeNode)) };
    return { anyOf: types.map((type) => this.#of(type, source)) };
  }

  #named(type: ts.TypeReferenceNode, source: ts.SourceFile): Schema {
    const name = type.typeName.getText(source);
    const [first, second] = type.typeArguments ?? [];
    if ((name === 'Readonly' || name === 'Partial') && first !== undefined) return this.#of(first, source);
    if (name === 'Record' && first !== undefined && second !== undefined) {
      const keys = first.kind === ts.SyntaxKind.StringKeyword ? {} : { propertyNames: this.#of(first, source) };
      return { type: 'object', additionalProperties: this.#of(second, source), ...keys };
    }
    if (first !== undefined) throw this.#unsaid(type, source);
    return this.#reference(name, source, type);
  }

  #object(members: ts.NodeArray<ts.TypeElement>, source: ts.SourceFile): Schema {
    const required: string[] = [];
    const properties: Record<string, Schema> = {};
    for (const member of members) {
      if (!ts.isPropertySignature(member) || member.type === undefined) throw this.#unsaid(member, source);
      const name = ts.isStringLiteral(member.name) ? member.name.text : member.name.getText(source);
      properties[name] = documented(this.#of(member.type, source), docOf(member));
      if (member.questionToken === undefined) required.push(name);
    }
    return { type: 'object', additionalProperties: false, required, properties };
  }

  #unsaid(node: ts.Node, source: ts.SourceFile): Error {
    const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
    return new Error(`${source.fileName}:${line + 1}: \`${node.getText(source)}\` has no form as a JSON Schema here`);
  }
}

function literalOf({ literal }: ts.LiteralTypeNode): string | number | boolean {
  if (literal.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (literal.kind === ts.SyntaxKind.FalseKeyword) return false;
  if (ts.isStringLiteral(literal)) return literal.text;
  return Number(literal.getText());
}

/** Several closed objects as one; a later property replaces an earlier one of its name. */
function merged(shapes: readonly Schema[]): Schema {
  if (shapes.length === 1 && shapes[0] !== undefined) return shapes[0];
  const required = new Set(shapes.flatMap((shape) => shape.required as readonly string[]));
  const properties = Object.assign({}, ...shapes.map((shape) => shape.properties));
  return { type: 'object', additionalProperties: false, required: [...required], properties };
}

interface Doc {
  readonly text: string;
  readonly tags: ReadonlyMap<string, string>;
}

/** Taken from the text and not from the parser's tags, which read `{` and `@` inside a pattern as their own. */
function docOf(node: ts.Node): Doc {
  const comment = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1);
  const lines = (comment?.getText() ?? '')
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim());
  const tags = new Map<string, string>();
  const text: string[] = [];
  for (const line of lines) {
    const found = /^@([a-zA-Z]+)\s*(.*)$/.exec(line);
    if (found === null) text.push(line);
    else if (found[1] !== undefined && (found[1] in KEYWORDS || OTHER_TAGS.has(found[1]))) tags.set(found[1], found[2] ?? '');
    else throw new Error(`@${found[1]} is not a tag that a schema is made from: ${line}`);
  }
  return { text: text.filter((line) => line !== '').join(' '), tags };
}

function documented(schema: Schema, { text, tags }: Doc): Schema {
  const keywords = [...tags].flatMap(([tag, value]) => (KEYWORDS[tag] === undefined ? [] : [[tag, KEYWORDS[tag](value)] as const]));
  const choice = tags.get('exactlyOne')?.split(' ');
  const { additionalProperties, ...open } = schema;
  return {
    ...(text === '' ? {} : { description: text }),
    ...(tags.has('open') ? open : schema),
    ...(tags.has('integer') ? { type: 'integer' } : {}),
    ...Object.fromEntries(keywords),
    ...(choice === undefined ? {} : { oneOf: choice.map((name) => ({ required: [name] })) }),
  };
}
