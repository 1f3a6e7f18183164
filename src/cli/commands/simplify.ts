// `simplify`: rules and policies that others imply, and a smaller set that is proved equal; written with --write.

import type { Command } from 'commander';
import { simplificationDocument } from '../../answer/simplify.ts';
import { nodePorts } from '../../app/node-ports.ts';
import { simplifiedFiles } from '../../app/simplify.ts';
import { Failure } from '../../failure.ts';
import { simplify } from '../../question/simplify.ts';
import { simplifyText } from '../../report/simplify-text.ts';
import { HELP } from '../../words/en/cli/simplify.ts';
import { noPatchWords } from '../../words/en/simplify.ts';
import { formatOption } from '../help-layout.ts';
import { type InputOptions, load, painter, withInput } from '../input.ts';
import { jsonAsCalled } from '../program-name.ts';

interface SimplifyOptions extends InputOptions {
  readonly output: 'text' | 'json' | 'patch';
  readonly write?: boolean;
}

/** Policies left alone that a terminal shows without --verbose. */
const MOST_LEFT = 10;

export function registerSimplify(program: Command): void {
  withInput(program.command('simplify'))
    .description(HELP.description)
    .addOption(formatOption(['text', 'json', 'patch']))
    .option('--write', HELP.write)
    .addHelpText('after', HELP.after)
    .action(async (options: SimplifyOptions) => {
      const loaded = await load(options);
      const found = simplify(loaded.cluster, loaded.semantics);
      const outcome = await simplifiedFiles(loaded, found, options.write === true ? nodePorts.files : undefined);
      const document = simplificationDocument(found, loaded.choice.name, outcome);
      const { noPatch, patch = '', removals, provedEqual } = document;
      if (noPatch !== undefined && (options.write === true || options.output === 'patch'))
        throw new Failure(noPatch.code, noPatchWords(noPatch.text));
      process.exitCode = removals.length === 0 ? 0 : provedEqual ? 1 : 2;
      if (options.output === 'json') process.stdout.write(`${jsonAsCalled(document)}\n`);
      else if (options.output === 'patch') process.stdout.write(patch);
      else process.stdout.write(simplifyText(document, painter(options), options.verbose === true ? Number.POSITIVE_INFINITY : MOST_LEFT));
    });
}
