// The commands in the help of the program: one line each, in groups. Loaded at every start, so it is kept short.

export const COMMAND_GROUPS = {
  ask: 'Ask:',
  check: 'Check:',
  change: 'Change:',
  prove: 'Prove:',
  cluster: 'Cluster:',
  shell: 'Shell:',
} as const;

export const SUMMARIES = {
  why: 'explain why a connection is allowed or denied, and which policy decides it',
  describe: 'explain a policy, or all policies that apply to a pod, in plain English',
  map: 'list every allowed connection between workloads and with the outside',
  serve: 'serve a web page and an HTTP API with paths, the map and findings',
  verdicts: 'answer many questions in one run: JSON lines in, JSON lines out',
  lint: 'find mistakes in policies, and repair them with --fix',
  test: 'check intents: which connections must work, and which must not',
  diff: 'show which connections a change opens and closes',
  fix: 'propose the smallest edits that allow (or deny) a connection',
  baseline: 'generate default-deny, DNS and least-privilege policies from manifests',
  simplify: 'find rules and policies that others imply, and a smaller set proved equal',
  rollout: 'find an order of applying a change that cuts and opens nothing on the way',
  prove: "check verdicts with real packets on this machine's kernel",
  lab: 'run a cluster of network namespaces on this machine, to try policies in',
  demo: 'walk through a sample outage, from the symptom to a proven fix',
  cni: 'show which CNI a cluster runs, and whether it enforces policies',
  probe: 'make a real connection from a live pod, and compare it with the verdict',
  snapshot: 'save what netverdict reads from a cluster to one file, without secrets',
  rbac: 'print the ClusterRole that netverdict needs to read a cluster',
  completion: 'print a completion script for your shell',
} as const;

/** For a command that does not exist; `near`: names like it. */
export function unknownCommand(name: string, near: readonly string[]): { readonly text: string; readonly hint: string } {
  const hint = near.length > 0 ? `did you mean \`${near.join('`, `')}\`?` : 'netverdict --help lists the commands';
  return { text: `unknown command \`${name}\``, hint };
}

export const PROGRAM = {
  description: 'Explain why a Kubernetes connection is denied or allowed, what to change, and what that change opens.',
  defect: 'this is a bug in netverdict; please report it with these lines',
  version: 'show the version',
  help: 'show the help of a command',
  after: `
Examples:
  $ netverdict why -f k8s/ web/frontend payments/svc/api-server:8080
  $ kubectl get all,netpol,ns,endpointslices -A -o yaml | netverdict map -f -
  $ netverdict demo

Exit codes: 0 yes or clean, 1 no or findings, 2 no answer.
Help for one command: netverdict COMMAND --help`,
} as const;
