// Completion scripts: the same words said to bash, zsh, fish, and to kubectl for its plugins. They are complete in themselves:
// pressing TAB starts no program.

import { SCRIPT_COMMENTS } from '../words/en/cli/completion.ts';
import type { Completable, Flag } from './completion-words.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'kubectl'] as const;
export type Shell = (typeof SHELLS)[number];

/** `completionScript('bash', completableOf(program))` → a script to be sourced. */
export function completionScript(shell: Shell, program: Completable): string {
  return { bash, zsh, fish, kubectl }[shell](program);
}

/** For shells: in single quotes, nothing means anything. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const names = (flags: readonly Flag[]): readonly string[] => flags.flatMap((flag) => flag.names);
const join = (words: readonly string[]): string => words.join(' ');

/** Which flag's value is being typed → what it can be; one `case` line a flag. */
function valueCases(flags: readonly Flag[], words: (list: readonly string[]) => string, file: string): string {
  return flags
    .flatMap(({ names: of, value }) =>
      value === undefined
        ? []
        : [`      ${of.join('|')}) ${value.kind === 'words' ? words(value.words) : value.kind === 'file' ? file : ':'}; return ;;`],
    )
    .join('\n');
}

function bash(program: Completable): string {
  const commands = program.commands.map(
    (command) => `    ${command.name})
      case $previous in
${valueCases(command.flags, (words) => `COMPREPLY=($(compgen -W ${quoted(join(words))} -- "$current"))`, 'COMPREPLY=($(compgen -f -- "$current"))')}
      esac
      COMPREPLY=($(compgen -W ${quoted(join([...command.words, ...names(command.flags)]))} -- "$current")) ;;`,
  );
  return `# ${SCRIPT_COMMENTS.bash(program.name)}
_${program.name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*) ;; *) command=$word; break ;; esac
  done
  case $command in
${commands.join('\n')}
    *) COMPREPLY=($(compgen -W ${quoted(join([...program.commands.map(({ name }) => name), ...names(program.flags)]))} -- "$current")) ;;
  esac
}
complete -o default -F _${program.name} ${program.name} kubectl-${program.name}
`;
}

/** In zsh's own descriptions a colon and brackets mean something. */
const zshText = (text: string): string => text.replaceAll(/[:[\]\\]/g, (found) => `\\${found}`);

function zshFlags(flags: readonly Flag[]): readonly string[] {
  return flags.flatMap(({ names: of, summary, value }) => {
    const action =
      value === undefined
        ? ''
        : value.kind === 'words'
          ? `:value:(${value.words.join(' ')})`
          : value.kind === 'file'
            ? ':file:_files'
            : ':value:';
    return of.map((name) => `'*${name}[${zshText(summary).replaceAll("'", "'\\''")}]${action}'`);
  });
}

function zsh(program: Completable): string {
  const list = program.commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n');
  const cases = program.commands.map(({ name, flags, words }) => {
    const rest = words.length > 0 ? `'*:argument:(${words.join(' ')})'` : `'*::argument:_files'`;
    return `    ${name}) _arguments ${[...zshFlags(flags), rest].join(' \\\n      ')} ;;`;
  });
  return `#compdef ${program.name} kubectl-${program.name}
# ${SCRIPT_COMMENTS.zsh(program.name)}
_${program.name}() {
  local -a commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
compdef _${program.name} ${program.name} kubectl-${program.name} 2>/dev/null
`;
}

function fish(program: Completable): string {
  const complete = (condition: string, rest: string) => `complete -c ${program.name} -n ${quoted(condition)} ${rest}`;
  const flagsOf = (condition: string, flags: readonly Flag[]) =>
    flags.map(({ names: of, summary, value }) => {
      const keys = of.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)).join(' ');
      const takes =
        value === undefined
          ? ''
          : value.kind === 'words'
            ? ` -x -a ${quoted(join(value.words))}`
            : value.kind === 'file'
              ? ' -r -F'
              : ' -x';
      return complete(condition, `${keys}${takes} -d ${quoted(summary)}`);
    });
  return [
    `# ${SCRIPT_COMMENTS.fish(program.name)}`,
    `complete -c ${program.name} -f`,
    ...program.commands.map(({ name, summary }) => complete('__fish_use_subcommand', `-a ${name} -d ${quoted(summary)}`)),
    ...flagsOf('__fish_use_subcommand', program.flags),
    ...program.commands.flatMap(({ name, flags, words }) => {
      const condition = `__fish_seen_subcommand_from ${name}`;
      return [...(words.length > 0 ? [complete(condition, `-a ${quoted(join(words))}`)] : []), ...flagsOf(condition, flags)];
    }),
    '',
  ].join('\n');
}

/**
 * Kubernetes: kubectl calls `kubectl_complete-PLUGIN` with the words that were typed, the last one unfinished, and reads what cobra writes:
 * one candidate a line, then `:4`, which means that files are no candidates (`:0`: they are).
 */
function kubectl(program: Completable): string {
  const cases = program.commands.map(
    (command) => `  ${command.name})
    case $previous in
${valueCases(command.flags, (words) => `offer ${quoted(join(words))}`, 'echo :0').replaceAll('return ;;', 'exit ;;')}
    esac
    offer ${quoted(join([...command.words, ...names(command.flags)]))} ;;`,
  );
  return `#!/bin/sh
# ${SCRIPT_COMMENTS.kubectl(program.name)}
command='' previous='' current=''
for word; do
  previous=$current current=$word
  case $command:$word in :-*|:) ;; :*) [ "$#" -gt 1 ] && command=$word ;; esac
done
offer() {
  for candidate in $1; do
    case $candidate in "$current"*) echo "$candidate" ;; esac
  done
  echo :4
}
case $command in
${cases.join('\n')}
  *) offer ${quoted(join([...program.commands.map(({ name }) => name), ...names(program.flags)]))} ;;
esac
`;
}
