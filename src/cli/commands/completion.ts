// `completion`: a script that completes commands, flags and their values. Made from the commands as they are registered.

import { Argument, type Command } from 'commander';
import { KNOWN_NAMES } from '../../profile/families.ts';
import { HELP } from '../../words/en/cli/completion.ts';
import { completionScript, SHELLS, type Shell } from '../completion-scripts.ts';
import { completableOf } from '../completion-words.ts';

/** `everything`: the program with every command registered, which costs loading them all and is done only here. */
export function registerCompletion(program: Command, everything: () => Promise<Command>): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', HELP.shell).choices([...SHELLS]))
    .description(HELP.description)
    .addHelpText('after', HELP.after)
    .action(async (shell: Shell) => {
      const program = completableOf(await everything(), { '--cni': ['auto', ...KNOWN_NAMES] });
      process.stdout.write(completionScript(shell, program));
    });
}
