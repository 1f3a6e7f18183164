#!/usr/bin/env node
// The program: find the command, load it alone, run it, turn what went wrong into a message and an exit code.
import { Command, CommanderError } from 'commander';
import { Failure } from '../failure.ts';
import { nearest } from '../profile/nearest.ts';
import { harmless } from '../report/paint.ts';
import { COMMAND_GROUPS, PROGRAM, SUMMARIES, unknownCommand } from '../words/en/cli/commands.ts';
import { COMMANDS } from './commands.ts';
import { withHelpLayout } from './help-layout.ts';
import { optimizeLater } from './optimize-later.ts';
import { asCalled, programName } from './program-name.ts';
import { version } from './version.ts';

/** 0 yes or clean, 1 no or findings, 2 could not answer. */
const COULD_NOT_ANSWER = 2;

export async function main(argv: readonly string[]): Promise<void> {
  const program = withHelpLayout(new Command(programName()))
    .description(PROGRAM.description)
    .version(version, '-V, --version', PROGRAM.version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(asCalled(text)),
      outputError: (text, write) => write(asCalled(text.split('\n').map(harmless).join('\n'))),
    })
    .addHelpText('after', PROGRAM.after);

  const asked = argv.find((word) => !word.startsWith('-'));
  const wantsHelp = asked === undefined || asked === 'help';
  const entries = COMMANDS.filter((entry) => entry.name === asked);
  if (wantsHelp) {
    for (const { name, group } of COMMANDS)
      program.command(name).description(SUMMARIES[name]).helpGroup(COMMAND_GROUPS[group]).allowUnknownOption();
    program.commandsGroup(COMMAND_GROUPS.shell).helpCommand('help [command]', PROGRAM.help);
  }
  if (!wantsHelp && entries.length === 0) {
    const near = nearest(
      asked,
      COMMANDS.map(({ name }) => name),
    );
    const { text, hint } = unknownCommand(asked, near);
    throw new Failure('unknown-command', text, { hint });
  }
  for (const entry of entries) (await entry.load())(program);
  const helpFor = asked === 'help' ? argv[argv.indexOf('help') + 1] : undefined;
  if (helpFor !== undefined) return main([helpFor, '--help']);
  if (argv.length === 0) {
    program.outputHelp();
    process.exitCode = 0;
    return;
  }
  await program.parseAsync(argv, { from: 'user' });
}

/** A closed pipe (`netverdict map | head`) is the reader's wish to stop, not an error; a full disk is one. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`netverdict: cannot write the answer: ${harmless(error.message)}\n`);
  process.exit(COULD_NOT_ANSWER);
});
/** Nobody reads what was wrong with the input: the answer is still wanted. */
process.stderr.on('error', () => {});

optimizeLater();
try {
  await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : COULD_NOT_ANSWER;
  } else if (error instanceof Failure) {
    const { failureSentence } = await import('../words/en/failures.ts');
    const { flagHint } = await import('../words/en/cli/flags.ts');
    const { text, hint } = failureSentence(error);
    const hints = [hint, flagHint(error)].filter((line) => line !== undefined && line !== '');
    process.stderr.write(
      [`netverdict: ${text}`, ...hints.map((line) => `  ${line}`)].map((line) => `${asCalled(harmless(line ?? ''))}\n`).join(''),
    );
    process.exitCode = COULD_NOT_ANSWER;
  } else {
    process.stderr.write(
      `netverdict: ${PROGRAM.defect}\n${String((error as Error)?.stack ?? error)
        .split('\n')
        .map(harmless)
        .join('\n')}\n`,
    );
    process.exitCode = COULD_NOT_ANSWER;
  }
}
