// Random plans that reach every field of the model. The worlds are small on purpose: a few names, labels, ports and addresses, so
// that rules and ends meet often.
import fc from 'fast-check';
import { PROTOCOLS } from '../../src/net/port-set.ts';
import { CELL_NAMES, CELL_VALUES, type Semantics } from '../../src/profile/profile.ts';
import type {
  NamespacePlan,
  Plan,
  PodPlan,
  PolicyPlan,
  QuestionPlan,
  TierPeerPlan,
  TierPolicyPlan,
  TierPortPlan,
  TierRulePlan,
} from './plan.ts';

const NAMESPACES = ['shop', 'pay'];
const KEYS = ['app', 'constructor'];
const VALUES = ['cart', 'web', ''];
/** One more for selectors: it reads like a list of two. */
const WANTED_VALUES = [...VALUES, 'cart,web'];
const NAMESPACE_KEYS = ['team', 'kubernetes.io/metadata.name'];
const NAMESPACE_VALUES = ['red', 'shop', 'pay'];
const NODES = ['n1', 'n2'];
const PORT_NAMES = ['http', 'dns'];
const PORTS = [1, 53, 80, 81, 65535];
const POD_V4 = ['10.0.0.1', '10.0.0.2', '10.0.1.3', '10.1.0.4'];
const POD_V6 = ['fd00::1', 'fd00::2', 'fd00:1::3'];
const NODE_V4 = ['192.168.0.1', '192.168.0.2'];
const NODE_V6 = ['fd01::1'];
const OUTSIDE = ['203.0.113.7', '0.0.0.0', '255.255.255.255', '10.0.0.9', '2001:db8::1', 'fd00::9'];
const CIDRS = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/24',
  '10.0.0.1/32',
  '192.168.0.0/24',
  '203.0.113.0/24',
  '::/0',
  'fd00::/16',
  'fd00::/32',
  'fd01::/64',
];
const EXCEPTS = ['10.0.0.0/24', '10.0.0.2/32', '203.0.113.0/25', '10.0.0.0/8', 'fd00::2/128', 'fd00::/64'];

const oneOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(values: readonly T[], maxLength = 2) => fc.uniqueArray(oneOf(values), { maxLength });
/** Weighted: `often` three times as likely as each other. */
const mostly = <T>(often: fc.Arbitrary<T>, ...others: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 3, arbitrary: often }, ...others.map((arbitrary) => ({ weight: 1, arbitrary })));

const labels = fc.dictionary(oneOf(KEYS), oneOf(VALUES), { maxKeys: 2 });
const protocol = fc.oneof({ weight: 4, arbitrary: fc.constant('TCP' as const) }, { weight: 2, arbitrary: oneOf(PROTOCOLS) });

function selector(keys: readonly string[], values: readonly string[]) {
  const matchLabels = fc.dictionary(oneOf(keys), oneOf(values), { maxKeys: 2 });
  const expression = fc.oneof(
    fc.record({ key: oneOf(keys), operator: oneOf(['In', 'NotIn']), values: fc.array(oneOf(values), { maxLength: 2 }) }),
    fc.record({ key: oneOf(keys), operator: oneOf(['Exists', 'DoesNotExist']) }),
  );
  const matchExpressions = fc.array(expression, { maxLength: 2 });
  return mostly(
    fc.record({ matchLabels }),
    fc.constant({}),
    fc.record({ matchExpressions }),
    fc.record({ matchLabels, matchExpressions }),
    fc.constant({ matchLabels: null }),
  );
}
const podSelector = selector(KEYS, WANTED_VALUES);
const namespaceSelector = selector(NAMESPACE_KEYS, NAMESPACE_VALUES);

