// `--write`: a fix put into the files. Not a byte is written before the edited text was read again and gives the verified cluster.
import { Failure } from '../failure.ts';
import { loadCluster } from '../manifest/load.ts';
import { asReadBy } from '../program/in-force.ts';
import { type ConnectionFixes, isMendedIn } from '../question/fix.ts';
import type { WhyQuestion } from '../question/why.ts';
import { changedCluster } from '../repair/apply.ts';
import { plannedFiles } from '../repair/patch.ts';
import type { Fix } from '../repair/suggest.ts';
import { differenceInMeaning } from '../repair/verify.ts';
import { refusalWords } from '../report/fix-text.ts';
import { writeChanges } from '../source/write.ts';
import { type InputOptions, type Loaded, painter } from './input.ts';

/**
 * Writes the files of a fix and says so. Failure `not-writable`, `not-verified`, and those of writeChanges; nothing is written then.
 */
export async function writeFix(
  loaded: Loaded,
  question: WhyQuestion,
  options: InputOptions,
  connection: ConnectionFixes,
  fix: Fix,
  deny: boolean,
): Promise<void> {
  const planned = plannedFiles(fix.steps);
  if (planned.refused !== undefined) throw new Failure('not-writable', `the fix was not written: ${refusalWords(planned.refused)}`);
  const { files } = planned;
  const after = new Map(files.map(({ file, after: text }) => [file, text]));
  const texts = [
    ...loaded.texts.map(({ file, text }) => ({ file, text: after.get(file) ?? text })),
    ...files.flatMap(({ file, before, after: text }) => (before === undefined ? [{ file, text }] : [])),
  ];
  const cluster = asReadBy(loadCluster(texts, { namespace: loaded.namespace }), loaded.semantics);
  const differs = differenceInMeaning(changedCluster(loaded.cluster, fix.changes), cluster);
  if (differs !== undefined || !isMendedIn(cluster, loaded.semantics, question, connection, deny)) {
    throw new Failure('not-verified', 'the edited text does not say what was verified, so nothing was written', {
      hint: `${differs === undefined ? 'the answer would be another one' : `${differs} would differ`}; -o kubectl prints the commands`,
    });
  }
  await writeChanges(files);
  const paint = painter(options);
  for (const { file, before } of files)
    process.stdout.write(`${paint.green('✓')} ${before === undefined ? 'made ' : 'wrote'} ${paint.plain(file)}\n`);
  const { route } = connection.connection;
  process.stdout.write(
    `  ${paint.plain(`${question.from} → ${route.to} (${route.protocol}) is ${deny ? 'denied' : 'allowed'} by what stands there now`)}\n`,
  );
}
