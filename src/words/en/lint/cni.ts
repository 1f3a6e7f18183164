// Lint's words for what single CNIs do differently, and for the kinds of policies that only some of them know.
import { factText } from './fill.ts';
import type { SomeLintWords } from './words.ts';

export const CNI = {
  'aws-does-not-police-pod': {
    summary: 'a pod to which the AWS VPC CNI does not apply policies',
    messages: {
      alone: {
        text: '`{pod}` has no owner, and older versions of the AWS VPC CNI do not apply policies to such pods',
        hint: 'run it in a Deployment',
      },
      fargate: { text: '`{pod}` runs on Fargate, where the AWS VPC CNI does not apply policies', hint: 'use security groups for pods' },
      windows: {
        text: '`{pod}` runs on Windows, where the AWS VPC CNI does not apply policies',
        hint: 'run it on a Linux node if policies must apply',
      },
    },
  },
  'aws-service-not-opened': {
    summary: 'an egress peer that the AWS VPC CNI does not open through the Service address',
    messages: {
      labels: {
        text: '{peer} requires `{labels}`, but Service `{service}` does not select by that; on this CNI the pods are reachable by their own addresses but not through the Service',
        hint: 'select the peer by the labels that the Service selects by ({selector})',
      },
      ports: {
        text: '{peer} opens {target}, but Service `{service}` listens on {port}, and this CNI checks the rule against the Service port',
        hint: 'use the same port for the Service and the container, or open both',
      },
    },
  },
  'aws-too-many-ports': {
    summary: 'more than 24 ports to one peer on the AWS VPC CNI',
    messages: {
      tooMany: {
        text: '`{pod}` has policies that open {count} ports and protocols to one peer, but the AWS VPC CNI keeps 24 and silently denies the rest',
        hint: 'combine them into ranges with endPort; several policies for the same addresses add up',
      },
    },
  },
  'azure-npm-limit': {
    summary: 'more than Azure NPM supports',
    messages: {
      size: { text: 'Azure NPM supports up to {limit} {what}, and there are {count}', hint: 'move to Azure CNI powered by Cilium' },
      blocks: {
        text: '`{policy}` has {count} ipBlocks, but Azure NPM is meant for at most 4 in a policy',
        hint: 'combine neighboring blocks',
      },
      ipv6: { text: '`{policy}` lists IPv6 addresses, which Azure NPM does not support', hint: 'move to Azure CNI powered by Cilium' },
    },
  },
  'calico-deny-without-pass': {
    summary: 'a Calico policy that only denies, in a tier that denies everything else at its end',
    messages: {
      everything: {
        text: '`{policy}` only denies for {direction}, but tier {tier} ends in Deny for the pods it selects, so everything else is denied as well',
        hint: 'add a last rule with action: Pass, or set defaultAction: Pass on the tier',
      },
    },
  },
  'calico-types-left-out': {
    summary: 'a Calico policy with only egress rules and no types, which leaves ingress open or, in CRD form, denied',
    messages: {
      egressOnly: {
        text: '{kind} `{policy}` has egress rules and no types, so Calico defaults to [Egress] and leaves ingress open; a NetworkPolicy would isolate both',
        hint: 'write types: [Egress], or [Ingress, Egress] to deny ingress',
      },
      storedWithoutTypes: {
        text: '{kind} `{policy}` has egress rules and no types: written directly as crd.projectcalico.org/v1 it also denies ingress, but through Calico’s API it would default to [Egress]',
        hint: 'write types: [Egress], or [Ingress, Egress] to deny ingress',
      },
    },
  },
  'cilium-deny-isolates': {
    summary: 'a Cilium policy that only denies, and so isolates the direction for everyone',
    messages: {
      isolates: {
        text: '`{policy}` only denies for {direction}, but that also isolates the pods, so only what other policies allow gets through',
        hint: 'add enableDefaultDeny: { {direction}: false } to deny just these connections',
      },
    },
  },
  'cilium-label-not-in-identity': {
    summary: 'a selector of a Cilium policy on a label that Cilium keeps out of identities',
    messages: {
      unseen: {
        text: '`{policy}` selects by {key}, which Cilium keeps out of identities, so selectors treat it as absent everywhere',
        hint: 'select by a label of your own, or add it to the agent’s --labels',
      },
    },
  },
  'cilium-names-without-dns-rule': {
    summary: 'toFQDNs without a rule that sends DNS through Cilium’s proxy',
    messages: {
      unlearnt: {
        text: '`{policy}` {name} names hosts, but no Cilium policy in the input has a DNS rule, so Cilium never learns an address and allows nothing',
        hint: 'allow the resolver on port 53 with rules: { dns: [{ matchPattern: "*" }] }',
      },
    },
  },
  'cilium-ports-for-everyone': {
    summary: 'a rule of a Cilium policy with ports but no peer, which allows everyone',
    messages: {
      noPeer: {
        text: '`{policy}` {name} has toPorts but no peer, so it allows everyone on these ports, including outside addresses and nodes',
        hint: 'name the peers, or write {all} if everyone is meant',
      },
      noService: {
        text: '`{policy}` {name} names Services that are not in the input; with toPorts, Cilium then opens these ports to every destination',
        hint: 'correct the name or namespace of the Service, or select its pods with toEndpoints',
      },
    },
  },
  'cni-agent-unhealthy': {
    summary: 'the agent that enforces policies is not ready everywhere',
    messages: {
      nodes: {
        text: '`{agent}` is not ready on {nodes}, so policies there may be out of date and new pods may have none',
        hint: 'check kubectl -n {namespace} get pods -o wide; failures on only some nodes look like this',
      },
      count: {
        text: '`{agent}` is ready on {ready} of {wanted} nodes; on the others policies may be out of date or missing',
        hint: 'check kubectl -n {namespace} get pods -o wide',
      },
    },
  },
  'empty-rule-denies-on-cilium': {
    summary: 'an empty rule of a Cilium policy, which admits nothing',
    messages: {
      nobody: {
        text: '`{policy}` {name} is an empty rule, which on Cilium isolates the pods and admits nothing; in a NetworkPolicy `{}` allows everything',
        hint: 'write {all} to allow everyone',
      },
    },
  },
  'end-port-unsupported': {
    summary: 'endPort on a CNI that does not support it',
    messages: {
      firstOnly: { text: '{cni} does not support endPort, so only {from} of {from}-{to} is open', hint: 'list the ports one by one' },
    },
  },
  'kube-router-except-cuts-others': {
    summary: 'an except that kube-router also applies to the other blocks of its rule',
    messages: {
      cut: {
        text: '`{policy}` {name} allows {other} and excludes {hole} from {cidr}, but kube-router puts both in one set, so the exclusion also applies to {other}',
        hint: 'move the block with the except into a rule of its own',
      },
    },
  },
  'kube-router-opens-both-ways': {
    summary: 'a policy for both directions where kube-router lets the rules of one open the other',
    messages: {
      leak: {
        text: '`{policy}` has both types and selects both ends, and kube-router keeps its rules in one chain, so {from} reaches {to} on {port}/{protocol} although the policies deny it',
        hint: 'split the policy by direction, one with [Ingress] and one with [Egress]; the API meaning stays the same',
      },
    },
  },
  'kube-router-opens-every-port': {
    summary: 'a rule with port names that no pod declares, which kube-router opens on every port',
    messages: {
      unresolved: {
        text: '`{policy}` {name} has only port names that none of the pods declares ({ports}): by the API it admits nothing, but kube-router opens every port and protocol to its peers',
        hint: 'use a port name that a selected container declares, write the number, or delete the rule',
      },
    },
  },
  'kube-router-opens-name-to-everyone': {
    summary: 'an egress rule with a port name and no peer, which kube-router opens to every destination',
    messages: {
      everyone: {
        text: '`{policy}` {name} opens port `{port}` without a peer: by the API it matches pods that declare it, but kube-router opens its numbers in namespace `{namespace}` to every destination, the internet too',
        hint: 'name the peers (`to: [{namespaceSelector: {}}]` matches the same pods), or write the number',
      },
    },
  },
  'nobody-enforces': {
    summary: 'policies on a CNI that does not enforce them',
    messages: {
      inert: {
        text: '{cni} does not enforce NetworkPolicies, so {policies:policy} in this input {policies?does|do} nothing',
        hint: 'run a policy engine (Calico, Cilium, kube-network-policies), or name your CNI with --cni; the API server accepts policies either way',
      },
    },
  },
  'second-network-unprotected': {
    summary: 'an isolated pod with a second network that policies do not cover',
    messages: {
      second: {
        text: '`{pod}` is isolated but has more networks ({networks}), and NetworkPolicies cover only its first interface',
        hint: 'use MultiNetworkPolicy for the others',
      },
    },
  },
  'starts-unprotected': {
    summary: 'isolated pods with Secrets on a CNI where a new pod starts open',
    messages: {
      window: {
        text: '{pods} in `{namespace}` {pods?holds|hold} Secrets and {pods?is|are} isolated, but on {cni} a new pod is open until its policies arrive',
        hint: ({ facts }) =>
          factText(facts.advice) === ''
            ? 'let the application itself refuse strangers; a readiness gate does not help'
            : `set ${factText(facts.advice)} on the agent, which starts pods isolated`,
      },
    },
  },
} satisfies SomeLintWords;

