// The help of `map`.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'List every allowed connection between workloads, the outside and ingress controllers.',
  focus: 'show only connections of this workload, pod or namespace (ns/NAME); repeatable',
  direction: 'with --focus: only connections into it (ingress) or out of it (egress)',
  port: 'show only connections on this port, such as 8080/tcp or 53/udp',
  from: 'show what this end (a workload, pod, ns/NAME or internet) can reach, hop by hop',
  hops: 'with --from: maximum number of hops (default: 3)',
  pods: 'one line per pod instead of per workload',
  posture: 'show counts instead of connections: policies by kind, isolation and default-deny by namespace, and access to marked workloads',
  exposure: 'also show what else could connect: namespaces and pods that are not in the input, and the internet',
  after: afterHelp({
    examples: [
      'netverdict map -f k8s/',
      'netverdict map -f k8s/ --focus payments/postgres --direction ingress',
      'netverdict map -f k8s/ --port 5432/tcp -o md',
      'netverdict map -f k8s/ --cni flannel..calico',
      'netverdict map -f k8s/ -o mermaid > map.mmd',
      'netverdict map -f k8s/ -o svg > map.svg',
      `netverdict map -f cluster.json -o json | jq '.connections[] | select(.to | startswith("payments/"))'`,
      'netverdict map -f k8s/ --from web/frontend --hops 2',
      'netverdict map -f k8s/ --exposure',
      'netverdict map -f k8s/ --focus ns/payments',
      'netverdict map -f k8s/ --posture -o md',
    ],
    exitCodes: `0 printed, ${CANNOT_ANSWER}.`,
  }),
} as const;
