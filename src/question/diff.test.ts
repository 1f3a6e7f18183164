// What changed, and because of what: small shops before and after an edit.
import { describe, expect, test } from 'vitest';
import { clusterOf } from '../../tests/shop-manifests.ts';
import { printPlace } from '../explain/place.ts';
import { printPortSet } from '../net/port-set.ts';
import { chooseProfile, type ProfileChoice } from '../profile/choose.ts';
import { countRows, type DiffAnswer, type DiffCause, diff, placeOfCause, rowFails } from './diff.ts';

const deployment = (name: string, labels = `app: ${name}`, ports = '[{ name: http, containerPort: 8080 }]', namespace = 'shop') => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  replicas: 1
  template:
    metadata:
      labels:
        ${labels}
    spec: { containers: [{ name: main, ports: ${ports} }] }
`;
const SHOP = [deployment('frontend'), deployment('cart'), deployment('checkout')];

const policy = (name: string, spec: string, namespace = 'shop') => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: ${namespace} }
spec:
${spec}`;

const CART = policy(
  'cart',
  `  podSelector: { matchLabels: { app: cart } }
  ingress:
    - from:
        - podSelector: { matchLabels: { app: frontend } }
      ports:
        - port: 8080
`,
);
const DENY = policy('default-deny', '  podSelector: {}\n  policyTypes: [Ingress]\n');
const frontendTo = (app: string) =>
  policy(
    `allow-${app}`,
    `  podSelector: { matchLabels: { app: ${app} } }\n  ingress:\n    - from: [{ podSelector: { matchLabels: { app: frontend } } }]\n`,
  );

function compare(before: readonly string[], after: readonly string[], profile = 'calico'): DiffAnswer {
  return diff(clusterOf(...before), clusterOf(...after), chooseProfile(profile) as ProfileChoice);
}

const causeWords = (cause: DiffCause) => {
  const { at, inState } = placeOfCause(cause);
  return `${cause.edit.kind} ${cause.edit.ref} ${cause.edit.change} ${inState} ${printPlace(at)}`;
};

/** `opened shop/frontend[Deployment] > shop/cart[Deployment] none > TCP 8080 | NetworkPolicy shop/cart added after 4.yaml:2`; workloads only. */
const rows = (answer: DiffAnswer) =>
  [...answer.rows()]
    .filter(({ from, to }) => from.startsWith('shop/') && to.startsWith('shop/'))
    .map(
      (row) =>
        `${row.change} ${row.from.slice(5, -12)} > ${row.to.slice(5, -12)} ${printPortSet(row.before)} > ${printPortSet(row.after)} | ${row.causes.map(causeWords).join(', ')}${row.isEachEnough ? ' (each)' : ''}`,
    );

