import { describe, expect, it } from 'vitest';
import { lineAnswerer } from '../answer/verdict-lines.ts';
import { loadCluster } from '../manifest/load.ts';
import { chooseProfile, isUnknown, semanticsOf } from '../profile/choose.ts';
import { reachOf } from '../reach/reach.ts';
import { why } from './why.ts';

const choice = chooseProfile('calico-iptables');
if (isUnknown(choice)) throw new Error('no profile calico-iptables');
const calico = semanticsOf(choice);

function pod(name: string, ...ips: string[]): string {
  return `apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${name} } }
spec: { nodeName: worker-1, containers: [{ name: ${name}, ports: [{ containerPort: 7070 }] }] }
status: { phase: Running, podIPs: [${ips.map((ip) => `{ ip: '${ip}' }`).join(', ')}], conditions: [{ type: Ready, status: 'True' }] }
`;
}

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: 7070 }], ${spec} }
`;

const FROM_IPV4 = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [{ ipBlock: { cidr: 10.244.0.0/16 } }] }] }
`;
/** Lets IPv4 out and IPv6 in. */
const CROSSED = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: frontend, namespace: shop }
spec:
  podSelector: { matchLabels: { app: frontend } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 'fd00::/16' } }] }]
`;

const DUAL = [pod('frontend', '10.244.0.5', 'fd00::5'), pod('cart', '10.244.0.6', 'fd00::6')];

function ask(texts: readonly string[], from: string, to: string) {
  const cluster = loadCluster([{ file: 'shop.yaml', text: texts.join('---\n') }]);
  const answer = why(cluster, calico, { from, to, namespace: 'shop' });
  if (answer.kind === 'error') throw new Error(answer.errors.map(({ code }) => code).join());
  const [connection] = answer.connections;
  return {
    outcome: answer.outcome,
    codes: connection?.codes,
    legs: connection?.legs.map(({ leg, outcome }) => `${leg.family === undefined ? '' : `IPv${leg.family} `}${outcome}`),
  };
}

function verdicts(texts: readonly string[], ...questions: readonly object[]) {
  const answer = lineAnswerer(reachOf(loadCluster([{ file: 'shop.yaml', text: texts.join('---\n') }]), calico));
  return questions.map((question) => JSON.parse(answer(JSON.stringify(question)) ?? 'null'));
}

describe('two ends with both address families', () => {
  it('are asked about both, and where the verdicts differ the answer is partial, with that of each', () => {
    expect(ask([...DUAL, FROM_IPV4], 'shop/frontend', 'shop/cart:7070')).toEqual({
      outcome: 'partial',
      codes: ['families-differ', 'other-family'],
      legs: ['IPv4 allowed', 'IPv6 denied'],
    });
  });
  it('are denied where one end stops IPv4 and the other IPv6', () => {
    const found = ask([...DUAL, FROM_IPV4, CROSSED], 'shop/frontend', 'shop/cart:7070');
    expect(found).toMatchObject({ outcome: 'denied', legs: ['IPv4 denied', 'IPv6 denied'] });
    expect(found.codes).not.toContain('families-differ');
  });
  it.each([
    ['10.244.0.5', '10.244.0.6:7070', 'allowed'],
    ['fd00::5', '[fd00::6]:7070', 'denied'],
    ['shop/frontend', '[fd00::6]:7070', 'denied'],
    ['10.244.0.5', 'shop/cart:7070', 'allowed'],
    ['10.244.0.5', '[fd00::6]:7070', 'broken'],
  ])('named by an address, mean its family: %s to %s', (from, to, outcome) => {
    expect(ask([...DUAL, FROM_IPV4], from, to).outcome).toBe(outcome);
  });
  it.each([
    ['clusterIP: 10.96.0.5', 'allowed'],
    ["clusterIP: 'fd00:96::5'", 'denied'],
    ["clusterIP: 10.96.0.5, clusterIPs: [10.96.0.5, 'fd00:96::5']", 'partial'],
    ['ipFamilies: [IPv6]', 'denied'],
    ['type: ClusterIP', 'partial'],
  ])('are asked about over the families of the Service between them: %s', (spec, outcome) => {
    expect(ask([...DUAL, FROM_IPV4, service(spec)], 'shop/frontend', 'shop/svc/cart:80').outcome).toBe(outcome);
  });
  it('in `verdicts` as in `why`', () => {
    const found = verdicts(
      [...DUAL, FROM_IPV4],
      { from: 'shop/frontend', to: 'shop/cart', port: 7070 },
      { from: '10.244.0.5', to: 'shop/cart', port: 7070 },
      { from: 'shop/frontend', to: 'fd00::6', port: 7070 },
      { from: '10.244.0.5', to: 'fd00::6', port: 7070 },
    );
    expect(found).toMatchObject([
      {
        outcome: 'partial',
        families: { IPv4: 'allowed', IPv6: 'denied' },
        ingress: { outcome: 'partial', families: { IPv4: { rules: ['shop/cart ingress[0]'] }, IPv6: { policies: ['shop/cart'] } } },
      },
      { outcome: 'allowed' },
      { outcome: 'denied' },
      { outcome: 'broken', egress: { because: 'no-common-family' } },
    ]);
    expect(found[1].families).toBeUndefined();
  });
});

describe('ends without a common address family', () => {
  const APART = [pod('frontend', '10.244.0.5'), pod('cart', 'fd00::6')];
  it.each([
    ['shop/cart:7070', APART],
    ['shop/svc/cart:80', [pod('frontend', '10.244.0.5'), DUAL[1] ?? '', service("clusterIP: 'fd00:96::5'")]],
    ['[fd00::6]:7070', [pod('frontend', '10.244.0.5'), DUAL[1] ?? '']],
    ['[2001:db8::9]:443', [pod('frontend', '10.244.0.5')]],
  ])('are broken by that, whatever policies say: %s', (to, texts) => {
    expect(ask(texts, 'shop/frontend', to)).toEqual({ outcome: 'broken', codes: ['no-common-family'], legs: [] });
  });
  it('in `verdicts` too, beside a pair that has one', () => {
    expect(
      verdicts(
        [...APART, pod('checkout', '10.244.0.7', 'fd00::7')],
        ...['cart', 'checkout'].map((to) => ({ from: 'shop/frontend', to: `shop/${to}`, port: 7070 })),
      ),
    ).toMatchObject([{ outcome: 'broken' }, { outcome: 'allowed' }]);
  });
});
