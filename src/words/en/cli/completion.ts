// The help of `completion`.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Print a completion script for bash, zsh or fish, or for `kubectl netverdict`.',
  shell: 'shell to complete for',
  after: afterHelp({
    examples: [
      'source <(netverdict completion bash)',
      `netverdict completion zsh > "\${fpath[1]}/_netverdict"`,
      'netverdict completion fish | source',
      'netverdict completion kubectl > ~/bin/kubectl_complete-netverdict && chmod +x ~/bin/kubectl_complete-netverdict',
    ],
  }),
} as const;

/** The first line of each script. */
export const SCRIPT_COMMENTS = {
  bash: (name: string) => `bash completion for ${name}: source <(${name} completion bash)`,
  zsh: (name: string) => `zsh completion for ${name}: source <(${name} completion zsh)`,
  fish: (name: string) => `fish completion for ${name}: ${name} completion fish | source`,
  kubectl: (name: string) => `completion for kubectl ${name}: save as an executable file kubectl_complete-${name} on PATH`,
} as const;
