// The command that a person copies to go on from an answer: with the input that the answer was made from.
import type { InputOptions } from './input.ts';

/** `netverdict fix -f k8s web/frontend payments/svc/api-server:8080`, ready for a shell. */
export function fixCommandLine(options: InputOptions, from: string, to: string, deny = false): string {
  const flags = [
    ...(options.file ?? []).flatMap((path) => ['-f', path]),
    ...clusterFlags(options),
    ...(options.namespace === undefined || options.namespace === 'default' ? [] : ['-n', options.namespace]),
    ...(options.cni === undefined || options.cni === 'kubernetes' ? [] : ['--cni', options.cni]),
    ...(options.profiles === undefined ? [] : ['--profiles', options.profiles]),
    ...(deny ? ['--deny'] : []),
  ];
  return ['netverdict', 'fix', ...flags, from, to].map(forShell).join(' ');
}

/** The same cluster, asked as the same user. */
function clusterFlags({ cluster, context, kubeconfig, as, asGroup = [] }: InputOptions): readonly string[] {
  return [
    ...(cluster === true ? ['--cluster'] : []),
    ...(context === undefined ? [] : ['--context', context]),
    ...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]),
    ...(as === undefined ? [] : ['--as', as]),
    ...asGroup.flatMap((group) => ['--as-group', group]),
  ];
}

function forShell(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
