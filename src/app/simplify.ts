// A smaller set of policies, in the files that hold them. Not a byte is written, and no patch printed, before the edited text was read again
// and weighed against the original.
import type { PatchOutcome } from '../answer/simplify.ts';
import { loadCluster } from '../manifest/load.ts';
import { asReadBy } from '../program/in-force.ts';
import type { Simplification } from '../question/simplify.ts';
import { sameVerdicts } from '../question/simplify-proof.ts';
import { editTexts } from '../repair/edit.ts';
import { unifiedDiff } from '../repair/patch.ts';
import { differenceInMeaning } from '../repair/verify.ts';
import type { Loaded } from './input.ts';
import type { FilesPort } from './ports.ts';

/** `files`: where to write; absent: only the patch. Failures: those of the port. */
export async function simplifiedFiles(
  { cluster, semantics, texts, namespace }: Pick<Loaded, 'cluster' | 'semantics' | 'texts' | 'namespace'>,
  { removals, edits, proof, cluster: wanted }: Simplification,
  files?: FilesPort,
): Promise<PatchOutcome> {
  if (removals.length === 0) return { kind: 'none' };
  if (proof !== 'same') return { kind: 'not-verified', differs: undefined };
  // Standard input and a cluster can be shown as a patch, and are no files to write to.
  const foreign = removals.find(({ part }) => part.at.document.file.startsWith('<'));
  if (foreign !== undefined && files !== undefined) return { kind: 'refused', reason: 'no-text', at: foreign.part.at };
  const edited = editTexts(edits);
  if (edited.refused !== undefined) return { kind: 'refused', ...edited.refused };
  const after = new Map(edited.texts.map(({ file, after: text }) => [file, text]));
  const again = asReadBy(
    loadCluster(
      texts.map(({ file, text }) => ({ file, text: after.get(file) ?? text })),
      { namespace },
    ),
    semantics,
  );
  const differs = differenceInMeaning(renumbered(wanted), renumbered(again));
  if (differs !== undefined || sameVerdicts(cluster, again, semantics) !== 'same') return { kind: 'not-verified', differs };
  const patch = unifiedDiff(edited.texts);
  if (files === undefined) return { kind: 'patch', patch };
  await files.change(edited.texts);
  return { kind: 'patch', patch, written: edited.texts.map(({ file }) => file) };
}

/** Rules behind one that went have another number in the text. */
function renumbered(cluster: Simplification['cluster']): Simplification['cluster'] {
  const numbered = <T>(rules: T): T => (Array.isArray(rules) ? rules.map((rule: object, index) => ({ ...rule, index })) : rules) as T;
  return {
    ...cluster,
    policies: cluster.policies.map((policy) => ({ ...policy, ingress: numbered(policy.ingress), egress: numbered(policy.egress) })),
  };
}
