// The user's own command that prints manifests, run where a path is, or in a copy of what a commit holds. The copy goes when it is done.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { InputText } from '../manifest/load.ts';
import { type Repository, writeTree } from './git.ts';
import { rendered } from './render.ts';

/** In a folder, or in the folder of a file. Failures: those of `rendered`. */
export async function renderedAt(command: string, path: string, label: string): Promise<InputText> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  return rendered(command, isFolder ? path : dirname(path), label);
}

export interface TreeWish {
  readonly command: string;
  /** Inside the repository; '' is its top. */
  readonly folders: readonly string[];
  readonly label: string;
}

/**
 * One text for each folder that the commit has; one that is not there has no text. The command may read whatever is in the repository, so it
 * gets all of it.
 */
export async function renderedTree(
  repository: Repository,
  commit: string,
  { command, folders, label }: TreeWish,
): Promise<readonly InputText[]> {
  const copy = await mkdtemp(join(tmpdir(), 'netverdict-tree-'));
  try {
    await writeTree(repository, commit, copy);
    const texts: InputText[] = [];
    for (const folder of folders) {
      const inside = join(copy, folder);
      const isThere = (await stat(inside).catch(() => undefined))?.isDirectory() === true;
      if (isThere) texts.push(await rendered(command, inside, label));
    }
    return texts;
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
