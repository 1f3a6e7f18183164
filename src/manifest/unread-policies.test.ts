// Policies whose content is not known: each makes undecided what it could touch, and nothing else.
import { describe, expect, it } from 'vitest';
import { POLICY_KINDS } from '../kinds/registry.ts';
import { type Ip, parseIp } from '../net/ip.ts';
import { decide } from '../policy/decide.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { fastVerdict } from '../reach/verdict-of.ts';
import { loadCluster } from './load.ts';
import { POLICING_KINDS } from './policing-kinds.ts';

const pod = (name: string, namespace = 'shop') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }\nspec: { containers: [{ name: main, image: example/${name} }] }\n`;
const PODS = [pod('frontend'), pod('cart'), pod('checkout'), pod('stranger', 'other')].join('---\n');

function semantics() {
  const choice = chooseProfile('kubernetes');
  if (isUnknown(choice)) throw new Error('no profile');
  return semanticsOf(choice);
}

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** `asked(text, 'shop/frontend', 'shop/cart')` → the outcome of TCP 7070, with what the input has wrong. */
function asked(text: string, from: string, to: string) {
  const cluster = loadCluster([{ file: 'shop.yaml', text: `${PODS}---\n${text}` }]);
  const end = (ref: string) => {
    if (ref === 'node') return { kind: 'node', name: 'n1', addresses: [ip('172.18.0.2')] } as const;
    if (ref === 'outside') return { kind: 'outside', address: ip('203.0.113.7') } as const;
    const found = cluster.podByRef.get(ref);
    if (found === undefined) throw new Error(`no pod ${ref}`);
    return { kind: 'pod', pod: found } as const;
  };
  const connection = { source: end(from), destination: end(to), protocol: 'TCP', port: 7070 } as const;
  const { outcome } = decide(cluster, semantics(), connection);
  // The fast evaluator goes another way to the same answer.
  expect(fastVerdict(reachOf(cluster, semantics()), connection).outcome).toBe(outcome);
  return { outcome, problems: cluster.problems.map(({ code }) => code) };
}

const written = (apiVersion: string, kind: string, spec = 'podSelector: { matchLabels: { app: cart } }') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: shut, namespace: shop }\nspec: { ${spec} }\n`;

describe('a NetworkPolicy that no server takes as it is written', () => {
  it.each([
    ['v1', 'NetworkPolicy'],
    ['networking.k8s.io/v1beta1', 'NetworkPolicy'],
    ['networking.example/v1', 'NetworkPolicy'],
    ['networking.k8s.io/v1', 'Networkpolicy'],
    ['networking.k8s.io/v1', 'NetworkPolcy'],
    ['networking.k8s.io/v1', 'NetPolicy', 'podSelector: {}, policyTypes: [Ingress]'],
    ['""', 'NetworkPolicy'],
  ])('%s %s leaves open what it could touch, and says so', (apiVersion, kind, spec?: string) => {
    const text = written(apiVersion, kind, spec);
    expect(asked(text, 'shop/frontend', 'shop/cart')).toEqual({ outcome: 'undecided', problems: ['not-served'] });
    // It selects pods of its own namespace, and looks at what comes in.
    expect(asked(text, 'shop/frontend', 'other/stranger').outcome).toBe('allowed');
  });

  it('touches only the pods that it would select', () => {
    expect(asked(written('v1', 'NetworkPolicy'), 'shop/frontend', 'shop/checkout').outcome).toBe('allowed');
  });

  it('denies as ever when it is written right', () => {
    expect(asked(written('networking.k8s.io/v1', 'NetworkPolicy'), 'shop/frontend', 'shop/cart')).toEqual({
      outcome: 'denied',
      problems: [],
    });
  });

  it('is not what Calico only stages, nor an object that merely has a selector', () => {
    const staged = written('projectcalico.org/v3', 'StagedNetworkPolicy');
    const budget = written('policy/v1', 'PodDisruptionBudget', 'selector: { matchLabels: { app: cart } }');
    for (const text of [staged, budget]) expect(asked(text, 'shop/frontend', 'shop/cart')).toEqual({ outcome: 'allowed', problems: [] });
  });
});