/** Pods of one template are alike but for what the cluster gives each of them. */
const template = fc.record(
  {
    namespace: oneOf(NAMESPACES),
    owner: oneOf(['cart', 'web']),
    labels,
    ports: fc.array(
      fc.record(
        {
          name: oneOf(PORT_NAMES),
          port: oneOf(PORTS),
          protocol,
          role: oneOf(['main', 'main', 'init', 'sidecar'] as const),
        },
        { requiredKeys: ['port', 'protocol', 'role'] },
      ),
      { maxLength: 3 },
    ),
    hostNetwork: mostly(fc.constant(false), fc.constant(false), fc.boolean()),
  },
  { requiredKeys: ['namespace', 'labels', 'ports'] },
);
const replica = fc.record(
  {
    phase: fc.oneof(
      { weight: 9, arbitrary: fc.constant('Running' as const) },
      { weight: 2, arbitrary: oneOf(['Pending', 'Succeeded', 'Failed', 'Unknown'] as const) },
    ),
    addresses: mostly(some(POD_V4, 1), some([...POD_V4, ...POD_V6], 3), fc.tuple(oneOf(POD_V4), oneOf(POD_V6))),
    node: oneOf(NODES),
    hostAddresses: some([...NODE_V4, ...NODE_V6]),
  },
  { requiredKeys: ['addresses'] },
);
const pods: fc.Arbitrary<readonly Omit<PodPlan, 'name'>[]> = fc
  .tuple(template, fc.array(replica, { minLength: 1, maxLength: 2 }))
  .map(([shape, replicas]) => replicas.map((own) => ({ ...shape, ...own })));

const policyPort = fc.oneof(
  fc.record({ protocol, port: fc.oneof(oneOf(PORTS), oneOf(PORT_NAMES)) }, { requiredKeys: [] }),
  fc.record({ protocol, port: oneOf(PORT_NAMES) }),
  fc.record({ protocol, port: oneOf(PORTS), endPort: oneOf(PORTS) }, { requiredKeys: ['port', 'endPort'] }),
);
const ipBlock = fc.record({ cidr: oneOf(CIDRS), except: some(EXCEPTS) }, { requiredKeys: ['cidr'] });
const peer = fc.oneof(
  fc.record({ podSelector, namespaceSelector }, { requiredKeys: [] }),
  fc.record({ podSelector }),
  fc.record({ namespaceSelector }),
  fc.record({ ipBlock }),
);
const rule = (peers: 'from' | 'to') =>
  fc.record({ [peers]: fc.array(peer, { maxLength: 3 }), ports: fc.array(policyPort, { maxLength: 3 }) }, { requiredKeys: [] });
const faultPath = oneOf<readonly (string | number)[]>([
  ['spec'],
  ['spec', 'policyTypes'],
  ['spec', 'podSelector', 'matchLabels'],
  ['spec', 'ingress'],
  ['spec', 'ingress', 0, 'from'],
  ['spec', 'egress', 0, 'ports', 0],
  ['metadata', 'name'],
]);
const policy: fc.Arbitrary<Omit<PolicyPlan, 'name'>> = fc.record(
  {
    namespace: oneOf(NAMESPACES),
    spec: fc.record(
      {
        podSelector: fc.oneof({ weight: 5, arbitrary: podSelector }, { weight: 1, arbitrary: fc.constant(null) }),
        policyTypes: fc.oneof(some(['Ingress', 'Egress'] as const), fc.constant(null)),
        ingress: fc.oneof({ weight: 5, arbitrary: fc.array(rule('from'), { maxLength: 3 }) }, { weight: 1, arbitrary: fc.constant(null) }),
        egress: fc.array(rule('to'), { maxLength: 3 }),
      },
      { requiredKeys: [] },
    ),
    faults: fc.oneof(
      { weight: 9, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(faultPath, { minLength: 1, maxLength: 2 }) },
    ),
  },
  { requiredKeys: ['namespace', 'spec', 'faults'] },
);

