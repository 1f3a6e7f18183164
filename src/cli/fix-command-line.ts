// The command that a person copies to go on from an answer: with the input that the answer was made from.
import type { InputOptions } from './input.ts';
import { programName } from './program-name.ts';

export interface FixCommand {
  readonly from: string;
  readonly to: string;
  readonly deny?: boolean;
  /** The context that was read, when it was a cluster: tomorrow another one may be the current one. */
  readonly context?: string | undefined;
}

/** `netverdict fix -f k8s web/frontend payments/svc/api-server:8080`, ready for a shell. */
export function fixCommandLine(options: InputOptions, { from, to, deny = false, context }: FixCommand): string {
  const { file = [], kustomize = [], helm = [], values = [] } = options;
  const flags = [
    ...file.flatMap((path) => ['-f', path]),
    ...kustomize.flatMap((folder) => ['-k', folder]),
    ...helm.flatMap((chart) => ['--helm', chart]),
    ...values.flatMap((path) => ['--values', path]),
    ...clusterFlags({ ...options, ...(context === undefined ? {} : { context }) }),
    ...(options.namespace === undefined || options.namespace === 'default' ? [] : ['-n', options.namespace]),
    ...(options.cni === undefined || options.cni === 'kubernetes' ? [] : ['--cni', options.cni]),
    ...(options.profiles === undefined ? [] : ['--profiles', options.profiles]),
    ...(deny ? ['--deny'] : []),
  ];
  return [...programName().split(' '), 'fix', ...flags, from, to].map(forShell).join(' ');
}

/** The same cluster, asked as the same user. */
function clusterFlags({ cluster, context, kubeconfig, as, asGroup = [] }: InputOptions): readonly string[] {
  return [
    // A context means a cluster by itself.
    ...(cluster === true && context === undefined ? ['--cluster'] : []),
    ...(context === undefined ? [] : ['--context', context]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(as === undefined ? [] : ['--as', as]),
    ...asGroup.flatMap((group) => ['--as-group', group]),
  ];
}

function forShell(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
