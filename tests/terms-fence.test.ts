// The fence around peers and ports (`npm run terms`) finds whoever opens one, and nobody else.
import ts from 'typescript';
import { expect, test } from 'vitest';
import { findOpenings, termFaults } from '../scripts/terms.ts';

const MODEL = `
export interface PodPeer { readonly kind: 'pods' }
export interface BlockPeer { readonly kind: 'block' }
export type Peer = PodPeer | BlockPeer;
export interface Workload { readonly kind: 'Deployment' | 'block' }
`;
const TERMS = { file: '/model.ts', types: ['Peer'] };

function openingsIn(code: string, terms = TERMS) {
  const texts = new Map([
    ['/model.ts', MODEL],
    ['/shop.ts', `import type { BlockPeer, Peer, Workload } from './model.ts';\n${code}`],
  ]);
  const options: ts.CompilerOptions = {
    noLib: true,
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    getCurrentDirectory: () => '/',
    directoryExists: (name) => name === '/',
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
    getSourceFile: (name) => {
      const text = texts.get(name);
      return text === undefined ? undefined : ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    },
  };
  return findOpenings(ts.createProgram([...texts.keys()], options, host), terms, ['/shop.ts']);
}

test.each([
  ['a comparison', `export const isBlock = (peer: Peer) => peer.kind === 'block';`, 2, 45],
  ['a switch', `export function name(peer: Peer) {\n  switch (peer.kind) {\n    default: return 1;\n  }\n}`, 3, 16],
  ['one member of the union', `export const kindOf = (peer: BlockPeer) => peer.kind;`, 2, 49],
  ['taking it out by name', `export const kindOf = ({ kind }: Peer) => kind;`, 2, 26],
  ['taking it out under another name', `export const kindOf = ({ kind: what }: Peer) => what;`, 2, 26],
  ['a peer that may be absent', `export const kindOf = (peer: Peer | undefined) => peer?.kind;`, 2, 57],
])('%s opens a peer', (_, code, line, column) => {
  expect(openingsIn(code)).toEqual([{ file: '/shop.ts', line, column }]);
});

test.each([
  ['the kind of something else', `export const isBlock = (workload: Workload) => workload.kind === 'block';`],
  ['handing a peer on', `export const same = (peer: Peer): Peer => peer;`],
  ['making one', `export const block: Peer = { kind: 'block' };`],
])('%s opens none', (_, code) => {
  expect(openingsIn(code)).toEqual([]);
});

test('a fence around a type that is not there does not hold by itself', () => {
  expect(() => openingsIn('export {};', { file: '/model.ts', types: ['Term'] })).toThrow('exports no type Term');
});

test('an opening is a fault outside the evaluators and the list; a line of the list that is done with is one too', () => {
  const at = (file: string) => ({ file, line: 3, column: 7 });
  const openings = [at('src/policy/cart.ts'), at('src/lab/cart.ts'), at('src/policymaker/cart.ts')];
  const because = 'it prints them';
  expect(termFaults(openings, ['src/policy'], [{ because, files: ['src/lab/cart.ts'] }])).toEqual([
    'src/policymaker/cart.ts:3:7: reads the kind of a peer or port outside the evaluators',
  ]);
  expect(termFaults([], ['src/policy'], [{ because, files: ['src/lab/cart.ts'] }])).toEqual([
    'src/lab/cart.ts opens no term any more: remove it from the list in scripts/terms-check.ts',
  ]);
});