export const ADMIN = {
  'admin-deny-shuts-dns': {
    summary: 'a cluster-wide deny that cuts its pods off from DNS',
    messages: {
      dns: {
        text: '`{policy}` {name} denies all egress of {pods}, and no earlier rule accepts DNS, so names do not resolve whatever NetworkPolicies allow',
        hint: 'accept or pass UDP and TCP 53 to the DNS pods before it, in this policy or one with a lower priority number',
      },
    },
  },
  'admin-networks-catch-pods': {
    summary: 'a deny for all addresses that also matches the pods of the cluster',
    messages: {
      podsToo: {
        text: '`{policy}` {name} denies every address, including those of pods, so its pods cannot reach any other pod',
        hint: 'add a rule before it with action Pass and to: [{ namespaces: {} }]',
      },
    },
  },
  'admin-pass-into-nothing': {
    summary: 'a Pass rule behind which nothing restricts the pods, so that it opens them',
    messages: {
      opens: {
        text: '`{policy}` {name} passes on traffic of {pods}, but no NetworkPolicy and no baseline policy restricts their {direction}, so everything it passes is allowed',
        hint: 'write a NetworkPolicy or a rule of the baseline tier for these pods, or say Accept if that is what you want',
      },
    },
  },
  'admin-policy-not-supported': {
    summary: 'a cluster-wide policy that the CNI does not support, or with the wrong name',
    messages: {
      unknownToCni: {
        text: '{kind} `{policy}` does nothing, because {cni} does not support this kind',
        hint: 'use a kind that this CNI supports, or NetworkPolicies',
      },
      notDefault: {
        text: 'BaselineAdminNetworkPolicy `{policy}` must be named `default`, or the API server rejects it',
        hint: 'rename it to `default`',
      },
    },
  },
  'admin-policy-out-of-date': {
    summary: 'a v1alpha1 admin policy, a kind that is being replaced',
    messages: {
      replaced: {
        text: '{kind} `{policy}` uses {version}, which newer installations replace with ClusterNetworkPolicy (v1alpha2)',
        hint: 'rewrite it as a ClusterNetworkPolicy with tier {tier}; it takes 25 rules per policy instead of 100',
      },
    },
  },
  'admin-port-matches-nothing': {
    summary: 'a port in a v1alpha1 admin policy that the API server accepts although it matches nothing',
    messages: {
      reversed: {
        text: '`{policy}` {name} has a port range from {start} to {end}, which matches no port',
        hint: 'write the lower number as `start`; until then the rule does nothing on these ports',
      },
      protocol: {
        text: '`{policy}` {name} names the protocol `{protocol}`, which matches no traffic',
        hint: 'write TCP, UDP or SCTP in capital letters; until then the rule does nothing on this port',
      },
    },
  },
  'admin-rule-never-reached': {
    summary:
      'a rule of a cluster-wide policy behind another one, or behind a policy asked earlier, that already decides everything it could',
    messages: {
      behind: {
        text: '`{policy}` {name} is never reached, because {other} decides the same connections and the first matching rule is final',
        hint: 'move it before {other}, or remove it',
      },
      elsewhere: {
        text: '`{policy}` {name} is never reached, because `{other}` {otherName} (priority {priority}) is asked first and decides the same connections of the same pods',
        hint: 'remove it, or give `{policy}` a lower priority number than {priority}',
      },
    },
  },
  'priority-taken-twice': {
    summary: 'two cluster-wide policies of the same priority that treat the same pods differently',
    messages: {
      tie: {
        text: '`{policy}` and `{other}` both have priority {priority} in tier {tier} and treat {pod} differently; which one applies first is not defined',
        hint: 'give one of them another priority; the lower number applies first',
      },
    },
  },
} satisfies SomeLintWords;
