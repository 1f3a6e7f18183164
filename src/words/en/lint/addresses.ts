// Lint's words for ipBlocks and addresses, and for peers that the API server rejects.
import type { SomeLintWords } from './words.ts';

export const ADDRESSES = {
  'address-of-a-service': {
    summary: 'an ipBlock for the address of a Service',
    messages: {
      service: {
        text: '`{cidr}` is the address of Service `{service}` ({address}), which never matches, because policies see the pods behind it',
        hint: 'select the pods of the Service by their labels',
      },
      serviceRange: {
        text: '`{cidr}` contains addresses of Services ({service} is {address}) and of no pods, so it never matches; policies see the pods behind them',
        hint: 'select the pods of these Services by their labels',
      },
      usualDns: {
        text: '`{cidr}` is the usual address of the DNS Service, but policies see the DNS pods behind it, and clusters differ in the address',
        hint: 'select the DNS pods: namespace kube-system, k8s-app: kube-dns',
      },
    },
  },
  'cidr-ambiguous': {
    summary: 'a CIDR with host bits, leading zeros or other unusual spelling',
    messages: {
      hostBits: {
        text: '`{cidr}` has host bits set; API servers read it as `{network}`, and newer ones reject it',
        hint: 'write `{network}` for the network, or `{alone}` for the single address',
      },
      oddSpelling: { text: '`{cidr}` is spelled in a way that newer API servers warn about or reject', hint: 'write `{network}`' },
    },
  },
  'cidr-is-bare-address': {
    summary: 'an address without a prefix length where a CIDR is needed',
    messages: {
      noPrefix: {
        text: '`{address}` is an address, not a CIDR, and the API server rejects the policy',
        hint: 'write `{cidr}` for this one address',
      },
    },
  },
  'client-address-hidden': {
    summary: 'an ipBlock for clients behind a Service that hides their addresses',
    messages: {
      hidden: {
        text: '{peer} admits {cidr}, but Service `{service}` ({type}) has externalTrafficPolicy Cluster, so connections arrive from a node’s address',
        hint: 'set externalTrafficPolicy: Local, or filter at the load balancer with loadBalancerSourceRanges',
      },
    },
  },
  'except-outside-block': {
    summary: 'an except that is not part of its cidr',
    messages: {
      outside: {
        text: 'except `{except}` is not inside `{cidr}` and would exclude nothing, so the API server rejects the policy',
        hint: 'remove it, or write a cidr that contains it',
      },
      wholeBlock: {
        text: 'except `{except}` excludes all of `{cidr}`, so the API server rejects the policy',
        hint: 'remove the whole ipBlock if nothing of it is wanted',
      },
    },
  },
  'family-left-out': {
    summary: 'a block for all addresses of one IP family in a cluster with both',
    messages: {
      left: {
        text: '{peer} allows {cidr} only, but this cluster also has IPv{other}, so IPv{other} connections are denied',
        hint: 'add an ipBlock for {twin}',
      },
    },
  },
  'ipblock-beside-selector': {
    summary: 'an ipBlock and a selector in one peer',
    messages: {
      both: {
        text: '`{field}` has both an ipBlock and a selector, and the API server rejects the policy; a peer is either addresses or pods',
        hint: 'write two peers if either may connect; a NetworkPolicy cannot say "these pods, but only from these addresses"',
      },
    },
  },
  'ipblock-for-nodes': {
    summary: 'an ipBlock for nodes on a CNI whose blocks never match nodes, or without their tunnel addresses',
    messages: {
      nodes: {
        text: '{peer} lists node addresses ({cidr}), but on {cni} an ipBlock never matches a node',
        hint: 'use entities (host, remote-node, kube-apiserver) in a CiliumNetworkPolicy, or policyCIDRMatchMode=nodes',
      },
      tunnel: {
        text: '{peer} lists node addresses ({cidr}) but not their tunnel addresses: when {node} sends through its tunnel, pods on other nodes see {tunnel}',
        hint: 'add an ipBlock for the tunnel addresses, unless nothing is tunnelled between the nodes',
      },
    },
  },
  'ipblock-for-pods': {
    summary: 'an ipBlock for pod addresses',
    messages: {
      onePod: {
        text: '{peer} lists the address of a pod ({cidr}), which changes when the pod restarts',
        hint: 'select the pod by its labels',
      },
      noPod: {
        text: '{peer} lists {cidr}, an address in the pod range of {node} that no pod in the input has; any pod on that node may get it',
        hint: 'select the intended pod by its labels, or remove the block',
      },
      podRange: {
        text: '{peer} lists pod addresses ({cidr}), but ipBlock is for addresses outside the cluster, and CNIs differ on whether it matches pods',
        hint: 'select the pods by their labels',
      },
      never: {
        text: '{peer} lists pod addresses ({cidr}), but on {cni} an ipBlock never matches a pod',
        hint: 'select the pods by their labels',
      },
    },
  },
  'ipblock-is-everything': {
    summary: 'a block for all addresses, including the metadata service and private networks',
    messages: {
      metadata: {
        text: '{peer} allows {cidr}, which includes the cloud metadata service (169.254.169.254:80); a pod tricked into fetching a URL can leak credentials',
        hint: 'add `except: [169.254.169.254/32]`, and the private ranges that the pods do not need',
      },
      privateToo: {
        text: '{peer} allows {cidr}, which includes private networks, nodes and pods, not only the internet',
        hint: 'add an except for the private ranges that the pods do not need',
      },
      ingress: {
        text: '{peer} admits {cidr}, which includes every pod and node, not only clients outside the cluster',
        hint: 'exclude the private ranges if only clients outside the cluster are meant',
      },
    },
  },
  'peer-is-host-network': {
    summary: 'a peer that matches only hostNetwork pods',
    messages: {
      never: {
        text: '{peer} matches only {pods}, which {pods?runs|run} with hostNetwork, where selectors do not apply, so it admits nothing',
        hint: 'allow the node addresses with an ipBlock (on Cilium: entities host and remote-node)',
      },
    },
  },
  'peer-says-nothing': {
    summary: 'a peer without podSelector, namespaceSelector or ipBlock',
    messages: {
      empty: {
        text: 'this peer has no podSelector, namespaceSelector or ipBlock, and the API server rejects the policy',
        hint: 'write `podSelector: {}` for every pod in the namespace, or leave the list of peers out for everyone',
      },
      labelsTooHigh: {
        text: '`{key}` is directly in the peer, where it is not a field of the API',
        hint: 'move it under `podSelector` (pods) or `namespaceSelector` (namespaces)',
      },
    },
  },
  'rule-for-kubelet-needless': {
    summary: 'a rule for the nodes so that probes pass, which they do anyway',
    messages: {
      needless: {
        text: '`{policy}` {name} admits the nodes ({cidr}) for probes, but traffic from a pod’s own node is always allowed; this only opens the pods to all other nodes',
        hint: 'remove it; if probes fail, check what their handler calls (DNS, a database)',
      },
    },
  },
  'selects-host-network-pods': {
    summary: 'a policy for hostNetwork pods',
    messages: {
      only: {
        text: '`{policy}` selects only hostNetwork pods ({pods}) and is not enforced, because their traffic is the node’s',
        hint: 'take them off the host network, or use what your CNI has for nodes (host firewall, HostEndpoint, CiliumClusterwideNetworkPolicy)',
      },
      some: {
        text: '`{policy}` also selects hostNetwork pods ({pods}), where it is not enforced',
        hint: 'protect those pods with what your CNI has for nodes',
      },
    },
  },
} satisfies SomeLintWords;
