// The help of `probe`.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Make a real connection from the source pod of a live cluster, and compare the result with the verdict.',
  namespace: "default namespace for names without one (default: the context's)",
  cni: 'CNI profile, or auto to detect it from the cluster',
  exec: "use a tool from the pod's own image instead of a debug container",
  throwaway: "create a new pod with the source's labels, service account and node",
  image: 'image for the debug container or pod; needs sh and one of bash, agnhost, nc, python3, curl',
  container: 'with --exec: container of the pod to use',
  payload: 'data to send over UDP (default for port 53: a DNS query)',
  timeout: 'how long to wait for the connection',
  noControl: 'if the source gets no answer, do not test whether the destination answers itself',
  yes: 'create what is needed without asking',
  dryRun: 'print what would be created, and do nothing',
  after: afterHelp({
    notes: `A debug container shares the pod's network, so labels, service account and address are the pod's own. Kubernetes cannot remove it again:
it stays listed in the pod, ended, until the pod is replaced. --exec leaves nothing behind; --throwaway removes its pod, also after Ctrl-C.`,
    examples: [
      'netverdict probe web/frontend payments/svc/api-server:8080',
      'netverdict probe web/frontend kube-system/svc/kube-dns:53/udp --exec',
      'netverdict probe web/frontend 203.0.113.7:443 --throwaway --yes -o json',
    ],
    exitCodes: '0 answered, 1 not answered, 2 could not be tried.',
  }),
} as const;
