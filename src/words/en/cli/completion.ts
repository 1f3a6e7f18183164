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
