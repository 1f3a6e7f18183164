import { describe, expect, it } from 'vitest';
import { loadCluster } from '../../manifest/load.ts';
import { decide } from '../../policy/decide.ts';
import { podEnd } from '../../policy/end.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../../profile/choose.ts';

const PODS = ['frontend', 'cart']
  .map(
    (name) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }\nspec: { containers: [{ name: c }] }\n`,
  )
  .join('---\n');

const policy = (spec: string, apiVersion = 'projectcalico.org/v3') =>
  `---\napiVersion: ${apiVersion}\nkind: NetworkPolicy\nmetadata: { name: cart, namespace: shop }\nspec: ${spec}\n`;

/** From the frontend to the cart, with what is wrong with the input. */
function asked(text: string, cni: string) {
  const cluster = loadCluster([{ file: 'shop.yaml', text: PODS + text }]);
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(cni);
  const [source, destination] = ['shop/frontend', 'shop/cart'].map((ref) => podEnd(cluster.podByRef.get(ref) as never));
  if (source === undefined || destination === undefined) throw new Error('no pods');
  const { outcome } = decide(cluster, semanticsOf(choice), { source, destination, protocol: 'TCP', port: 7070 });
  return { outcome, problems: cluster.problems.map(({ facts }) => `${facts.field}: ${facts.detail}`) };
}

describe('a Calico policy', () => {
  const shut = policy(
    "{ selector: app == 'cart', types: [Ingress], ingress: [{ action: Allow, protocol: TCP, destination: { ports: [80] } }] }",
  );

  it.each([
    ['calico', 'denied'],
    ['canal', 'denied'],
    ['cilium', 'allowed'],
    ['kube-router', 'allowed'],
    ['kubernetes', 'undecided'],
  ])('is in force under %s: %s', (cni, outcome) => {
    expect(asked(shut, cni)).toEqual({ outcome, problems: [] });
    expect(asked(shut.replace('[80]', '[7070]'), cni).outcome).toBe('allowed');
  });

  it.each([
    ["{ selector: app = 'cart' }", 'spec.selector: invalid selector: expected == (at character 5)'],
    [
      "{ selector: app == 'cart', ingress: [{ action: Allow, destination: { ports: [80] } }] }",
      'spec.ingress[0].destination.ports[0]: protocol does not support ports: it must be TCP, UDP or SCTP',
    ],
    ["{ selector: app == 'cart', tier: security }", 'spec.tier: tier does not exist'],
    [
      "{ selector: app == 'cart', ingress: [{ action: Allow, source: { nets: [10.0.0.0/33] } }] }",
      'spec.ingress[0].source.nets[0]: invalid CIDR',
    ],
  ])('that Calico refuses leaves undecided what it could touch: %s', (spec, problem) => {
    expect(asked(policy(spec), 'calico')).toEqual({ outcome: 'undecided', problems: [problem] });
  });

  it('opens what a NetworkPolicy isolates, from behind it', () => {
    const deny =
      '---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: deny, namespace: shop }\nspec: { podSelector: {} }\n';
    expect(asked(deny, 'calico').outcome).toBe('denied');
    const open = policy("{ order: 2000, selector: app == 'cart', types: [Ingress], ingress: [{ action: Allow }] }");
    expect(asked(deny + open, 'calico').outcome).toBe('allowed');
    expect(asked(deny + open, 'cilium').outcome).toBe('denied');
  });

  it('without types governs both directions as it is stored, and one as the API fills it in', () => {
    const spec = "{ selector: app == 'frontend', ingress: [{ action: Allow }] }";
    expect(asked(policy(spec), 'calico').outcome).toBe('allowed');
    expect(asked(policy(spec, 'crd.projectcalico.org/v1'), 'calico').outcome).toBe('denied');
  });

  describe('that asks for labels of a ServiceAccount', () => {
    const account = (label: string) =>
      `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: { name: default, namespace: shop, labels: { team: ${label} } }\n`;
    it.each([
      ['of its own pods', "{ selector: all(), serviceAccountSelector: team == 'blue', types: [Ingress] }", 'denied', 'allowed'],
      ['in its selector', "{ selector: pcsa.team == 'blue', types: [Ingress] }", 'denied', 'allowed'],
      [
        'of its peers, to let them in',
        "{ selector: app == 'cart', ingress: [{ action: Allow, source: { serviceAccounts: { selector: team == 'blue' } } }] }",
        'allowed',
        'denied',
      ],
      [
        'of its peers, to keep them out',
        "{ selector: app == 'cart', ingress: [{ action: Deny, source: { serviceAccounts: { selector: team == 'blue' } } }, { action: Allow }] }",
        'denied',
        'allowed',
      ],
      [
        'of everybody but its peers',
        "{ selector: app == 'cart', ingress: [{ action: Allow, source: { notSelector: pcsa.team == 'blue' } }] }",
        'denied',
        'allowed',
      ],
      [
        'of its own pods, rule by rule',
        "{ selector: app == 'cart', ingress: [{ action: Deny, destination: { serviceAccounts: { selector: team == 'blue' } } }, { action: Allow }] }",
        'denied',
        'allowed',
      ],
    ])('%s', (_, spec, blue, red) => {
      expect(asked(policy(spec), 'calico').outcome).toBe('undecided');
      expect(asked(policy(spec) + account('blue'), 'calico').outcome).toBe(blue);
      expect(asked(policy(spec) + account('red'), 'calico').outcome).toBe(red);
    });

    it('that only Kubernetes has made, which has none', () => {
      const blue = policy("{ selector: all(), serviceAccountSelector: team == 'blue', types: [Ingress] }");
      expect(asked(blue + account('blue').replace('name: default', 'name: cart'), 'calico').outcome).toBe('allowed');
      expect(asked(blue + account('blue'), 'calico').outcome).toBe('denied');
    });

    it('by name, which the pods say themselves', () => {
      const spec = (name: string) =>
        policy(`{ selector: app == 'cart', ingress: [{ action: Allow, source: { serviceAccounts: { names: [${name}] } } }] }`);
      expect(asked(spec('default'), 'calico').outcome).toBe('allowed');
      expect(asked(spec('other'), 'calico').outcome).toBe('denied');
    });
  });
});
