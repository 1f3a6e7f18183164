// A cell that can change nothing is no question: each of its answers, given in a profile of one's own, must show in what a person reads.
import { describe, expect, it } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { detectProfile } from '../cni/detect.ts';
import { cniReport } from '../cni/report.ts';
import type { Symptom } from '../explain/symptom.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Protocol } from '../net/port-set.ts';
import { decide } from '../policy/decide.ts';
import { type End, podEnd } from '../policy/end.ts';
import { diff } from '../question/diff.ts';
import { why } from '../question/why.ts';
import { chooseProfile, isUnknown, type ProfileChoice, semanticsOf } from './choose.ts';
import { readOverrides } from './overrides.ts';
import { CELL_NAMES, CELL_VALUES, type CellName, type CellValue } from './profile.ts';

const pod = (name: string, address: string, more = 'containers: [{ name: main, ports: [{ name: http, containerPort: 8080 }] }]') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: worker-1, ${more} }
status: { phase: Running, podIP: ${address}, podIPs: [{ ip: ${address} }], conditions: [{ type: Ready, status: "True" }] }
`;
const node = (name: string, address: string) => `
apiVersion: v1
kind: Node
metadata: { name: ${name} }
status: { addresses: [{ type: InternalIP, address: ${address} }] }
`;
const NODES = [node('worker-1', '192.0.2.11'), node('worker-2', '192.0.2.12')];
const SHOP = [...NODES, pod('frontend', '10.244.0.10'), pod('cart', '10.244.0.11'), pod('checkout', '10.244.0.12')];
const AGENT = pod('agent', '192.0.2.12', 'hostNetwork: true, containers: [{ name: main }]').replace('worker-1', 'worker-2');
const SERVICE = `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { type: NodePort, clusterIP: 10.96.0.7, selector: { app: cart }, ports: [{ port: 80, targetPort: 8080, nodePort: 31080 }] }
`;
const policy = (spec: string, kind = 'NetworkPolicy', apiVersion = 'networking.k8s.io/v1') => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: cart, namespace: shop }
spec: { ${spec} }
`;
const ofCart = 'podSelector: { matchLabels: { app: cart } }';
const SHUT = policy(`${ofCart}, policyTypes: [Ingress]`);
const CART_SHUT = [...SHOP, SHUT];
const cartFrom = (rule: string) => [...SHOP, policy(`${ofCart}, ingress: [{ ${rule} }]`)];
const cnp = (tier: string, name: string, subject: string, action: string) => `
apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: ${name} }
spec:
  tier: ${tier}
  priority: 10
  subject: { pods: { podSelector: { matchLabels: { app: ${subject} } } } }
  ingress: [{ action: ${action}, from: [{ namespaces: {} }] }]
`;
const ANP = `
apiVersion: policy.networking.k8s.io/v1alpha1
kind: AdminNetworkPolicy
metadata: { name: old }
spec:
  priority: 10
  subject: { pods: { podSelector: { matchLabels: { app: checkout } } } }
  ingress: [{ action: Deny, from: [{ namespaces: {} }] }]
`;

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
type Question = { readonly from?: string; readonly to?: string; readonly protocol?: Protocol | 'ICMP'; readonly port?: number };

function endIn(cluster: Cluster, name: string): End {
  const found = cluster.podByRef.get(`shop/${name}`);
  if (found !== undefined) return podEnd(found);
  const { addresses = [] } = cluster.nodes.get(name) ?? {};
  return { kind: 'node', name, addresses };
}

/** The outcome of one connection; `frontend` to `cart` over TCP 8080 where the question names nothing else. */
function verdict(objects: readonly string[], { from = 'frontend', to = 'cart', protocol = 'TCP', port = 8080 }: Question = {}) {
  return (choice: ProfileChoice): string => {
    const cluster = clusterOf(NAMESPACE, ...objects);
    const connection = { source: endIn(cluster, from), destination: endIn(cluster, to), protocol, port };
    return decide(cluster, semanticsOf(choice), connection).outcome;
  };
}

function asked(objects: readonly string[], from: string, to: string, symptom?: Symptom) {
  return (choice: ProfileChoice) => {
    const found = why(clusterOf(NAMESPACE, ...objects), semanticsOf(choice), {
      from,
      to,
      namespace: 'shop',
      ...(symptom !== undefined && { symptom }),
    });
    return found.kind === 'answer' ? found : expect.fail(found.errors.map(({ code }) => code).join());
  };
}

const outcome = (objects: readonly string[], from: string, to: string) => (choice: ProfileChoice) =>
  asked(objects, from, to)(choice).outcome;

