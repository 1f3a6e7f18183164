// How the help of a command is laid out: its own options first, then where objects come from, then what is printed.
import { type Command, Help, Option } from 'commander';
import { GROUPS, OUTPUT } from '../words/en/cli/help.ts';

const ORDER: readonly string[] = Object.values(GROUPS);

/** For the program; its commands inherit it. Groups that are not in the list keep their order, after the others. */
export function withHelpLayout(program: Command): Command {
  const place = (heading: string) => (ORDER.includes(heading) ? ORDER.indexOf(heading) : ORDER.length);
  const plain = new Help();
  return program.configureHelp({
    groupItems: (unsorted, visible, groupOf) => {
      const formatFirst = visible.toSorted((a, b) => Number(isFormat(b)) - Number(isFormat(a)));
      return new Map([...plain.groupItems(unsorted, formatFirst, groupOf)].sort(([a], [b]) => place(a) - place(b)));
    },
  });
}

function isFormat(item: Command | Option): boolean {
  return item instanceof Option && item.long === '--output';
}

/** Adds options under a heading of the help: `inGroup(command, GROUPS.input, (each) => each.option('--strict', …))`. */
export function inGroup(command: Command, heading: string, add: (command: Command) => Command): Command {
  return add(command.optionsGroup(heading)).optionsGroup('');
}

/** `-o, --output` with these formats, of which the first is the default. */
export function formatOption(formats: readonly [string, ...string[]], description: string = OUTPUT.format): Option {
  return new Option('-o, --output <format>', description)
    .choices([...formats])
    .default(formats[0])
    .helpGroup(GROUPS.output);
}
