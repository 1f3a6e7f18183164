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
  expect: 'make an HTTP GET request and expect this status, e.g. 200; the path is that of a URL, else /',
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
      'netverdict probe web/frontend http://api-server.payments/health --expect 200',
    ],
    exitCodes: '0 answered (as expected), 1 not answered or another status, 2 could not be tried.',
  }),
} as const;
