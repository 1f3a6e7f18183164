// The parts that the help of every command has, and the options that many commands share. As other tools describe them.

/** Headings of option groups, in the order of the help: a command's own options come first. */
export const GROUPS = { own: 'Options:', input: 'Input:', cluster: 'Live cluster:', output: 'Output:' } as const;

/** What follows the options: notes, examples without their `$ `, and exit codes. Begins with an empty line, ends without a line break. */
export function afterHelp(parts: { readonly notes?: string; readonly examples: readonly string[]; readonly exitCodes?: string }): string {
  const { notes, examples, exitCodes } = parts;
  return [
    ...(notes === undefined ? [] : [notes]),
    `Examples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`,
    ...(exitCodes === undefined ? [] : [`Exit codes: ${exitCodes}`]),
  ]
    .map((part) => `\n${part}`)
    .join('\n');
}

export const INPUT = {
  file: 'manifests to read: a file, a folder, a glob, an archive, or - for standard input; repeatable',
  kustomize: 'render this folder with kubectl or kustomize and read the result; repeatable',
  helm: 'render this chart with helm and read the result; repeatable',
  values: 'values file for --helm; repeatable',
  namespace: "default namespace for names and objects without one (default: the context's, else default)",
  cni: 'CNI profile: calico, cilium, k3s, …, or auto to detect it from the objects (default: kubernetes; auto for a live cluster)',
  profiles: 'file with CNI profiles of your own, or corrections to the built-in ones (YAML)',
  strict: 'exit with code 2 if there is any problem with the input',
} as const;

export const CLUSTER = {
  cluster: 'read the live cluster of the current kubeconfig context',
  context: 'kubeconfig context to use',
  kubeconfig: 'kubeconfig file to use (default: KUBECONFIG, else ~/.kube/config)',
  as: 'user to impersonate',
  asGroup: 'group to impersonate, with --as; repeatable',
  requestTimeout: 'how long to wait for the API server to answer',
} as const;

export const OUTPUT = {
  format: 'output format',
  color: 'use colors: auto, always or never',
  quiet: 'print only the answer',
  verbose: 'print more detail, such as objects that were skipped',
  help: 'show this help',
} as const;

/** What a bare number of an exit code means where a command has nothing of its own to say. */
export const CANNOT_ANSWER = '2 no answer';