/** Whether the symptom fits, or the lines of where to look in which `about` stands. */
const fits = (symptom: Symptom) => (choice: ProfileChoice) =>
  asked(CART_SHUT, 'shop/frontend', 'shop/cart:8080', symptom)(choice).connections[0]?.symptom?.fits ?? 'nothing';
const looks = (symptom: Symptom, about: string) => (choice: ProfileChoice) =>
  (asked(CART_SHUT, 'shop/frontend', 'shop/cart:8080', symptom)(choice).connections[0]?.symptom?.look ?? [])
    .filter((line) => line.includes(about))
    .join();

/** What `cni` says policies ask for in vain. */
const missing = (objects: readonly string[]) => (choice: ProfileChoice) => {
  const detection = { ...detectProfile([]), profile: choice.name, overrides: { profiles: choice.members, problems: [] } };
  const report = cniReport(clusterOf(NAMESPACE, ...objects), detection);
  return report.missing.map(({ feature, supported }) => `${feature} ${supported}`).join() || 'nothing';
};

const all =
  (...asks: readonly ((choice: ProfileChoice) => string)[]) =>
  (choice: ProfileChoice) =>
    asks.map((ask) => ask(choice)).join(', ');

interface Decided<C extends CellName> {
  readonly ask: (choice: ProfileChoice) => string;
  readonly answers: { readonly [V in CellValue<C>]: string };
}

const fromBlock = (cidr: string) => cartFrom(`from: [{ ipBlock: { cidr: ${cidr} } }]`);
const DENIED_BY_RULE = [
  ...SHOP,
  policy('selector: app == "cart", types: [Ingress], ingress: [{ action: Deny }]', 'NetworkPolicy', 'projectcalico.org/v3'),
];
const SCTP_ONLY = cartFrom('ports: [{ protocol: SCTP, port: 7 }]');
const ISOLATED_BY_EGRESS = policy(`${ofCart}, policyTypes: [Egress]`);
const CILIUM = policy('endpointSelector: { matchLabels: { app: cart } }, ingress: [{}]', 'CiliumNetworkPolicy', 'cilium.io/v2');
const CALICO = policy('selector: app == "checkout", types: [Ingress]', 'NetworkPolicy', 'projectcalico.org/v3');
const INIT_PORT = pod(
  'cart',
  '10.244.0.11',
  'initContainers: [{ name: proxy, restartPolicy: Always, ports: [{ name: admin, containerPort: 8080 }] }], containers: [{ name: main }]',
);
const BOTH_DIRECTIONS = policy('podSelector: {}, policyTypes: [Ingress, Egress], ingress: [{ from: [{ podSelector: {} }] }]');

