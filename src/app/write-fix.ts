// A fix put into the files. Not a byte is written before the edited text was read again and gives the verified cluster.
import { loadCluster } from '../manifest/load.ts';
import { asReadBy } from '../program/in-force.ts';
import { type ConnectionFixes, isMendedIn } from '../question/fix.ts';
import type { WhyQuestion } from '../question/why.ts';
import { changedCluster } from '../repair/apply.ts';
import type { EditRefusal } from '../repair/edit.ts';
import { plannedFiles } from '../repair/patch.ts';
import type { Fix } from '../repair/suggest.ts';
import { differenceInMeaning } from '../repair/verify.ts';
import type { Loaded } from './input.ts';
import type { FilesPort } from './ports.ts';

export interface FixToWrite {
  readonly question: WhyQuestion;
  readonly connection: ConnectionFixes;
  readonly fix: Fix;
  /** The fix denies the connection instead of allowing it. */
  readonly deny: boolean;
}

export type WriteResult =
  | { readonly kind: 'written'; readonly files: readonly { readonly file: string; readonly isNew: boolean }[] }
  /** There is no file to edit, or its text is laid out in a way that is not edited. */
  | { readonly kind: 'refused'; readonly refusal: EditRefusal }
  /** The edited text does not say what was verified; `differs`: which object, when not only the answer is another. */
  | { readonly kind: 'not-verified'; readonly differs: string | undefined };

/** Nothing is written unless the result is `written`. Failures: those of the port. */
export async function writeFix(
  files: FilesPort,
  { cluster, semantics, texts, namespace }: Pick<Loaded, 'cluster' | 'semantics' | 'texts' | 'namespace'>,
  { question, connection, fix, deny }: FixToWrite,
): Promise<WriteResult> {
  const planned = plannedFiles(fix.steps);
  if (planned.refused !== undefined) return { kind: 'refused', refusal: planned.refused };
  const after = new Map(planned.files.map(({ file, after: text }) => [file, text]));
  const edited = [
    ...texts.map(({ file, text }) => ({ file, text: after.get(file) ?? text })),
    ...planned.files.flatMap(({ file, before, after: text }) => (before === undefined ? [{ file, text }] : [])),
  ];
  const again = asReadBy(loadCluster(edited, { namespace }), semantics);
  const differs = differenceInMeaning(changedCluster(cluster, fix.changes), again);
  if (differs !== undefined || !isMendedIn(again, semantics, question, connection, deny)) return { kind: 'not-verified', differs };
  await files.change(planned.files);
  return { kind: 'written', files: planned.files.map(({ file, before }) => ({ file, isNew: before === undefined })) };
}
