// Claims about what stands around policies: DNS, nodes, Services, host networks, open connections, and what a client sees.
import { ask, type Claim, control, DNS, denyAll, onCart, peer, pod, policy, SHOP, service } from './claim.ts';

const CART = 'shop/cart:7070';
const ALL_BUT = (...not: readonly string[]) =>
  ['kubernetes', 'calico', 'cilium', 'aws-vpc-cni', 'kube-router', 'ovn-kubernetes', 'antrea'].filter((name) => !not.includes(name));

const frontendMay = (...egress: readonly object[]) =>
  policy('shop/frontend', { podSelector: { matchLabels: { app: 'frontend' } }, policyTypes: ['Egress'], egress });
const toCart = { to: [peer('cart')], ports: [{ port: 7070 }] };
const toDns = (...ports: readonly object[]) => ({
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports,
});

export const SURROUNDINGS: readonly Claim[] = [
  {
    id: 'kubelet-probes-are-blocked',
    claim: "An ingress policy blocks the kubelet's probes, because the node's address is in no allow-list.",
    verdict: 'wrong',
    right: "A pod's own node always gets in. Other nodes do not.",
    objects: [...SHOP, denyAll('shop', 'Ingress')],
    checks: [ask('node/node-1', CART, 'allowed'), ask('node/node-2', CART, 'denied'), control('shop/frontend', CART, 'denied')],
  },
  {
    id: 'node-addresses-as-ipblock',
    claim: 'To let nodes in, allow their addresses with an ipBlock.',
    verdict: 'depends',
    right: "Not needed for a pod's own node. For other nodes it works where an ipBlock means nodes.",
    objects: [...SHOP, onCart({ from: [{ ipBlock: { cidr: '192.168.0.0/24' } }] })],
    checks: [
      ask('node/node-2', CART, {
        allowed: ['calico', 'aws-vpc-cni', 'kube-router', 'antrea'],
        denied: ['cilium'],
        undecided: ['kubernetes', 'ovn-kubernetes'],
      }),
      control('shop/frontend', CART, 'denied'),
    ],
  },
  {
    id: 'dns-by-cluster-ip',
    claim: 'Allow DNS with `ipBlock: 10.96.0.10/32`, the address of kube-dns.',
    verdict: 'depends',
    right: 'Most plugins see the address of the DNS pod, so that the rule never matches.',
    objects: [
      ...SHOP,
      ...DNS,
      // AWS holds the Service's own port against the rules too.
      frontendMay(
        { ...toCart, ports: [{ port: 7070 }, { port: 80 }] },
        {
          to: [{ ipBlock: { cidr: '10.96.0.10/32' } }],
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
      ),
    ],
    checks: [
      ask('shop/frontend', 'http://cart', {
        denied: ALL_BUT('kubernetes', 'aws-vpc-cni'),
        undecided: ['kubernetes'],
        allowed: ['aws-vpc-cni'],
      }),
      control('shop/frontend', CART, 'allowed'),
    ],
  },
  {
    id: 'dns-by-selector',
    claim: 'Allow UDP and TCP 53 to the pods labelled k8s-app=kube-dns in kube-system.',
    verdict: 'true',
    right: 'This is the form that works everywhere where DNS runs in ordinary pods.',
    objects: [...SHOP, ...DNS, frontendMay(toCart, toDns({ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 }))],
    checks: [
      ask('shop/frontend', 'kube-system/coredns:53/udp', 'allowed'),
      ask('shop/frontend', 'kube-system/coredns:53/tcp', 'allowed'),
      control('shop/frontend', 'shop/checkout:8080', 'denied'),
    ],
  },
  {
    id: 'dns-udp-is-enough',
    claim: 'UDP 53 is enough for DNS.',
    verdict: 'depends',
    right: 'Until an answer does not fit into a datagram; then the resolver asks over TCP.',
    objects: [...SHOP, ...DNS, frontendMay(toCart, toDns({ protocol: 'UDP', port: 53 }))],
    checks: [
      ask('shop/frontend', 'kube-system/coredns:53/tcp', 'denied'),
      control('shop/frontend', 'kube-system/coredns:53/udp', 'allowed'),
    ],
  },
  {
    id: 'every-egress-policy-needs-dns',
    claim: 'Every policy with egress rules must contain a rule for DNS.',
    verdict: 'wrong',
    right: 'Policies add up: it is enough that one policy on the pod allows it.',
    objects: [
      ...SHOP,
      ...DNS,
      frontendMay(toCart),
      policy('shop/dns', {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [toDns({ protocol: 'UDP', port: 53 }, { protocol: 'TCP', port: 53 })],
      }),
    ],
    checks: [ask('shop/frontend', 'kube-system/coredns:53/udp', 'allowed'), control('shop/frontend', 'shop/checkout:8080', 'denied')],
  },
  {
    id: 'dns-to-anywhere',
    claim: '`to: []` with UDP 53 allows cluster DNS.',
    verdict: 'depends',
    right: 'It does, and DNS servers anywhere in the internet with it.',
    objects: [...SHOP, ...DNS, frontendMay({ to: [], ports: [{ protocol: 'UDP', port: 53 }] })],
    checks: [
      ask('shop/frontend', 'kube-system/coredns:53/udp', 'allowed'),
      ask('shop/frontend', '203.0.113.53:53/udp', 'allowed'),
      control('shop/frontend', '203.0.113.53:443', 'denied'),
    ],
  },
  {
    id: 'by-address-goes-on',
    claim: 'Under default-deny egress, connections by address go on; only names break.',
    verdict: 'wrong',
    right: 'New connections by address are denied as well. What may go on are connections that were open before.',
    objects: [...SHOP, ...DNS, denyAll('shop', 'Egress')],
    checks: [
      ask('shop/frontend', CART, 'denied'),
      ask('shop/frontend', 'http://cart', 'denied'),
      control('office/frontend', CART, 'allowed'),
    ],
  },
  {
    id: 'kubernetes-default-on-port-80',
    claim: '`wget http://kubernetes.default` failing is the fingerprint of default-deny egress.',
    verdict: 'wrong',
    right: 'That Service has port 443 only; port 80 fails without any policy.',
    objects: [
      ...SHOP,
      ...DNS,
      service('default/kubernetes', { app: 'apiserver' }, [{ name: 'https', port: 443 }]),
      pod('default/apiserver', { app: 'apiserver' }, { ports: [{ containerPort: 443 }] }),
    ],
    checks: [
      ask('shop/frontend', 'http://kubernetes.default', 'broken'),
      control('shop/frontend', 'https://kubernetes.default', 'allowed'),
    ],
  },
  {
    id: 'pods-have-names',
    claim: '`curl http://cart-0:7070` from another namespace finds the pod by its name.',
    verdict: 'wrong',
    right: 'DNS knows Services. A pod without one has no name.',
    objects: [...SHOP, ...DNS, pod('shop/stock', { app: 'stock' }, { ports: [{ containerPort: 7071 }] })],
    checks: [ask('office/frontend', 'http://stock.shop:7071', 'broken'), control('office/frontend', 'http://cart.shop', 'allowed')],
  },
  {
    id: 'denials-are-silent',
    claim: 'A denied packet is dropped silently: the client always sees a timeout, and "refused" is never a policy.',
    verdict: 'depends',
    right: 'Some plugins answer, and the client sees "connection refused" at once.',
    objects: [],
    checks: [
      { kind: 'symptom', expected: { timeout: ALL_BUT('kubernetes', 'kube-router'), refused: ['kube-router'], open: ['kubernetes'] } },
    ],
  },
  {
    id: 'open-connections-survive',
    claim: 'Connections that are open survive a new deny.',
    verdict: 'depends',
    right: 'Where the plugin trusts connection tracking they do; others look again and cut them.',
    objects: [],
    checks: [
      {
        kind: 'cell',
        cell: 'establishedCutOnDeny',
        about: 'an open connection that a new policy denies',
        expected: {
          kept: ['calico', 'aws-vpc-cni', 'kube-router', 'antrea'],
          cut: ['cilium', 'ovn-kubernetes'],
          open: ['kubernetes'],
        },
      },
    ],
  },
  {
    id: 'host-network-pods-are-exempt',
    claim: 'No policy touches a pod in its node’s network.',
    verdict: 'depends',
    right:
      'Nearly always true for what reaches it. What it sends has the address of its node, which no selector means: to pods of other nodes it is denied like any stranger.',
    objects: [
      ...SHOP,
      pod('shop/agent', { app: 'agent' }, { ports: [{ containerPort: 9100 }], more: { hostNetwork: true } }),
      pod('shop/agent-2', { app: 'agent' }, { more: { hostNetwork: true, nodeName: 'node-2' } }),
      policy('shop/agent', { podSelector: { matchLabels: { app: 'agent' } }, policyTypes: ['Ingress'] }),
      onCart({ from: [peer('agent')] }),
    ],
    checks: [
      ask('shop/frontend', 'shop/agent:9100', 'allowed'),
      ask('shop/agent-2', CART, 'denied'),
      control('shop/frontend', CART, 'denied'),
    ],
  },
  {
    id: 'end-port-is-everywhere',
    claim: 'endPort opens a range of ports.',
    verdict: 'true',
    right: 'On every plugin of this list. Weave Net ignores it and opens the first port only.',
    objects: [...SHOP, onCart({ from: [peer('frontend')], ports: [{ port: 7060, endPort: 7070 }] })],
    checks: [ask('shop/frontend', CART, 'allowed'), control('shop/frontend', 'shop/cart:7071', 'denied')],
  },
  {
    id: 'service-without-endpoints',
    claim: 'A timeout or a refusal of a Service is a policy.',
    verdict: 'wrong',
    right: 'A Service whose selector means nobody refuses at once, without any policy.',
    objects: [...SHOP, service('shop/kart', { app: 'kart' }, [{ port: 80 }])],
    checks: [ask('shop/frontend', 'shop/svc/kart:80', 'broken'), control('shop/frontend', 'shop/svc/cart:80', 'allowed')],
  },
];