const CASES: { readonly [C in CellName]: Decided<C> } = {
  enforces: { ask: verdict(CART_SHUT), answers: { yes: 'denied', no: 'allowed' } },
  ipBlockMatchesPod: { ask: verdict(fromBlock('10.244.0.0/16')), answers: { yes: 'allowed', no: 'denied' } },
  ipBlockMatchesNode: { ask: verdict(fromBlock('192.0.2.0/24'), { from: 'worker-2' }), answers: { yes: 'allowed', no: 'denied' } },
  ipBlockMatchesServiceAddress: {
    ask: outcome(
      [
        ...SHOP,
        SERVICE,
        policy('podSelector: { matchLabels: { app: frontend } }, egress: [{ to: [{ ipBlock: { cidr: 10.96.0.7/32 } }] }]'),
      ],
      'shop/frontend',
      'shop/svc/cart:80',
    ),
    answers: { yes: 'allowed', no: 'denied' },
  },
  selectorsMatchHostNetwork: {
    ask: outcome([...cartFrom('from: [{ podSelector: { matchLabels: { app: agent } } }]'), AGENT], 'shop/agent', 'shop/cart:8080'),
    answers: { yes: 'allowed', no: 'denied' },
  },
  policesHostNetworkSubject: {
    ask: outcome([...SHOP, AGENT, policy('podSelector: { matchLabels: { app: agent } }')], 'shop/frontend', 'shop/agent:9100'),
    answers: { yes: 'denied', no: 'allowed' },
  },
  localNodeToPod: {
    ask: all(verdict(CART_SHUT, { from: 'worker-1' }), verdict(DENIED_BY_RULE, { from: 'worker-1' })),
    answers: { always: 'allowed, allowed', 'unless-denied': 'allowed, denied', policed: 'denied, denied' },
  },
  podToOwnNode: {
    ask: verdict([...SHOP, ISOLATED_BY_EGRESS], { from: 'cart', to: 'worker-1', port: 10250 }),
    answers: { always: 'allowed', policed: 'denied' },
  },
  endPort: { ask: verdict(cartFrom('ports: [{ port: 8000, endPort: 8090 }]')), answers: { yes: 'allowed', no: 'denied' } },
  sctp: {
    ask: all(verdict(SCTP_ONLY, { protocol: 'SCTP', port: 9 }), missing(SCTP_ONLY)),
    answers: { yes: 'denied, nothing', no: 'undecided, sctp no' },
  },
  namedPorts: { ask: verdict(cartFrom('ports: [{ port: http }]')), answers: { yes: 'allowed', no: 'denied' } },
  namedPortsOfInitContainers: {
    ask: verdict([...NODES, pod('frontend', '10.244.0.10'), INIT_PORT, policy(`${ofCart}, ingress: [{ ports: [{ port: admin }] }]`)]),
    answers: { yes: 'allowed', no: 'denied' },
  },
  icmpWhenIsolated: {
    ask: verdict(CART_SHUT, { protocol: 'ICMP', port: 8 }),
    answers: { dropped: 'denied', passes: 'allowed' },
  },
  establishedCutOnDeny: {
    ask: (choice) => diff(clusterOf(NAMESPACE, ...SHOP), clusterOf(NAMESPACE, ...CART_SHUT), choice).established.value,
    answers: { cut: 'cut', kept: 'kept' },
  },
  startup: {
    ask: looks('intermittent', 'new-pod'),
    answers: {
      'open-window': 'new-pod-is-open',
      'closed-window': 'new-pod-is-shut',
      none: '',
    },
  },
  agentDown: {
    ask: looks('works', 'dead-agent'),
    answers: {
      'rules-stay': 'dead-agent-keeps-rules',
      'pods-open': 'dead-agent-opens',
    },
  },
  denyResponse: { ask: all(fits('refused'), fits('timeout')), answers: { drop: 'no, yes', reject: 'yes, no' } },
  adminPolicies: {
    ask: all(
      verdict([...SHOP, cnp('Admin', 'deny', 'cart', 'Deny'), ANP]),
      verdict([...SHOP, cnp('Admin', 'deny', 'cart', 'Deny'), ANP], { to: 'checkout' }),
    ),
    answers: { cnp: 'denied, allowed', anp: 'allowed, denied', both: 'denied, denied', none: 'allowed, allowed' },
  },
  ownPolicies: {
    ask: all(
      verdict([...SHOP, CILIUM, CALICO]),
      verdict([...SHOP, CILIUM, CALICO], { to: 'checkout' }),
      missing([...SHOP, CILIUM]),
      missing([...SHOP, CALICO]),
    ),
    answers: {
      cilium: 'denied, allowed, nothing, foreign-policy no',
      calico: 'allowed, denied, foreign-policy no, nothing',
      none: 'allowed, allowed, foreign-policy no, foreign-policy no',
    },
  },
  departures: {
    ask: (choice) =>
      asked(
        [...SHOP, BOTH_DIRECTIONS],
        'shop/frontend',
        'shop/cart:8080',
      )(choice)
        .connections.flatMap(({ codes }) => codes.filter((code) => code === 'enforcer-departs'))
        .join(),
    answers: { none: '', 'kube-router': 'enforcer-departs' },
  },
  baselineAfterNetworkPolicy: {
    ask: all(
      verdict([...SHOP, cnp('Baseline', 'open', 'cart', 'Accept'), SHUT]),
      verdict([...SHOP, cnp('Baseline', 'shut', 'cart', 'Deny'), ISOLATED_BY_EGRESS]),
    ),
    answers: { direction: 'denied, denied', any: 'denied, allowed', neither: 'allowed, denied' },
  },
  nodePortSource: {
    ask: outcome([...fromBlock('203.0.113.0/24'), SERVICE], '203.0.113.9', '192.0.2.12:31080'),
    answers: { node: 'denied', client: 'allowed' },
  },
};

/** Calico decides every cell; a profile like it with one of them answered otherwise. */
function own<C extends CellName>(cell: C, value: CellValue<C>): ProfileChoice {
  const overrides = readOverrides({ profiles: { own: { like: 'calico-iptables', cells: { [cell]: value } } } });
  expect(overrides.problems).toEqual([]);
  const choice = chooseProfile('own', overrides);
  return isUnknown(choice) ? expect.fail(choice.unknown) : choice;
}

describe('every cell of a profile of one’s own decides something', () => {
  it.each(CELL_NAMES)('%s', (cell) => {
    const { ask, answers } = CASES[cell];
    const said = CELL_VALUES[cell].map((value): [string, string] => [value, ask(own(cell, value))]);
    expect(Object.fromEntries(said)).toEqual(answers);
    // No two answers may come out alike.
    expect(new Set(said.map(([, answer]) => answer)).size).toBe(said.length);
  });
});
