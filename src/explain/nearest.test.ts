import { describe, expect, it } from 'vitest';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { why } from '../question/why.ts';
import { adviceSentence } from '../words/en/advice.ts';
import { causeSentence } from '../words/en/cause.ts';

const FRONTEND = `apiVersion: v1
kind: Pod
metadata: { name: frontend, namespace: shop, labels: { app: frontend, tier: web } }
spec: { nodeName: worker-1, containers: [{ name: web }] }
status: { phase: Running, podIPs: [{ ip: 10.244.1.5 }], conditions: [{ type: Ready, status: 'True' }] }
`;
const CART = `apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, labels: { app: cart } }
spec: { nodeName: worker-2, containers: [{ name: cart }] }
status: { phase: Running, podIPs: [{ ip: 10.244.2.6 }], conditions: [{ type: Ready, status: 'True' }] }
`;
const NODE = `apiVersion: v1
kind: Node
metadata: { name: control }
status: { addresses: [{ type: InternalIP, address: 192.168.0.10 }] }
`;
const API_SERVER = `apiVersion: v1
kind: Service
metadata: { name: kubernetes, namespace: default }
spec: { clusterIP: 10.96.0.1, ports: [{ name: https, port: 443, targetPort: 6443 }] }
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: kubernetes, namespace: default, labels: { kubernetes.io/service-name: kubernetes } }
addressType: IPv4
endpoints: [{ addresses: [192.168.0.10], conditions: { ready: true } }]
ports: [{ name: https, port: 6443, protocol: TCP }]
`;

