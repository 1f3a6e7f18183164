// What `diff` prints, whichever two states it compared.
import { once } from 'node:events';
import type { ConnectivityDiff } from '../answer/documents/connectivity-diff.ts';
import { type InputOptions, painter } from './input.ts';
import { jsonAsCalled } from './program-name.ts';
import { version } from './version.ts';

export const DIFF_FORMATS = ['text', 'json', 'sarif', 'md', 'github'] as const;
export type DiffFormat = (typeof DIFF_FORMATS)[number];

/** A comparison in the format that was asked for. */
export async function printDiff(document: ConnectivityDiff, options: InputOptions & { readonly output: DiffFormat }): Promise<void> {
  if (options.output === 'json') return write(`${jsonAsCalled(document)}\n`);
  if (options.output === 'md') {
    const { diffMarkdown } = await import('../report/diff-markdown.ts');
    return write(diffMarkdown(document));
  }
  if (options.output === 'sarif') {
    const { diffSarif } = await import('../report/diff-sarif.ts');
    return write(diffSarif(document, version));
  }
  if (options.output === 'github') {
    const { diffGithub } = await import('../report/diff-github.ts');
    return write(diffGithub(document));
  }
  const { diffText } = await import('../report/diff-text.ts');
  return write(diffText(document, painter(options), options.verbose === true ? Number.POSITIVE_INFINITY : 12));
}

export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
