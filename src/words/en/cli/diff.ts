// The help of `diff`, and its notes on standard error.
import { didYouMean } from '../said.ts';
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Show which connections a change to manifests opens and closes, what it leaves unprotected, and which line is responsible.',
  git: 'compare with this revision: main, HEAD~1, main..feature, main...HEAD (since they diverged)',
  staged: 'show what enforcing Calico’s staged policies would open and close',
  render: 'in each state, use what this command prints, such as "kustomize build ."',
  failOn: (kinds: string) => `exit with code 1 for any of ${kinds}`,
  noNewAccess: 'exit with code 1 if the change may open a connection between any pods, existing or not created yet',
  noPublicAccess: 'exit with code 1 if the change may open a connection from or to addresses outside, for any pod',
  inOrder:
    'say what is cut or opened on the way, applied in this order, and exit with code 1 if anything is: files (by name, as kubectl apply -f reads a folder), or sync-waves (of Argo CD)',
  file: 'objects that are the same in both states, such as a dump of the cluster; repeatable',
  clusterFile: 'snapshot or dump to use as the cluster that the files are applied to',
  namespace: "default namespace for objects without one (default: default; with a cluster, the context's)",
  cni: 'CNI profile: calico, cilium, k3s, …, or auto to detect it from the objects (default: kubernetes; auto for a live cluster); calico..cilium compares two CNIs on the same manifests',
  strict: 'exit with code 2 if there is any problem with either state',
  after: afterHelp({
    notes: `Without --git, name two states: folders, files, globs, or - for standard input. With --git, paths limit where to look (default: the
current folder), and the working tree is the new state. With --cluster or --cluster-file, the cluster is the old state, and the new state is
the cluster after kubectl apply of these files. Objects of the files that differ in the cluster or are missing there are listed as drift.
With --staged, name one state (or --cluster, --cluster-file): a staged policy replaces the enforced one of the same name, and
stagedAction: Delete removes it. With --cni A..B, name one state: what a move from CNI A to CNI B opens and closes with the same manifests.`,
    examples: [
      'netverdict diff old/ new/',
      'netverdict diff --git main k8s/',
      'netverdict diff --git main --no-new-access --no-public-access k8s/',
      'netverdict diff --git main --in-order files k8s/',
      'netverdict diff --cluster k8s/',
      'netverdict diff --cluster-file prod-snapshot.json k8s/ --fail-on opened',
      'netverdict diff --git origin/main...HEAD -o md k8s/ > comment.md',
      'netverdict diff --git main --render "kustomize build overlays/prod" --fail-on opened,isolation-lost',
      'netverdict diff --staged --cluster',
      'netverdict diff --cni calico..cilium k8s/',
      'helm template chart/ | netverdict diff deployed.yaml -',
      'netverdict diff --git main policies/ -f cluster.json --cni calico -o sarif > changes.sarif',
    ],
    exitCodes: `0 no change listed in --fail-on and no access that was ruled out, 1 such a change or an order (--in-order) that is not safe, ${CANNOT_ANSWER}.`,
  }),
} as const;

export const notEnforced = (profile: string) => `${profile} does not enforce NetworkPolicies, so changing a policy changes no connection`;

export const emptyState = (name: string, change: 'new' | 'gone') =>
  `\`${name}\` has no Kubernetes objects, so everything counts as ${change}`;

/** Above the problems that only the old state has. */
export const problemsIn = (state: string) => `in ${state}:`;

/** `--fail-on opend`. */
export function unknownKindWords(word: string, kinds: readonly string[], near: readonly string[]): string {
  const hint = didYouMean(near);
  return `\`${word}\` is not one of ${kinds.join(', ')}${hint === undefined ? '' : `; ${hint}`}`;
}
