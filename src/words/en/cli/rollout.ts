// The help of `rollout`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description:
    'Find an order in which a change can be applied, so that no connection that is allowed before and after is cut on the way, and none that is denied before and after opens.',
  script: 'script: a shell script of kubectl lines; argocd: sync-wave annotations as kustomize patches',
  after: afterHelp({
    notes: `Name two states as for diff: folders, files, globs, or - for standard input; or --git with paths; or --cluster or --cluster-file with the files
to apply. Objects of a wave can be applied in any order. Where no order is safe, temporary policies are proposed that make one. As with
kubectl apply, files that are applied to a cluster delete nothing.`,
    examples: [
      'netverdict rollout old/ new/',
      'netverdict rollout --git main k8s/ --cni calico',
      'netverdict rollout --cluster k8s/ -o script > rollout.sh',
      'netverdict rollout --git main k8s/ -o argocd > sync-waves.yaml',
    ],
    exitCodes: `0 there is such an order, 1 there is none, none is proved, or it needs a temporary policy, ${CANNOT_ANSWER}.`,
  }),
} as const;