describe('a document that does not parse', () => {
  const broken = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut, namespace: shop }\nspec:\n  ingress: [\n';

  it('leaves open what it could touch when it says that it is a policy', () => {
    expect(asked(broken, 'shop/frontend', 'shop/cart')).toEqual({ outcome: 'undecided', problems: ['not-yaml'] });
    expect(asked(broken, 'other/stranger', 'other/stranger').outcome).toBe('allowed');
  });

  it('may be in any namespace when its own is cut off, and in the default one when it names none', () => {
    const cut = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: shut\n';
    expect(asked(cut, 'shop/frontend', 'shop/cart').outcome).toBe('undecided');
    expect(asked(broken.replace(', namespace: shop', ''), 'shop/frontend', 'shop/cart').outcome).toBe('allowed');
  });

  it('is no object that was read, so that input of such documents alone is not taken for an empty cluster', () => {
    expect(loadCluster([{ file: 'chart.yaml', text: broken }]).objectCount).toBe(0);
    expect(loadCluster([{ file: 'chart.yaml', text: `${PODS}---\n${broken}` }]).objectCount).toBe(4);
  });

  it('changes no verdict when it is something else', () => {
    expect(asked(broken.replace('NetworkPolicy', 'Deployment'), 'shop/frontend', 'shop/cart')).toEqual({
      outcome: 'allowed',
      problems: ['not-yaml'],
    });
  });
});

/** Some kinds of the list have an evaluator, and are asked about in their folders of kinds. */
const UNEVALUATED = POLICING_KINDS.filter(({ kind, group }) => !POLICY_KINDS.some((read) => read.kind === kind && read.group === group));

describe('a kind that polices and is not evaluated', () => {
  const deny = written('networking.k8s.io/v1', 'NetworkPolicy');

  it.each(UNEVALUATED.map((row) => [`${row.kind}.${row.group}`, row] as const))('%s is never read past', (_, row) => {
    const spec = row.onlyWith === undefined ? '{}' : `{ ${row.onlyWith[0]?.at(-1)}: [x] }`;
    const namespace = row.scope === 'namespaced' ? ', namespace: shop' : '';
    const text = `apiVersion: ${row.group}/${row.versions[0]}\nkind: ${row.kind}\nmetadata: { name: some${namespace} }\nspec: ${spec}\n`;
    const inside = row.beyondPods === true ? 'allowed' : 'undecided';
    expect(asked(text, 'shop/frontend', 'shop/cart')).toEqual({ outcome: inside, problems: ['unsupported-policy'] });
    const isOutgoing = row.directions.includes('egress');
    expect(asked(text, isOutgoing ? 'shop/cart' : 'outside', isOutgoing ? 'outside' : 'shop/cart').outcome).toBe('undecided');
    // What only takes away, or adds to the union, opens nothing or may open something beside a denial.
    const beside = asked(`${text}---\n${deny}`, 'shop/frontend', 'shop/cart').outcome;
    const mayOpen = row.weight === 'overrules' || (row.weight === 'adds' && row.directions.includes('ingress'));
    expect(beside).toBe(mayOpen ? 'undecided' : 'denied');
    if (row.scope === 'namespaced') expect(asked(text, 'other/stranger', 'other/stranger').outcome).toBe('allowed');
  });

  it('touches only the pods that it selects, in the directions that it has', () => {
    const mesh = `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: cart, namespace: shop }\nspec: { selector: { matchLabels: { app: cart } } }\n`;
    expect(asked(mesh, 'shop/frontend', 'shop/cart').outcome).toBe('undecided');
    expect(asked(mesh, 'shop/frontend', 'shop/checkout').outcome).toBe('allowed');
    expect(asked(mesh, 'shop/cart', 'shop/frontend').outcome).toBe('allowed');
    expect(asked(mesh.replace('namespace: shop', 'namespace: istio-system'), 'shop/frontend', 'shop/cart').outcome).toBe('undecided');
  });

  it('touches nothing between pods where it looks at what leaves the cluster', () => {
    const firewall = `apiVersion: k8s.ovn.org/v1\nkind: EgressFirewall\nmetadata: { name: default, namespace: shop }\nspec: { egress: [] }\n`;
    expect(asked(firewall, 'shop/frontend', 'other/stranger').outcome).toBe('allowed');
    expect(asked(firewall, 'shop/frontend', 'node').outcome).toBe('undecided');
    expect(asked(firewall, 'shop/frontend', 'outside').outcome).toBe('undecided');
    expect(asked(firewall, 'outside', 'shop/frontend').outcome).toBe('allowed');
    expect(asked(firewall, 'other/stranger', 'outside').outcome).toBe('allowed');
    expect(asked(`${firewall}---\n${deny}`, 'shop/frontend', 'shop/cart').outcome).toBe('denied');
  });

  it('says nothing where the object polices nothing', () => {
    const subnet = `apiVersion: kubeovn.io/v1\nkind: Subnet\nmetadata: { name: ovn-default }\nspec: { cidrBlock: 10.16.0.0/16, private: false }\n`;
    expect(asked(subnet, 'shop/frontend', 'shop/cart')).toEqual({ outcome: 'allowed', problems: [] });
  });
});
