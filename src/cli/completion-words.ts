// What can be typed, as data, taken from the commands themselves: so a completion cannot fall behind the program.
import type { Command, Option } from 'commander';

export interface Completable {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** Words that the first argument can be: `bash`, `zsh`, `fish`. */
  readonly words: readonly string[];
  readonly commands: readonly Completable[];
}

export interface Flag {
  /** `['-o', '--output']`. */
  readonly names: readonly string[];
  readonly summary: string;
  /** undefined: it takes no value. */
  readonly value: FlagValue | undefined;
}

/** `words`: one of these. `file`: a path. `text`: nothing that could be guessed. */
export type FlagValue =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' }
  | { readonly kind: 'text' };

/** Values of flags whose declaration does not list them: `{ '--cni': ['calico', …] }`. */
export type KnownValues = Readonly<Record<string, readonly string[]>>;

/** The program with all its commands registered → what can be typed. Hidden commands and options are left out. */
export function completableOf(command: Command, known: KnownValues = {}): Completable {
  const help = command.createHelp();
  return {
    name: command.name(),
    summary: firstSentence(command.summary() || command.description()),
    flags: help.visibleOptions(command).map((option) => flagOf(option, known)),
    words: command.registeredArguments[0]?.argChoices ?? [],
    commands: help.visibleCommands(command).map((each) => completableOf(each, known)),
  };
}

function flagOf(option: Option, known: KnownValues): Flag {
  const names = [option.short, option.long].filter((name): name is string => name !== undefined);
  return {
    names,
    summary: firstSentence(option.description),
    value: option.required || option.optional ? flagValue(option, known) : undefined,
  };
}

function flagValue({ long, argChoices, flags }: Option, known: KnownValues): FlagValue {
  const words = argChoices ?? (long === undefined ? undefined : known[long]);
  if (words !== undefined && words.length > 0) return { kind: 'words', words };
  return /<(path|file|dir|folder)\b/.test(flags) ? { kind: 'file' } : { kind: 'text' };
}

function firstSentence(text: string): string {
  return text.replace(/\s+/g, ' ').split(/[.;](?= |$)/)[0] ?? '';
}
