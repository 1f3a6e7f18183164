// The help of `lab` and its commands.
import { afterHelp, CANNOT_ANSWER } from './help.ts';

export const HELP = {
  description: 'Run a cluster of network namespaces on this machine, with real packets and real DNS, and change policies while it runs.',
  name: 'name of the lab, if there are several',
  seconds: 'must be a number of seconds, at most 300',
  after: afterHelp({
    notes: `Needs Linux with nftables, iproute2 and util-linux, and permission to create a user namespace (or root). No packet leaves the lab.`,
    examples: [
      'netverdict lab up -f k8s/',
      'netverdict lab exec web/frontend -- curl -sS http://api.payments:8080',
      'netverdict lab apply -f default-deny.yaml',
      'netverdict lab probe web/frontend payments/svc/api:8080',
      'netverdict lab down',
    ],
    exitCodes: `0 done or answered, 1 not answered, ${CANNOT_ANSWER}.`,
  }),
  up: {
    description: 'Start a lab: a namespace per pod, a router per node, DNS, Services, and a server on every declared port.',
    faithful: 'drop denied packets silently, as most CNIs do, instead of answering them',
    after: afterHelp({
      notes: `The lab stays up until \`lab down\`. Pods and Services without an address in the input get one, DNS resolves their names, and every server
answers with its name.`,
      examples: [
        'netverdict lab up -f k8s/',
        'netverdict lab up -f k8s/ --cni cilium --name cilium',
        'netverdict lab up -f k8s/ --faithful',
      ],
    }),
  },
  exec: {
    description: "Run a program of this machine in a pod's network, with its resolv.conf.",
    after: afterHelp({
      notes: "Programs and files are this machine's, except /etc/resolv.conf and /etc/hosts. Without a command, a shell is started.",
      examples: [
        'netverdict lab exec web/frontend -- curl -sS http://api.payments:8080',
        'netverdict lab exec web/frontend -- getent hosts api.payments',
        'netverdict lab exec web/frontend',
      ],
    }),
  },
  probe: {
    description: 'Make one connection, and compare the result with the verdict.',
    timeout: 'how long to wait for an answer',
    hold: 'keep the TCP connection open; `lab status` shows what becomes of it',
    after: afterHelp({
      examples: [
        'netverdict lab probe web/frontend http://api.payments:8080',
        'netverdict lab probe web/frontend payments/svc/api:8080 --hold',
        'netverdict lab probe node/worker-1 payments/api-server:8080',
        'netverdict lab probe internet web/frontend:8080',
        'netverdict lab probe web/frontend 203.0.113.7:443',
      ],
      exitCodes: `0 answered, 1 not answered, ${CANNOT_ANSWER}.`,
    }),
  },
  apply: {
    description: 'Apply policies, labels and Services to the running lab, while connections are open.',
    after: afterHelp({
      examples: [
        'netverdict lab apply -f default-deny.yaml',
        'kubectl label --local -f ns.yaml team=web -o yaml | netverdict lab apply -f -',
      ],
    }),
  },
  delete: {
    description: 'Delete policies, labels and Services from the running lab, while connections are open.',
    after: afterHelp({ examples: ['netverdict lab delete -f default-deny.yaml'] }),
  },
  status: {
    description: 'Show the pods with their addresses, the policies in force, and the state of held connections.',
    after: afterHelp({ examples: ['netverdict lab status', 'netverdict lab status -o json'] }),
  },
  down: {
    description: 'Stop a lab and remove everything it created.',
    after: afterHelp({ examples: ['netverdict lab down', 'netverdict lab down --name cilium'] }),
    done: 'the lab is down',
  },
} as const;