const namespacePlan: fc.Arbitrary<NamespacePlan> = fc.oneof(
  fc.constant('any' as const),
  fc.record({ name: oneOf(NAMESPACES) }),
  fc.record({ selector: namespaceSelector }),
);
const plainPeer: fc.Arbitrary<TierPeerPlan> = fc.oneof(
  fc.record({ namespaces: namespacePlan, pods: podSelector }, { requiredKeys: ['namespaces'] }),
  fc.record({ cidr: oneOf(CIDRS), except: some(EXCEPTS) }, { requiredKeys: ['cidr'] }),
  fc.constant('nothing' as const),
);
const nodesPeer = fc.record({ nodes: fc.oneof(some(NODES), fc.constant('unknown' as const)) });
const namesPeer = fc.record({ names: fc.constantFrom(['example.com'], ['db.shop.svc.cluster.local']) });
const networksPeer = fc.record({ cidr: oneOf(CIDRS), includesCluster: fc.constant(true) });
const partPeer: fc.Arbitrary<TierPeerPlan> = fc.oneof({ weight: 3, arbitrary: plainPeer }, nodesPeer, networksPeer);
const tierPeer: fc.Arbitrary<TierPeerPlan> = fc.oneof(
  { weight: 8, arbitrary: plainPeer },
  nodesPeer,
  namesPeer,
  networksPeer,
  fc.record({ not: partPeer }),
  fc.record({ all: fc.array(fc.oneof(partPeer, fc.record({ not: partPeer })), { minLength: 1, maxLength: 2 }) }),
);
const tierPort: fc.Arbitrary<TierPortPlan> = fc.oneof(
  fc.record({ protocol, from: oneOf(PORTS), to: oneOf(PORTS) }, { requiredKeys: ['protocol'] }),
  fc.record({ protocol, name: oneOf(PORT_NAMES) }),
);
const tierRule: fc.Arbitrary<TierRulePlan> = fc.record({
  action: oneOf(['allow', 'deny', 'pass'] as const),
  peers: fc.oneof(fc.constant('anyone' as const), fc.array(tierPeer, { maxLength: 3 })),
  ports: fc.oneof(fc.constant('every-port' as const), fc.array(tierPort, { maxLength: 3 })),
});
const tierRules = fc.oneof(fc.constant('not-governed' as const), fc.array(tierRule, { maxLength: 3 }));
const tierPolicy: fc.Arbitrary<TierPolicyPlan> = fc.record({
  needs: oneOf(['cnp', 'anp'] as const),
  tier: oneOf(['admin', 'baseline'] as const),
  order: oneOf([0, 1, 10]),
  name: oneOf(['a', 'b', 'c']),
  namespaces: namespacePlan,
  pods: podSelector,
  ingress: tierRules,
  egress: tierRules,
  faulty: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

const semantics: fc.Arbitrary<Partial<Semantics>> = fc.record(
  Object.fromEntries(
    CELL_NAMES.map((name): [string, fc.Arbitrary<string>] => {
      // Maps and packet filters speak of nodes, not of the pods in their network: these two are for single verdicts.
      if (name === 'selectorsMatchHostNetwork' || name === 'policesHostNetworkSubject') return [name, fc.constant('no')];
      const [first, ...others] = CELL_VALUES[name];
      return [
        name,
        name === 'enforces'
          ? fc.oneof({ weight: 12, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: oneOf([...others, 'open']) })
          : oneOf([first, ...others, 'open']),
      ];
    }),
  ),
  { requiredKeys: [] },
);

/** A whole plan. Policies of the ordered tiers occur in one plan of three. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    semantics,
    namespaces: fc.dictionary(oneOf(NAMESPACES), fc.dictionary(oneOf(NAMESPACE_KEYS), oneOf(NAMESPACE_VALUES), { maxKeys: 2 }), {
      maxKeys: 3,
    }),
    nodes: fc.uniqueArray(
      fc.record({ name: oneOf(NODES), addresses: some([...NODE_V4, ...NODE_V6]), tunnels: some([...NODE_V4, ...NODE_V6]) }),
      {
        selector: ({ name }) => name,
        maxLength: 2,
      },
    ),
    pods: fc.array(pods, { minLength: 2, maxLength: 4 }),
    policies: fc.array(policy, { maxLength: 6 }),
    tiers: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(tierPolicy, { maxLength: 3 }) }),
  })
  .map(({ pods, policies, ...rest }) => ({
    ...rest,
    pods: pods.flat().map((plan, i) => ({ ...plan, name: `p${i}` })),
    policies: policies.map((plan, i) => ({ ...plan, name: `policy-${i}` })),
  }));

/** A question about the ends of a plan, or about strangers. */
export function questionsAbout(plan: Plan): fc.Arbitrary<QuestionPlan> {
  const pods = plan.pods.map(({ namespace, name }) => `${namespace}/${name}`);
  const end = fc.oneof(
    { weight: 12, arbitrary: oneOf(pods) },
    { weight: 2, arbitrary: oneOf([...OUTSIDE, ...POD_V4, ...NODE_V4, ...NODE_V6]) },
    { weight: 1, arbitrary: oneOf(['node:?', 'node:n1', 'node:n2']) },
  );
  return fc.record(
    {
      from: end,
      to: end,
      protocol,
      port: fc.oneof(oneOf(PORTS), oneOf([2, 52, 54, 79, 82, 65534])),
      family: oneOf([4, 6] as const),
    },
    { requiredKeys: ['from', 'to', 'protocol', 'port'] },
  );
}