describe('a change of policies', () => {
  test('two equal states have no row, no edit and no reason', () => {
    const answer = compare([...SHOP, CART], [...SHOP, CART]);
    expect({ ...answer, rows: [...answer.rows()] }).toMatchObject({
      rows: [],
      edits: [],
      isolation: [],
      inert: [],
      unseen: [],
      order: undefined,
    });
  });

  test('what only moved in its file, or was written another way, is no change', () => {
    const other = CART.replace('- port: 8080', '- protocol: TCP\n          port: 8080');
    expect(rows(compare([...SHOP, CART], [CART, '# a comment\n', other, ...SHOP]))).toEqual([]);
  });

  test('a new policy closes what it does not allow, and the rule is not what closes it', () => {
    const answer = compare(SHOP, [...SHOP, CART]);
    expect(rows(answer)).toEqual([
      'closed checkout > cart all > none | NetworkPolicy shop/cart added after 4.yaml:2',
      'changed frontend > cart all > TCP 8080 | NetworkPolicy shop/cart added after 4.yaml:2',
    ]);
    expect(answer.isolation.map(({ workload, direction, change }) => `${workload} ${direction} ${change}`)).toEqual([
      'shop/cart[Deployment] ingress gained',
    ]);
  });

  test('a port that became another one is told with its line', () => {
    expect(rows(compare([...SHOP, CART], [...SHOP, CART.replace('8080', '9090')]))).toEqual([
      'changed frontend > cart TCP 8080 > TCP 9090 | NetworkPolicy shop/cart changed after 4.yaml:11',
    ]);
  });

  test('of several rules of a policy the one that lets it through is named', () => {
    const rule = (app: string) => `    - from:\n        - podSelector: { matchLabels: { app: ${app} } }\n`;
    const with2 = policy('cart', `  podSelector: { matchLabels: { app: cart } }\n  ingress:\n${rule('frontend')}`);
    const with3 = policy(
      'cart',
      `  podSelector: { matchLabels: { app: cart } }\n  ingress:\n${rule('nobody')}${rule('frontend')}${rule('checkout')}`,
    );
    expect(rows(compare([...SHOP, with2], [...SHOP, with3]))).toEqual([
      'opened checkout > cart none > all | NetworkPolicy shop/cart changed after 4.yaml:12',
    ]);
    expect(rows(compare([...SHOP, with3], [...SHOP, with2]))).toEqual([
      'closed checkout > cart all > none | NetworkPolicy shop/cart changed before 4.yaml:12',
    ]);
  });

  test('two edits that are both needed are both named, and each of two that would do it alone is', () => {
    const egress = policy('frontend-egress', '  podSelector: { matchLabels: { app: frontend } }\n  policyTypes: [Egress]\n  egress: []\n');
    const opened = compare([...SHOP, CART.replace('app: frontend', 'app: nobody'), egress], [...SHOP, CART, egress.replace('[]', '[{}]')]);
    expect(rows(opened)).toContain(
      'opened frontend > cart none > TCP 8080 | NetworkPolicy shop/frontend-egress changed after 5.yaml:8, NetworkPolicy shop/cart changed after 4.yaml:9',
    );
    const closed = compare(SHOP, [...SHOP, DENY, CART]);
    expect(rows(closed)).toContain(
      'closed checkout > cart all > none | NetworkPolicy shop/default-deny added after 4.yaml:2, NetworkPolicy shop/cart added after 5.yaml:2 (each)',
    );
  });

  test('a policy that is gone uncovers its pods, and stands in the old file', () => {
    const answer = compare([...SHOP, CART], SHOP);
    expect(rows(answer)[0]).toBe('opened checkout > cart none > all | NetworkPolicy shop/cart removed before 4.yaml:2');
    const [lost] = answer.isolation;
    expect(lost).toMatchObject({ workload: 'shop/cart[Deployment]', direction: 'ingress', change: 'lost' });
    expect(lost?.causes.map(causeWords)).toEqual(['NetworkPolicy shop/cart removed before 4.yaml:2']);
  });
});

