// What can be wrong with the input. A problem is facts and a place; the words are in words/en/problem.ts.
import type { Origin } from './origin.ts';

export type Facts = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** Every code has a page or a line in docs/problems.md; `Problem.facts` says what is needed to write the sentence. */
export const PROBLEM_CODES = [
  'unreadable-file', // the file system said no: { reason }
  'file-too-large', // { bytes, limit }
  'not-text', // binary or an encoding that is not UTF-8/UTF-16: { reason }
  'not-yaml', // { reason, found?, hint?, preview?, isUnique? }: preview is what was probably meant, one of several where it is not unique
  'lost-indentation', // a NetworkPolicy of which no line is indented: { preview, isUnique }
  'not-json', // { reason }
  'alias-bomb', // anchors that unfold to too much: { limit }
  'nested-too-deep', // { limit }
  'duplicate-key', // { key }: the last one would silently win
  'duplicate-object', // { kind, name, first }
  'not-an-object', // a document that is no Kubernetes object: { found }
  'missing-kind', // { missing }
  'merge-conflict-markers', // {}
  'unrendered-template', // a Helm or Go template: { }
  'wants-rendering', // kustomize or Helm make of this folder what is applied: { folder, render, tool, flag }
  'no-manifests', // nothing to read at that path: { path }
  'wrong-type', // the API server could not decode it: { field, wanted, found }
  'unknown-field', // { field, nearest? }
  'invalid', // the API server's validation: { kind, name, field, error, detail, value? }
  'warning', // what the API server would warn of: { kind, name, field, detail }
  'deprecated-api', // { apiVersion, use }
  'owner-labels-differ', // pods of one workload carry different labels that a policy sees: { workload }
  'ip-shared', // two live pods claim one address: { ip, pods }
  'unsupported-policy', // a policy kind that is known but not evaluated: { kind, name, decides, layer }
  'not-served', // meant as a NetworkPolicy, in an apiVersion or kind that no server takes: { kind, apiVersion, name, use, useKind }
  'missing-backend', // an Ingress names a Service that is not there: { ... }
  'limit', // something was not read or not shown: { what: 'too-many-documents' | 'too-many-values' | 'too-many-problems' | 'not-read', … }
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface Problem {
  readonly code: ProblemCode;
  /** error: something was not understood or would be refused. warning: understood, but likely not what was meant. */
  readonly severity: 'error' | 'warning';
  readonly facts: Facts;
  /** Absent for problems of a whole input (no file at all). */
  readonly origin?: Origin;
  /** Set instead of `origin` where the place is known but no document was parsed. Column 0: only the line is known. */
  readonly place?: { readonly file: string; readonly line: number; readonly column: number };
}
