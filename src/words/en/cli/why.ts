// The help of `why`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description:
    'Explain why a connection is allowed or denied: the policies that decide it, the rule that nearly matches, and what differs.',
  symptom: 'what the client sees; the answer says whether the verdict explains it',
  watch: 'watch a live cluster, and redraw the answer whenever it changes',
  after: afterHelp({
    notes: `<from> and <to> are [namespace/][kind/]name[:port][/udp], an address, a CIDR, internet, node/NAME, kubelet, or whatever the application
connects to or logs: a URL, a connection string, "dial tcp 10.0.0.7:8080: i/o timeout". Labels name a pod that does not exist yet:
[namespace/]key=value[,key=value][:port]. <to>/icmp asks about a ping, <to>/icmp/3 about another type of message.`,
    examples: [
      'netverdict why -f k8s/ web/frontend payments/svc/api-server:80',
      'netverdict why -f k8s/ web/frontend http://api-server.payments.svc.cluster.local/health',
      'netverdict why -f k8s/ --cni calico payments/api-server 203.0.113.7:443',
      'netverdict why -f k8s/ --cni calico..cilium payments/api-server 10.1.2.6:7070',
      'netverdict why -f k8s/ internet web/frontend:8080 -o json',
      'netverdict why -f k8s/ web/frontend payments/svc/api-server:80 -o svg > path.svg',
      'netverdict why -f k8s/ web/app=frontend,tier=edge payments/api-server:8080',
      'netverdict why -f k8s/ web/frontend api-server.payments:80 --symptom timeout',
      'netverdict why -f k8s/ web/frontend payments/api-server/icmp',
      'netverdict why --context prod web/frontend payments/svc/api-server:80 --watch',
    ],
    exitCodes: `0 allowed, 1 denied, partial, broken or undecided, ${CANNOT_ANSWER}.`,
  }),
} as const;
