// Claims about what is written in a policy: peers, rules, types, ports.
import { ask, type Claim, control, denyAll, namespace, onCart, peer, pod, policy, SHOP } from './claim.ts';

const CART = 'shop/cart:7070';
const toCart = { to: [peer('cart')], ports: [{ port: 7070 }] };

export const RULES: readonly Claim[] = [
  {
    id: 'policies-combine-to-what-all-allow',
    claim: 'Only traffic that all policies on a pod allow gets through.',
    verdict: 'wrong',
    right: 'Policies add up, per direction: what one of them allows is allowed. There are no deny rules.',
    objects: [...SHOP, denyAll('shop', 'Ingress'), onCart({ from: [peer('frontend')] })],
    checks: [ask('shop/frontend', CART, 'allowed'), control('shop/checkout', CART, 'denied')],
  },
  {
    id: 'empty-from-denies-everyone',
    claim: '`from: []` denies all, like leaving the clause out.',
    verdict: 'wrong',
    right: 'An empty or absent `from` in a rule means everybody. Nobody is meant by an empty list of rules.',
    objects: [
      ...SHOP,
      onCart({ from: [] }),
      pod('shop/stock', { app: 'stock' }, { ports: [{ containerPort: 7071 }] }),
      policy('shop/stock', { podSelector: { matchLabels: { app: 'stock' } }, policyTypes: ['Ingress'], ingress: [] }),
    ],
    checks: [
      ask('shop/frontend', CART, 'allowed'),
      ask('office/frontend', CART, 'allowed'),
      control('shop/frontend', 'shop/stock:7071', 'denied'),
    ],
  },
  {
    id: 'rule-without-from-denies-everyone',
    claim: 'A rule without `from` under a governed type denies all.',
    verdict: 'wrong',
    right: 'It admits everybody on its ports.',
    objects: [...SHOP, onCart({ ports: [{ port: 7070 }] })],
    checks: [ask('shop/frontend', CART, 'allowed'), control('shop/frontend', 'shop/cart:7071', 'denied')],
  },
  {
    id: 'no-rules-denies-everyone',
    claim: 'A policy of type Ingress without any rule denies all ingress.',
    verdict: 'true',
    right: 'The pods it selects are isolated and no rule lets anybody in.',
    objects: [...SHOP, onCart()],
    checks: [ask('shop/frontend', CART, 'denied'), control('shop/cart', 'office/frontend:80', 'allowed')],
  },
  {
    id: 'ipblock-and-pod-selector-are-anded',
    claim: 'ipBlock can be combined with podSelector in one entry: both must match.',
    verdict: 'wrong',
    right: 'The API server refuses such a peer.',
    objects: [...SHOP, onCart({ from: [{ ipBlock: { cidr: '10.0.0.0/8' }, ...peer('frontend') }] })],
    checks: [{ kind: 'refused', says: 'may not specify both ipBlock and another peer' }],
  },
  {
    id: 'one-entry-is-and-two-are-or',
    claim: 'namespaceSelector and podSelector in one entry must both match; as two entries either does.',
    verdict: 'true',
    right: 'One dash makes the difference.',
    objects: [
      ...SHOP,
      onCart({ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'office' } }, ...peer('checkout') }] }),
      pod('shop/stock', { app: 'stock' }, { ports: [{ containerPort: 7071 }] }),
      policy('shop/stock', {
        podSelector: { matchLabels: { app: 'stock' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'office' } } }, peer('checkout')] }],
      }),
    ],
    checks: [
      ask('office/frontend', CART, 'denied'),
      ask('shop/checkout', CART, 'denied'),
      ask('office/frontend', 'shop/stock:7071', 'allowed'),
      ask('shop/checkout', 'shop/stock:7071', 'allowed'),
      control('shop/frontend', 'shop/stock:7071', 'denied'),
    ],
  },
  {
    id: 'bare-pod-selector-reaches-other-namespaces',
    claim: 'A peer `podSelector: {app: frontend}` admits frontend pods wherever they are.',
    verdict: 'wrong',
    right: "It means pods of the policy's own namespace only.",
    objects: [...SHOP, onCart({ from: [peer('frontend')] })],
    checks: [ask('office/frontend', CART, 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'namespaces-have-no-labels-by-default',
    claim: 'Namespaces are not labelled by default; label them before you select them.',
    verdict: 'wrong',
    right: 'Every namespace has `kubernetes.io/metadata.name` since 1.21.',
    objects: [
      ...SHOP.filter((object) => !('kind' in object && object.kind === 'Namespace')),
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'office' } },
      onCart({ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'office' } } }] }),
    ],
    checks: [ask('office/frontend', CART, 'allowed'), control('shop/frontend', CART, 'denied')],
  },
  {
    id: 'fix-is-in-the-destination',
    claim: 'To let a client in, only the policies at the destination have to change.',
    verdict: 'depends',
    right: 'Both ends must allow. Where the source is isolated for egress, its policies have to as well.',
    objects: [...SHOP, onCart({ from: [{ namespaceSelector: {} }] }), denyAll('office', 'Egress')],
    checks: [ask('office/frontend', CART, 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'one-policy-isolates-every-namespace',
    claim: 'One default-deny policy broke every pod in every namespace.',
    verdict: 'wrong',
    right: 'A NetworkPolicy is namespaced: it selects pods of its own namespace.',
    objects: [...SHOP, pod('office/mail', { app: 'mail' }, { ports: [{ containerPort: 25 }] }), denyAll('shop', 'Ingress', 'Egress')],
    checks: [ask('office/frontend', 'office/mail:25', 'allowed'), control('shop/frontend', CART, 'denied')],
  },
  {
    id: 'lost-label-falls-back-to-default-deny',
    claim: 'A pod that loses its label falls back to default-deny.',
    verdict: 'wrong',
    right:
      'When no policy selects it any more it is open to all. It stays denied only where a policy with `podSelector: {}` still selects it.',
    objects: [
      ...SHOP,
      pod('shop/cart-relabelled', { app: 'cart-v2' }, { ports: [{ containerPort: 7070 }] }),
      onCart({ from: [peer('frontend')] }),
    ],
    checks: [ask('shop/checkout', 'shop/cart-relabelled:7070', 'allowed'), control('shop/checkout', CART, 'denied')],
  },
  {
    id: 'lost-label-under-default-deny',
    claim: 'Under a namespace-wide default-deny, a pod that loses its label is denied.',
    verdict: 'true',
    right: 'The default-deny still selects it, and its own policy no longer does.',
    objects: [
      ...SHOP,
      pod('shop/cart-relabelled', { app: 'cart-v2' }, { ports: [{ containerPort: 7070 }] }),
      onCart({ from: [peer('frontend')] }),
      denyAll('shop', 'Ingress'),
    ],
    checks: [ask('shop/frontend', 'shop/cart-relabelled:7070', 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'test-pod-without-labels',
    claim: 'A throw-away pod (`kubectl run test`) shows whether the frontend gets through.',
    verdict: 'wrong',
    right: "It has none of the frontend's labels, so another answer is given to it.",
    objects: [...SHOP, pod('shop/test', { run: 'test' }), onCart({ from: [peer('frontend')] })],
    checks: [ask('shop/test', CART, 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'omitted-policy-types-ignore-egress',
    claim: 'Without policyTypes, egress rules are ignored.',
    verdict: 'wrong',
    right:
      'With egress rules the type Egress is filled in. And Ingress always is: an egress-only policy without types denies all ingress too.',
    objects: [...SHOP, policy('shop/frontend', { podSelector: { matchLabels: { app: 'frontend' } }, egress: [toCart] })],
    checks: [
      ask('shop/frontend', 'shop/checkout:8080', 'denied'),
      ask('shop/checkout', 'shop/frontend:80', 'denied'),
      control('shop/frontend', CART, 'allowed'),
    ],
  },
  {
    id: 'types-decide-over-rules',
    claim: 'Egress rules under `policyTypes: [Ingress]` limit nothing.',
    verdict: 'depends',
    right:
      'A direction that the types leave out is not governed, whatever rules are written for it. Cilium reads the types only where a section is empty, so it enforces these rules.',
    objects: [
      ...SHOP,
      policy('shop/frontend', { podSelector: { matchLabels: { app: 'frontend' } }, policyTypes: ['Ingress'], egress: [toCart] }),
    ],
    checks: [
      ask('shop/frontend', 'shop/checkout:8080', {
        allowed: ['kubernetes', 'calico', 'aws-vpc-cni', 'kube-router', 'ovn-kubernetes', 'antrea'],
        denied: ['cilium'],
      }),
      control('shop/checkout', 'shop/frontend:80', 'denied'),
    ],
  },
  {
    id: 'declare-both-types-always',
    claim: 'Declare both directions in every policy, to be safe.',
    verdict: 'wrong',
    right: 'Declaring Egress without egress rules denies all egress.',
    objects: [
      ...SHOP,
      policy('shop/cart', { podSelector: { matchLabels: { app: 'cart' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{}] }),
    ],
    checks: [ask('shop/cart', 'shop/checkout:8080', 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'ports-are-service-ports',
    claim: 'A rule names the port of the Service that clients call.',
    verdict: 'wrong',
    right: 'It names the port of the pod. Where the two differ, naming the port of the Service opens nothing.',
    objects: [...SHOP, onCart({ from: [peer('frontend')], ports: [{ port: 80 }] })],
    checks: [ask('shop/frontend', 'shop/svc/cart:80', 'denied'), control('shop/cart', 'shop/frontend:80', 'allowed')],
  },
  {
    id: 'named-ports-are-safe',
    claim: 'Named ports survive renumbering and are always to be preferred.',
    verdict: 'depends',
    right: 'They are looked up in each pod: a pod without a port of that name, or with another protocol, is silently not meant.',
    objects: [
      ...SHOP,
      pod('shop/cart-old', { app: 'cart' }, { ports: [{ name: 'rpc', containerPort: 7070 }] }),
      onCart({ from: [peer('frontend')], ports: [{ port: 'grpc' }] }),
    ],
    checks: [ask('shop/frontend', 'shop/cart-old:7070', 'denied'), control('shop/frontend', CART, 'allowed')],
  },
  {
    id: 'except-denies',
    claim: 'An address in `except` is denied.',
    verdict: 'wrong',
    right: 'It is only not meant by this block; another rule or peer may let it in.',
    objects: [
      ...SHOP,
      onCart({ from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] } }, { ipBlock: { cidr: '203.0.113.200/32' } }] }),
    ],
    checks: [ask('203.0.113.200', CART, 'allowed'), control('203.0.113.201', CART, 'denied'), control('203.0.113.1', CART, 'allowed')],
  },
  {
    id: 'from-empty-means-external-only',
    claim: '`from: []` with port 80 lets external traffic in to the frontend.',
    verdict: 'depends',
    right: 'It does, and every pod of the cluster with it.',
    objects: [
      ...SHOP,
      policy('shop/frontend', {
        podSelector: { matchLabels: { app: 'frontend' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [], ports: [{ port: 80 }] }],
      }),
    ],
    checks: [
      ask('203.0.113.7', 'shop/frontend:80', 'allowed'),
      ask('office/frontend', 'shop/frontend:80', 'allowed'),
      control('office/frontend', 'shop/frontend:81', 'denied'),
    ],
  },
  {
    id: 'icmp-can-be-allowed',
    claim: 'Add a rule that allows ICMP to the NetworkPolicy.',
    verdict: 'wrong',
    right: 'The API knows TCP, UDP and SCTP; a rule with another protocol is refused. What happens to ICMP is up to the plugin.',
    objects: [...SHOP, onCart({ ports: [{ protocol: 'ICMP' }] })],
    checks: [
      { kind: 'refused', says: 'supported values: "TCP", "UDP", "SCTP"' },
      {
        kind: 'cell',
        cell: 'icmpWhenIsolated',
        about: 'ICMP to an isolated pod',
        expected: {
          dropped: ['calico', 'cilium', 'aws-vpc-cni', 'ovn-kubernetes', 'antrea'],
          passes: ['kube-router'],
          open: ['kubernetes'],
        },
      },
    ],
  },
  {
    id: 'namespace-label-missing',
    claim: 'A namespaceSelector matches namespaces by name, whatever their labels.',
    verdict: 'wrong',
    right: 'It matches labels. A namespace without the label is not meant, and nothing says so.',
    objects: [
      ...SHOP,
      namespace('guests', { purpose: 'guests' }),
      pod('guests/frontend', { app: 'frontend' }),
      onCart({ from: [{ namespaceSelector: { matchLabels: { purpose: 'guests' } } }] }),
    ],
    checks: [ask('office/frontend', CART, 'denied'), control('guests/frontend', CART, 'allowed')],
  },
];
