// `--write`: says what became of a fix that is put into the files.
import type { Loaded } from '../app/input.ts';
import { nodePorts } from '../app/node-ports.ts';
import { type FixToWrite, writeFix } from '../app/write-fix.ts';
import { Failure } from '../failure.ts';
import { refusalWords } from '../words/en/fixes.ts';
import { type InputOptions, painter } from './input.ts';

/** Failure `not-writable`, `not-verified`, and those of writing; nothing is written then. */
export async function writeAndTell(loaded: Loaded, wanted: FixToWrite, options: InputOptions): Promise<void> {
  const result = await writeFix(nodePorts.files, loaded, wanted);
  if (result.kind === 'refused') throw new Failure('not-writable', `the fix was not written: ${refusalWords(result.refusal.reason)}`);
  if (result.kind === 'not-verified') {
    const { differs } = result;
    throw new Failure('not-verified', 'the edited text does not say what was verified, so nothing was written', {
      hint: `${differs === undefined ? 'the answer would be another one' : `${differs} would differ`}; -o kubectl prints the commands`,
    });
  }
  const paint = painter(options);
  for (const { file, isNew } of result.files)
    process.stdout.write(`${paint.green('✓')} ${isNew ? 'made ' : 'wrote'} ${paint.plain(file)}\n`);
  const { question, connection, deny } = wanted;
  const { route } = connection.connection;
  process.stdout.write(
    `  ${paint.plain(`${question.from} → ${route.to} (${route.protocol}) is ${deny ? 'denied' : 'allowed'} by what stands there now`)}\n`,
  );
}