describe('a change of labels', () => {
  test('a subject that is relabelled loses its isolation, and its policy means nobody any more', () => {
    const answer = compare([...SHOP, CART], [SHOP[0] as string, deployment('cart', 'app: kart'), SHOP[2] as string, CART]);
    const [lost] = answer.isolation;
    expect(lost).toMatchObject({ workload: 'shop/cart[Deployment]', change: 'lost' });
    expect(lost?.causes.map(causeWords)).toEqual(['Deployment shop/cart changed after 2.yaml:10']);
    expect(lost?.causes[0]?.place).toMatchObject({ was: 'app=cart', now: 'app=kart' });
    expect(answer.inert).toMatchObject([{ what: 'selects-nothing', policy: { ref: 'shop/cart' } }]);
    expect(rows(answer)).toContain('opened checkout > cart none > all | Deployment shop/cart changed after 2.yaml:10');
  });

  test('a peer that is relabelled loses its access, and the rule means nobody', () => {
    const answer = compare([...SHOP, CART], [deployment('frontend', 'app: front-end'), ...SHOP.slice(1), CART]);
    expect(rows(answer)).toEqual(['closed frontend > cart TCP 8080 > none | Deployment shop/frontend changed after 1.yaml:10']);
    expect(answer.inert).toMatchObject([{ what: 'peer-selects-nothing', peer: 0 }]);
    expect(answer.isolation).toEqual([]);
  });

  test('a peer that is new and means nobody here is not called inert: what it opens cannot be seen', () => {
    const monitoring = '        - namespaceSelector: { matchLabels: { team: monitoring } }\n      ports:';
    const answer = compare([...SHOP, CART], [...SHOP, CART.replace('      ports:', monitoring)]);
    expect(answer).toMatchObject({ inert: [], unseen: [{ policy: { ref: 'shop/cart' }, peer: 1 }] });
    const fresh = policy('fresh', '  podSelector: {}\n  ingress: [{ from: [{ podSelector: { matchLabels: { app: scraper } } }] }]\n');
    expect(compare(SHOP, [...SHOP, fresh])).toMatchObject({ inert: [], unseen: [{ policy: { ref: 'shop/fresh' }, peer: 0 }] });
    // Here it stands where the peer was that meant somebody.
    const slip = compare([...SHOP, CART], [...SHOP, CART.replace('app: frontend', 'app: front-end')]);
    expect(slip).toMatchObject({ inert: [{ what: 'peer-selects-nothing', peer: 0 }], unseen: [] });
  });

  test('a label that no selector looks at is no edit', () => {
    expect(compare([...SHOP, CART], [deployment('frontend', 'app: frontend\n        version: "2"'), ...SHOP.slice(1), CART]).edits).toEqual(
      [],
    );
  });

  test('a namespace that is relabelled moves all of its pods, also for policies that nobody edited', () => {
    const space = (labels: string) => `
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    ${labels}
`;
    const pay = policy(
      'bank',
      '  podSelector: {}\n  ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: red } } }] }]\n',
      'pay',
    );
    const bank = deployment('bank', 'app: bank', '[]', 'pay');
    const answer = compare([space('team: red'), SHOP[0] as string, bank, pay], [space('team: blue'), SHOP[0] as string, bank, pay]);
    const all = [...answer.rows()];
    expect(all.map(({ change, from, to }) => `${change} ${from} > ${to}`)).toEqual([
      'closed shop/frontend[Deployment] > pay/bank[Deployment]',
    ]);
    expect(all[0]?.causes.map(causeWords)).toEqual(['Namespace shop changed after 1.yaml:7']);
  });

  test('a port name of the container decides as a label does', () => {
    const named = CART.replace('port: 8080', 'port: http');
    const answer = compare(
      [...SHOP, named],
      [SHOP[0] as string, deployment('cart', 'app: cart', '[{ name: web, containerPort: 8080 }]'), SHOP[2] as string, named],
    );
    expect(rows(answer)).toEqual(['closed frontend > cart TCP 8080 > none | Deployment shop/cart changed after 2.yaml:11']);
  });
});

describe('workloads that come and go', () => {
  test('bring their connections with them, and that is the reason', () => {
    const answer = compare(SHOP.slice(0, 2), SHOP);
    expect(answer.workloads).toEqual({ added: ['shop/checkout[Deployment]'], removed: [] });
    expect(rows(answer)[0]).toBe('opened cart > checkout none > all | Deployment shop/checkout added after 3.yaml:2');
    expect([...answer.rows()][0]?.comes).toEqual(['shop/checkout[Deployment]']);
  });

  test('pods with new names under the same workload are no change', () => {
    const pod = (name: string, ip: string) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: cart }, ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: cart-1, controller: true }] }
spec: { nodeName: n1, containers: [{ name: main }] }
status: { phase: Running, podIP: ${ip} }
`;
    expect(
      rows(compare([SHOP[0] as string, pod('cart-a', '10.0.0.1'), CART], [SHOP[0] as string, pod('cart-b', '10.0.0.2'), CART])),
    ).toEqual([]);
  });
});

describe('an Ingress', () => {
  const service = (port: number) => `
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ port: 80, targetPort: ${port} }] }
`;
  const ingress = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec: { rules: [{ http: { paths: [{ path: /cart, pathType: Prefix, backend: { service: { name: cart, port: { number: 80 } } } }] } }] }
`;
  test('that is new opens the way from the controller, and a Service that leads elsewhere closes it', () => {
    const opened = [...compare([...SHOP, service(8080)], [...SHOP, service(8080), ingress]).rows()];
    expect(opened.map(({ change, from, to }) => `${change} ${from} > ${to}`)).toEqual([
      'opened {ingress-controller} > shop/cart[Deployment]',
    ]);
    expect(opened[0]?.causes.map(causeWords)).toEqual(['Ingress shop/shop added after 5.yaml:2']);
    const closed = [...compare([...SHOP, service(8080), ingress], [...SHOP, service(81), ingress]).rows()];
    expect(closed[0]?.causes.map(causeWords)).toEqual(['Service shop/cart changed after 4.yaml:2']);
  });
});

