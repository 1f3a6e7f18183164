// The sample outage of `demo` and `serve --demo`.
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mistake } from './mistake.ts';

export interface Bundled {
  readonly file: string;
  readonly text: string;
}

/** The examples lie beside dist/ in the package, and beside src/ in the repository. Named as this folder would name them. */
export async function bundled(name: string): Promise<Bundled> {
  for (const up of ['..', '../..', '../../..']) {
    const url = new URL(`${up}/examples/outage/${name}`, import.meta.url);
    const text = await readFile(url, 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const path = fileURLToPath(url);
    const near = relative(process.cwd(), path);
    return { file: near.startsWith('..') ? path : near, text };
  }
  throw mistake('examples-missing', { name });
}
