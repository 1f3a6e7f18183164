// The help of `prove`.
import { afterHelp } from './help.ts';

export const HELP = {
  description: 'Check every verdict with real packets on a real kernel. Needs no cluster, no containers and no root.',
  tier: 'flat: one namespace for all pods, fast; netns: one namespace per pod, with node routers and Services',
  rules: 'form of the compiled rules to prove',
  allPairs: 'test every pair of pods, instead of one pair for each two groups that policies can tell apart',
  sample: 'test at most this many connections, spread evenly',
  faithful: 'drop denied packets silently, as most CNIs do, instead of answering them; slower',
  positive: 'must be a whole number of 1 or more',
  after: afterHelp({
    notes: `Pods become addresses in a network namespace of this machine, policies become nftables rules, and connections are made between the pods:
TCP, UDP and SCTP over IPv4 and IPv6, including addresses outside the cluster. What the kernel does is compared with the verdicts.
Needs Linux with nftables, iproute2 and util-linux, and permission to create a user namespace (or root).`,
    examples: [
      'netverdict prove -f k8s/',
      'netverdict prove -f k8s/ --cni cilium -o json',
      'netverdict prove -f k8s/ --all-pairs --sample 5000 -o junit > proof.xml',
    ],
    exitCodes: '0 all agree, 1 a verdict differs, 2 no proof, or not for every connection.',
  }),
} as const;