describe('applying the edits', () => {
  test('a deny beside an allow has to come after it', () => {
    const { order } = compare(SHOP, [...SHOP, DENY, frontendTo('cart')]);
    expect(order?.order.map(({ ref }) => ref)).toEqual(['shop/allow-cart', 'shop/default-deny']);
    expect(order?.risks).toContainEqual(expect.objectContaining({ subject: 'shop/cart[Deployment]', peer: 'shop/frontend[Deployment]' }));
    expect(order?.gaps).toEqual([]);
  });

  test('two allows on pods that nobody isolated yet leave a gap in any order', () => {
    const checkoutTo = frontendTo('cart').replace('allow-cart', 'allow-checkout').replace('app: frontend', 'app: checkout');
    const { order } = compare(SHOP, [...SHOP, frontendTo('cart'), checkoutTo]);
    expect(order?.gaps.length).toBeGreaterThan(0);
  });

  test('allows on pods that are isolated already can come in any order', () => {
    expect(compare([...SHOP, DENY], [...SHOP, DENY, frontendTo('cart'), frontendTo('checkout')]).order).toBeUndefined();
  });

  test.each([
    ['calico', 'kept'],
    ['cilium', 'cut'],
    ['kubernetes', 'open'],
  ])('%s: connections that are open are %s', (profile, value) => {
    const { established } = compare(SHOP, [...SHOP, CART], profile);
    expect(established.value).toBe(value);
    expect(established.says.length > 0).toBe(value === 'open');
  });
});

describe('what the profile leaves open', () => {
  const block = policy(
    'cart',
    '  podSelector: { matchLabels: { app: cart } }\n  ingress: [{ from: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }]\n',
  );
  test('stands apart, is no opened connection, and can be asked for', () => {
    const closed = policy('cart', '  podSelector: { matchLabels: { app: cart } }\n');
    const answer = compare([...SHOP, closed], [...SHOP, block], 'kubernetes');
    const inside = [...answer.rows()].filter(({ from }) => from.startsWith('shop/'));
    expect(inside.map(({ change, from }) => `${change} ${from}`)).toEqual([
      'undecided shop/checkout[Deployment]',
      'undecided shop/frontend[Deployment]',
    ]);
    expect(inside[0]?.because.length).toBeGreaterThan(0);
    const [row] = inside;
    if (row === undefined) throw new Error('no row');
    expect(rowFails(row, new Set(['opened']))).toBe(false);
    expect(rowFails(row, new Set(['undecided']))).toBe(true);
    expect(countRows(inside, []).undecided).toBe(2);
  });

  test('a policy that cannot be read leaves open what it was deciding', () => {
    const broken = CART.replace('port: 8080', 'port: 123456');
    const answer = compare([...SHOP, CART], [...SHOP, broken]);
    expect(answer.isolation.map(({ change }) => change)).toEqual(['unsure']);
    expect(rows(answer).every((row) => row.startsWith('undecided'))).toBe(true);
    expect(rows(answer)).not.toEqual([]);
  });
});

describe('a change under kube-router', () => {
  const both = (directions: string) =>
    policy('both', `  podSelector: {}\n  policyTypes: [${directions}]\n  ingress: [{ from: [{ podSelector: {} }] }]\n`);
  const split = [both('Ingress'), policy('shut', '  podSelector: {}\n  policyTypes: [Egress]\n')];
  const told = ({ departures }: DiffAnswer) => [
    departures?.appear.map(({ from, to, shapes }) => `${from} > ${to} ${shapes}`),
    departures?.go.map(({ from, to, shapes }) => `${from} > ${to} ${shapes}`),
  ];
  const shop = [deployment('frontend'), deployment('cart')];
  const between = ['shop/cart[Deployment] > shop/frontend[Deployment] leak', 'shop/frontend[Deployment] > shop/cart[Deployment] leak'];

  test('says what stays open although the new policy denies it, and what a split shuts', () => {
    expect(told(compare(shop, [...shop, both('Ingress, Egress')], 'k3s'))).toEqual([between, []]);
    expect(told(compare([...shop, both('Ingress, Egress')], [...shop, ...split], 'k3s'))).toEqual([[], between]);
  });

  test('says nothing of a change that touches no such shape, nor under another enforcer', () => {
    const leaking = [...shop, both('Ingress, Egress')];
    expect(told(compare(shop, [...shop, ...split], 'k3s'))).toEqual([[], []]);
    expect(told(compare(leaking, [...leaking, CART], 'k3s'))).toEqual([[], []]);
    expect(compare(shop, leaking, 'calico').departures).toBeUndefined();
  });
});