const policy = (name: string, spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;
const egress = (name: string, rules: string) =>
  policy(name, `{ podSelector: { matchLabels: { app: frontend } }, policyTypes: [Egress], egress: [${rules}] }`);

function ask(texts: readonly string[], from: string, to: string, cni = 'calico-iptables') {
  const choice = chooseProfile(cni);
  if (isUnknown(choice)) throw new Error(`no profile ${cni}`);
  const answer = why(loadCluster([{ file: 'shop.yaml', text: texts.join('---\n') }]), semanticsOf(choice), { from, to, namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(answer.errors.map(({ code }) => code).join());
  const [connection] = answer.connections;
  const [leg] = connection?.legs ?? [];
  const [nearest] = [...(leg?.explanation.egress.misses ?? []), ...(leg?.explanation.ingress.misses ?? [])];
  return {
    outcome: answer.outcome,
    nearest: nearest && `${nearest.ref.policy.name} ${nearest.ref.direction}[${nearest.ref.rule.index}]`,
    codes: connection?.codes ?? [],
    said: (connection?.causes ?? []).map((cause) => causeSentence(cause)),
    advice: (connection?.advice ?? []).map(adviceSentence),
  };
}

describe('the rule that came nearest', () => {
  const DNS = '{ ports: [{ port: 53, protocol: UDP }, { port: 53 }] }';

  it('of a database is not the DNS rule to anybody', () => {
    const found = ask(
      [FRONTEND, CART, egress('out', `${DNS}, { to: [{ podSelector: { matchLabels: { app: basket, tier: db } } }] }`)],
      'frontend',
      'cart:5432',
    );
    expect(found).toMatchObject({ outcome: 'denied', nearest: 'out egress[1]' });
    expect(found.codes).not.toContain('port-mismatch');
  });
  it('is the DNS rule where nothing else is there, and is not blamed', () => {
    expect(ask([FRONTEND, CART, egress('out', DNS)], 'frontend', 'cart:5432').codes).toEqual(['no-rule-matches']);
    expect(ask([FRONTEND, CART, egress('out', '{ ports: [{ port: 5433 }] }')], 'frontend', 'cart:5432').codes).toEqual(['port-mismatch']);
  });
  it('is the one that opens the port that was dialled', () => {
    const texts = [FRONTEND, NODE, API_SERVER, egress('out', `${DNS}, { ports: [{ port: 80 }] }, { ports: [{ port: 443 }] }`)];
    expect(ask(texts, 'frontend', 'default/svc/kubernetes:443').nearest).toBe('out egress[2]');
  });
  it('of two with the wrong namespace is the one whose labels fit', () => {
    const strict = policy('strict', '{ podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] }');
    const web = policy('web', '{ podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { tier: web } } }] }] }');
    const elsewhere = FRONTEND.replace('namespace: shop', 'namespace: gate');
    const found = ask([elsewhere, CART, strict, web], 'gate/frontend', 'cart:7070');
    expect(found).toMatchObject({ outcome: 'denied', nearest: 'web ingress[0]' });
    expect(found.said[0]?.text).toContain('shop/web');
  });
  it('is shut by its port, whatever an address would be', () => {
    const found = ask(
      [FRONTEND, CART.replace(/status:.*\n/, ''), egress('out', '{ to: [{ ipBlock: { cidr: 10.244.0.0/16 } }], ports: [{ port: 80 }] }')],
      'frontend',
      'cart:7070',
    );
    expect(found).toMatchObject({ outcome: 'denied', codes: ['port-mismatch'] });
  });
});

describe('the API server behind `kubernetes`', () => {
  const asked = (rules: string, cni?: string) =>
    ask([FRONTEND, NODE, API_SERVER, egress('out', rules)], 'frontend', 'default/svc/kubernetes:443', cni);

  it.each([
    ['{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }', 'calico-iptables'],
    ['{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }', 'ovn-kubernetes'],
    ['{ ports: [{ port: 443 }] }', 'cilium'],
  ])('listens on a port of its own, which the rule must open: %s on %s', (rules, cni) => {
    const found = asked(rules, cni);
    expect(found).toMatchObject({ outcome: 'denied', codes: ['service-port-instead-of-target-port', 'no-dns-egress'] });
    expect(found.said[0]?.text).toContain('the API server listens on 6443');
  });
  it('is reached by a rule with its address and port', () => {
    expect(asked('{ to: [{ ipBlock: { cidr: 192.168.0.10/32 } }], ports: [{ port: 6443 }] }').outcome).toBe('allowed');
  });
  it('is not behind the address of the Service, and has no pods to select', () => {
    const found = asked('{ to: [{ ipBlock: { cidr: 10.96.0.1/32 } }] }');
    expect(found).toMatchObject({ outcome: 'denied', codes: ['ipblock-for-a-service-address', 'no-dns-egress'] });
    expect(found.said[0]?.hint).toBe('allow 192.168.0.10 and port 6443, which is what policies see');
  });
  it('is an entity where no ipBlock matches a node', () => {
    const found = asked('{ to: [{ ipBlock: { cidr: 192.168.0.10/32 } }], ports: [{ port: 6443 }] }', 'cilium');
    expect(found.outcome).toBe('denied');
    expect(found.advice.join()).toContain('toEntities: [kube-apiserver]');
  });
  it('can be asked for by its name, as a destination and as a source', () => {
    const rules = '{ to: [{ ipBlock: { cidr: 192.168.0.10/32 } }], ports: [{ port: 6443 }] }';
    const texts = [FRONTEND, NODE, API_SERVER, egress('out', rules)];
    expect(ask(texts, 'frontend', 'kube-apiserver').outcome).toBe('allowed');
    const closed = policy(
      'web',
      '{ podSelector: { matchLabels: { app: frontend } }, ingress: [{ from: [{ ipBlock: { cidr: 192.168.0.0/24 } }], ports: [{ port: 8443 }] }] }',
    );
    expect(ask([...texts, closed], 'apiserver', 'frontend:8443').outcome).toBe('allowed');
    expect(ask([...texts, closed], 'apiserver', 'frontend:8080')).toMatchObject({ outcome: 'denied', codes: ['port-mismatch'] });
  });
  it('may be a block where the profile does not say', () => {
    expect(asked('{ ports: [{ port: 443 }] }', 'ovn-kubernetes').advice.join()).toContain('192.168.0.10/32, port 6443/TCP');
  });
});

describe('a block of every address of a family', () => {
  const unknown = CART.replace(/status:.*\n/, '');
  const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { clusterIP: 10.96.0.7, selector: { app: cart }, ports: [{ port: 7070 }] }
`;
  it.each([
    ['0.0.0.0/0', 'allowed'],
    ['0.0.0.0/0, except: [169.254.169.254/32]', 'allowed'],
    ['0.0.0.0/0, except: [10.0.0.0/8]', 'undecided'],
    ['10.0.0.0/8', 'undecided'],
    ['169.254.0.0/16', 'denied'],
    ["'::/0'", 'denied'],
  ])('matches a pod whose address is not known: %s', (cidr, outcome) => {
    const texts = [FRONTEND, unknown, SERVICE, egress('out', `{ to: [{ ipBlock: { cidr: ${cidr} } }] }`)];
    expect(ask(texts, 'frontend', 'svc/cart:7070').outcome).toBe(outcome);
    expect(ask(texts, 'frontend', 'pod/cart:7070').outcome).toBe(outcome);
  });
  it('says nothing of the family where the input shows none', () => {
    const texts = [FRONTEND.replace(/status:.*\n/, ''), unknown, egress('out', '{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }')];
    expect(ask(texts, 'frontend', 'pod/cart:7070')).toMatchObject({ outcome: 'undecided', codes: ['address-unknown'] });
  });
});

describe('a deny rule', () => {
  const cilium = (section: string) => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: cart, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: cart } }
  ${section}
`;
  const DENY = 'ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: checkout } }] }]';

  it('that nearly matches is not what came nearest, and nobody is told to widen it', () => {
    const found = ask([FRONTEND, CART, cilium(DENY)], 'frontend', 'pod/cart:7070', 'cilium');
    expect(found).toMatchObject({ outcome: 'denied', nearest: undefined, codes: ['no-rule-matches'] });
    const allow = 'ingress: [{ fromEndpoints: [{ matchLabels: { app: web } }] }]';
    const both = ask([FRONTEND, CART, cilium(`${DENY}\n  ${allow}`)], 'frontend', 'pod/cart:7070', 'cilium');
    expect(both).toMatchObject({ outcome: 'denied', nearest: 'cart ingress[0]', codes: ['peer-label-mismatch'] });
  });
});
