// `--write`: writes a fix into the files, and prints what was done.
import type { Loaded } from '../app/input.ts';
import { nodePorts } from '../app/node-ports.ts';
import { type FixToWrite, writeFix } from '../app/write-fix.ts';
import { WRITTEN } from '../words/en/cli/fix.ts';
import { refusalWords } from '../words/en/fixes.ts';
import { type InputOptions, painter } from './input.ts';
import { mistake } from './mistake.ts';

/** Failure `not-writable`, `not-verified`, and those of writing; nothing is written then. */
export async function writeAndTell(loaded: Loaded, wanted: FixToWrite, options: InputOptions): Promise<void> {
  const result = await writeFix(nodePorts.files, loaded, wanted);
  if (result.kind === 'refused') throw mistake('not-writable', { reason: refusalWords(result.refusal.reason), wanted: 'files' });
  if (result.kind === 'not-verified') throw mistake('not-verified', { differs: result.differs });
  const paint = painter(options);
  for (const { file, isNew } of result.files)
    process.stdout.write(`${paint.green('✓')} ${isNew ? WRITTEN.created : WRITTEN.edited} ${paint.plain(file)}\n`);
  const { question, connection, deny } = wanted;
  const { route } = connection.connection;
  process.stdout.write(`  ${paint.plain(WRITTEN.holds(question.from, `${route.to} (${route.protocol})`, deny))}\n`);
}
