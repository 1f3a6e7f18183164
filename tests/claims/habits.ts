// Claims about what policies are taken for: firewalls with deny rules, walls around a cluster, filters of single packets.
import { ask, type Claim, control, DNS, denyAll, namespace, onCart, peer, pod, policy, SHOP, service } from './claim.ts';

const CART = 'shop/cart:7070';

export const HABITS: readonly Claim[] = [
  {
    id: 'default-deny-beats-an-allow-rule',
    claim: 'A default-deny policy overrides the policies that allow something.',
    verdict: 'wrong',
    right:
      'NetworkPolicy has no deny rules. A default-deny only isolates its pods, and every rule of every policy on them still admits traffic.',
    objects: [...SHOP, denyAll('shop', 'Ingress'), onCart({ from: [peer('frontend')] })],
    checks: [ask('shop/frontend', CART, 'allowed'), control('shop/checkout', CART, 'denied')],
  },
  {
    id: 'traffic-without-a-rule-is-denied',
    claim: 'Traffic that no policy explicitly allows is denied.',
    verdict: 'wrong',
    right: 'Only for pods that a policy isolates, and only in the direction it isolates. All other pods accept and send everything.',
    objects: [...SHOP, onCart({ from: [peer('frontend')] })],
    checks: [
      ask('office/frontend', 'shop/checkout:8080', 'allowed'),
      ask('shop/cart', 'office/frontend:80', 'allowed'),
      control('office/frontend', CART, 'denied'),
    ],
  },
  {
    id: 'policy-types-ingress-limits-egress',
    claim: 'A policy with ingress rules and no policyTypes limits what its pods send as well.',
    verdict: 'wrong',
    right: 'Without policyTypes, Egress is added only where there are egress rules. What cart sends stays open.',
    objects: [...SHOP, policy('shop/cart', { podSelector: { matchLabels: { app: 'cart' } }, ingress: [{ from: [peer('frontend')] }] })],
    checks: [ask('shop/cart', 'shop/checkout:8080', 'allowed'), control('shop/checkout', CART, 'denied')],
  },
  {
    id: 'replies-need-a-rule',
    claim: 'A policy judges every packet, so the answers of cart need a rule that lets them back to the frontend.',
    verdict: 'wrong',
    right: 'Policies judge new connections. The replies of an allowed connection pass, whatever isolates the client for ingress.',
    objects: [...SHOP, denyAll('shop', 'Ingress'), onCart({ from: [peer('frontend')] })],
    checks: [ask('shop/frontend', CART, 'allowed'), control('shop/cart', 'shop/frontend:80', 'denied')],
  },
  {
    id: 'deny-all-stops-everything',
    claim: 'Under a default-deny no pod can send or receive any traffic.',
    verdict: 'wrong',
    right: 'A pod always reaches itself, and its own node always reaches it. For other pods, the guarantee covers TCP, UDP and SCTP.',
    objects: [...SHOP, denyAll('shop', 'Ingress', 'Egress')],
    checks: [ask('shop/cart', CART, 'allowed'), ask('node/node-1', CART, 'allowed'), control('office/frontend', CART, 'denied')],
  },
  {
    id: 'label-namespaces-by-hand',
    claim: 'To admit a namespace, label it first: `kubectl label namespace office name=office`.',
    verdict: 'depends',
    right:
      'It works, and for every other namespace with the same label too. `kubernetes.io/metadata.name` is there already, and the API server keeps it equal to the name.',
    objects: [
      ...SHOP.filter((object) => JSON.stringify(object) !== JSON.stringify(namespace('office'))),
      namespace('office', { name: 'office' }),
      namespace('guests', { name: 'office' }),
      pod('guests/frontend', { app: 'frontend' }),
      onCart({ from: [{ namespaceSelector: { matchLabels: { name: 'office' } } }] }),
      pod('shop/stock', { app: 'stock' }, { ports: [{ containerPort: 7071 }] }),
      policy('shop/stock', {
        podSelector: { matchLabels: { app: 'stock' } },
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'office' } } }] }],
      }),
    ],
    checks: [
      ask('office/frontend', CART, 'allowed'),
      ask('guests/frontend', CART, 'allowed'),
      ask('office/frontend', 'shop/stock:7071', 'allowed'),
      control('guests/frontend', 'shop/stock:7071', 'denied'),
    ],
  },
  {
    id: 'targets-by-namespace-selector',
    claim: 'A policy can select its pods with `spec.namespaceSelector`.',
    verdict: 'wrong',
    right: 'A NetworkPolicy selects pods of its own namespace, by `spec.podSelector` alone. ClusterNetworkPolicy can select namespaces.',
    objects: [
      ...SHOP,
      policy('shop/all', {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'office' } },
        podSelector: {},
        ingress: [{}],
      }),
    ],
    checks: [{ kind: 'refused', says: 'spec.namespaceSelector' }],
  },
  {
    id: 'empty-match-labels-select-nothing',
    claim: 'Only `podSelector: {}` selects every pod; look for default-deny policies by comparing with `{}`.',
    verdict: 'wrong',
    right: '`podSelector: {matchLabels: {}}` selects every pod as well.',
    objects: [...SHOP, policy('shop/default-deny', { podSelector: { matchLabels: {} }, policyTypes: ['Ingress'] })],
    checks: [ask('shop/frontend', CART, 'denied'), control('shop/cart', 'office/frontend:80', 'allowed')],
  },
  {
    id: 'empty-namespace-selector-admits-the-world',
    claim: '`namespaceSelector: {}` admits everything.',
    verdict: 'wrong',
    right:
      'It admits the pods of every namespace. Addresses outside the cluster are not pods, and only an ipBlock or a rule without peers admits them.',
    objects: [...SHOP, onCart({ from: [{ namespaceSelector: {} }] })],
    checks: [ask('203.0.113.7', CART, 'denied'), control('office/frontend', CART, 'allowed')],
  },
  {
    id: 'select-the-scraper-to-protect-metrics',
    claim: 'To limit who reads metrics, write a policy for the pods of Prometheus.',
    verdict: 'wrong',
    right:
      'A policy protects the pods that it selects. This one closes Prometheus and leaves the metrics ports of the others as open as before.',
    objects: [
      ...SHOP,
      namespace('monitoring'),
      pod('monitoring/prometheus', { app: 'prometheus' }, { ports: [{ containerPort: 9090 }] }),
      policy('monitoring/prometheus', {
        podSelector: { matchLabels: { app: 'prometheus' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 9000, endPort: 9100 }] }],
      }),
    ],
    checks: [ask('office/frontend', 'shop/cart:9100', 'allowed'), control('office/frontend', 'monitoring/prometheus:9090', 'denied')],
  },
  {
    id: 'no-effect-means-the-wrong-cni',
    claim: 'A policy without effect means that the CNI does not enforce policies.',
    verdict: 'depends',
    right:
      'Check first what it selects. A policy that selects no pod has no effect anywhere; one that does is enforced by every plugin of this list.',
    objects: [
      ...SHOP,
      policy('shop/checkout', { podSelector: { matchLabels: { app: 'check-out' } }, policyTypes: ['Ingress'] }),
      onCart({ from: [peer('frontend')] }),
    ],
    checks: [ask('shop/cart', 'shop/checkout:8080', 'allowed'), control('shop/checkout', CART, 'denied')],
  },
  {
    id: 'dns-to-all-of-kube-system',
    claim: 'Allow DNS with a rule for port 53 to the namespace kube-system.',
    verdict: 'depends',
    right:
      'It works where DNS runs in ordinary pods there. It also opens port 53 of every other pod in kube-system, and does not match a node-local cache, which has an address of its node.',
    objects: [
      ...SHOP,
      ...DNS,
      pod('kube-system/metrics-server', { 'k8s-app': 'metrics-server' }),
      policy('shop/frontend', {
        podSelector: { matchLabels: { app: 'frontend' } },
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
            ports: [
              { protocol: 'UDP', port: 53 },
              { protocol: 'TCP', port: 53 },
            ],
          },
        ],
      }),
    ],
    checks: [
      ask('shop/frontend', 'kube-system/coredns:53/udp', 'allowed'),
      ask('shop/frontend', 'kube-system/metrics-server:53/tcp', 'allowed'),
      control('shop/frontend', '169.254.20.10:53/udp', 'denied'),
    ],
  },
  {
    id: 'ipblock-for-load-balancers',
    claim: '`ipBlock: 10.0.0.0/8` admits the load balancers and nothing else.',
    verdict: 'depends',
    right:
      'Pods and nodes usually have addresses of 10.0.0.0/8 too. Where an ipBlock matches pods, all of them are admitted; on Cilium it never does.',
    objects: [...SHOP, onCart({ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] })],
    checks: [
      ask('10.200.0.7', CART, 'allowed'),
      ask('office/frontend', CART, {
        allowed: ['calico', 'aws-vpc-cni', 'kube-router', 'ovn-kubernetes', 'antrea'],
        denied: ['cilium'],
        undecided: ['kubernetes'],
      }),
      control('203.0.113.7', CART, 'denied'),
    ],
  },
  {
    id: 'node-ports-bypass-policies',
    claim: 'NodePort and load-balancer traffic bypasses policies.',
    verdict: 'wrong',
    right:
      'It ends at a pod, and the policies of that pod judge it. What changes is the address they see, which may be the address of a node.',
    objects: [
      ...SHOP,
      service('shop/cart-public', { app: 'cart' }, [{ port: 80, targetPort: 7070, nodePort: 30080 }], {
        type: 'NodePort',
        externalTrafficPolicy: 'Local',
      }),
      service('shop/checkout-public', { app: 'checkout' }, [{ port: 80, targetPort: 8080, nodePort: 30081 }], {
        type: 'NodePort',
        externalTrafficPolicy: 'Local',
      }),
      onCart({ from: [peer('frontend')] }),
    ],
    checks: [ask('203.0.113.7', '192.168.0.1:30080', 'denied'), control('203.0.113.7', '192.168.0.1:30081', 'allowed')],
  },
  {
    id: 'blocked-dns-says-refused',
    claim: 'When a policy blocks DNS, the client sees "connection refused" or NXDOMAIN.',
    verdict: 'wrong',
    right:
      'The lookup gets no answer, so it fails as a lookup: "temporary failure in name resolution" after some seconds. NXDOMAIN is an answer, so DNS was reached.',
    objects: [...SHOP, ...DNS, denyAll('shop', 'Egress')],
    checks: [
      { kind: 'seen', from: 'shop/frontend', to: 'http://cart', symptom: 'resolve', expected: { yes: 'all' } },
      { kind: 'seen', from: 'shop/frontend', to: 'http://cart', symptom: 'nxdomain', expected: { no: 'all' } },
      ask('shop/frontend', CART, 'denied'),
      control('office/frontend', CART, 'allowed'),
    ],
  },
  {
    id: 'ping-tells-whether-tcp-works',
    claim: 'When ping works, the connection works.',
    verdict: 'wrong',
    right: 'ICMP is outside of what Kubernetes promises. A rule with ports never admits it, and a plugin may let it pass without any rule.',
    objects: [
      ...SHOP,
      onCart({ from: [peer('frontend')] }),
      pod('shop/stock', { app: 'stock' }, { ports: [{ containerPort: 7071 }] }),
      policy('shop/stock', {
        podSelector: { matchLabels: { app: 'stock' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [peer('frontend')], ports: [{ port: 7071 }] }],
      }),
    ],
    checks: [
      {
        kind: 'ping',
        from: 'shop/frontend',
        to: 'shop/stock',
        expected: {
          allowed: ['kube-router'],
          denied: ['calico', 'cilium', 'aws-vpc-cni', 'ovn-kubernetes', 'antrea'],
          undecided: ['kubernetes'],
        },
      },
      ask('shop/frontend', 'shop/stock:7071', 'allowed'),
      control('shop/checkout', 'shop/stock:7071', 'denied'),
    ],
  },
  {
    id: 'kind-and-flannel-enforce-policies',
    claim: 'Neither kind nor Flannel enforces network policies.',
    verdict: 'depends',
    right: 'kind does since 0.24. Flannel alone does not; k3s adds kube-router, and Flannel can be installed with kube-network-policies.',
    objects: [],
    checks: [
      {
        kind: 'cell',
        cell: 'enforces',
        about: 'does it enforce NetworkPolicy?',
        profiles: ['kindnet', 'flannel', 'k3s', 'kube-network-policies'],
        expected: { yes: ['kindnet', 'k3s', 'kube-network-policies'], no: ['flannel'] },
      },
    ],
  },
];
