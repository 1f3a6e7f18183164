// The line in front of an answer that says what it is based on.
import { andMore, counted } from './lists.ts';

export const basedOn = (what: string) => `based on ${what}`;

/** `-` and what is read from it, as a person would say it. */
export const pathWords = (path: string) => (path === '-' || path === '<stdin>' ? 'standard input' : path);

/** `38 files under k8s/ (3 have no Kubernetes objects)`. `foreign`: files of folders without Kubernetes objects. */
export function filesWords(files: number, paths: readonly string[], foreign: number): string {
  const others = foreign === 0 ? '' : ` (${foreign} ${foreign === 1 ? 'has' : 'have'} no Kubernetes objects)`;
  return `${counted(files, 'file')} under ${andMore(paths.map(pathWords), MOST_PATHS)}${others}`;
}

const MOST_PATHS = 3;

/** `main (12 files)`, `prod (340 objects)`. */
export function stateWords(name: string, made: { readonly files: number } | { readonly objects: number }): string {
  return `${name} (${'files' in made ? counted(made.files, 'file') : counted(made.objects, 'object')})`;
}

/** `main (12 files) and working tree (13 files), with 1 file in both`. `shared`: files that are part of both. */
export function comparedWords(states: readonly string[], shared: number): string {
  return `${togetherWords(states)}${shared === 0 ? '' : `, with ${counted(shared, 'file')} in both`}`;
}

export const togetherWords = (parts: readonly string[]) => parts.join(' and ');

/** `cluster prod (context prod-admin), 12:03:41`. Without a context where it has the name of the cluster. */
export function clusterWords(cluster: string, context: string | undefined, time: string): string {
  return `cluster ${cluster}${context === undefined ? '' : ` (context ${context})`}, ${time}`;
}
