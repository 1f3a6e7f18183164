import { describe, expect, test } from 'vitest';
import { clusterOfPlan, PLAIN, type Plan, type PodPlan, semanticsOfPlan } from '../../tests/arbitraries/plan.ts';
import type { Ingress, Service } from '../model/cluster.ts';
import { printPortSet } from '../net/port-set.ts';
import { doubtKey } from '../policy/verdict.ts';
import { type ConnectionOptions, connectionsBySource, connectionsOf } from './connections.ts';
import { reachOf } from './reach.ts';

const pod = (name: string, more: Partial<PodPlan> = {}): PodPlan => ({
  namespace: 'shop',
  name,
  labels: { app: name },
  ports: [],
  addresses: [],
  ...more,
});
const plan = (more: Partial<Plan>): Plan => ({ semantics: {}, namespaces: {}, nodes: [], pods: [], policies: [], tiers: [], ...more });
const policy = (name: string, spec: unknown) => ({ namespace: 'shop', name, spec });
const selecting = (app: string) => ({ podSelector: { matchLabels: { app } } });
const fromPods = (app: string, ports?: unknown) => [{ from: [selecting(app)], ...(ports !== undefined && { ports }) }];

/** `from → to: ports`, undecided rows with `?`. */
function rows(given: Plan, options: ConnectionOptions = {}): string[] {
  const map = connectionsOf(reachOf(clusterOfPlan(given), semanticsOfPlan(given)), options);
  return [
    ...map.connections.map(({ from, to, allowed }) => `${from} → ${to}: ${printPortSet(allowed)}`),
    ...map.undecided.map(({ from, to, ports, because }) => `${from} → ${to}: ${printPortSet(ports)}? ${because.map(doubtKey).join('; ')}`),
  ];
}
const isOutside = (row: string) => row.split(/ → |: /, 2).some((name) => /^[0-9a-f:.]+-[0-9a-f:.]+$/.test(name));
const between = (given: Plan, options?: ConnectionOptions) => rows(given, options).filter((row) => !isOutside(row));
const withOutside = (given: Plan, options?: ConnectionOptions) => rows(given, options).filter(isOutside);

describe('rows between ends with both address families', () => {
  const [v4, v6] = ['10.244.0.0/16', 'fd00::/16'];
  const pods = [pod('front', { addresses: ['10.244.0.5', 'fd00::5'] }), pod('cart', { addresses: ['10.244.0.6', 'fd00::6'] })];
  const out = (cidr: string) =>
    policy('front-egress', { ...selecting('front'), policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr } }] }] });
  const into = (cidr: string, ports?: unknown) =>
    policy('cart-ingress', { ...selecting('cart'), ingress: [{ from: [{ ipBlock: { cidr } }], ...(ports !== undefined && { ports }) }] });
  const semantics = { ipBlockMatchesPod: 'yes' } as const;
  const toCart = (...policies: Plan['policies']) =>
    between(plan({ semantics, pods, policies })).filter((row) => row.startsWith('shop/front[Pod] → shop/cart'));

  test('are denied where one end lets out IPv4 only and the other lets in IPv6 only', () => {
    expect(toCart(out(v4), into(v6))).toEqual([]);
  });

  test('say that the families differ where both ends let through the same one', () => {
    expect(toCart(out(v4), into(v4))).toEqual(['shop/front[Pod] → shop/cart[Pod]: all? families-differ']);
  });

  test('say so on the ports where it is so', () => {
    const crossedBut7070 = into(v6, [{ port: 80 }]);
    const alsoIPv4 = { ...into(v4, [{ port: 7070 }]), name: 'cart-ingress-4' };
    expect(toCart(out(v4), crossedBut7070, alsoIPv4)).toEqual(['shop/front[Pod] → shop/cart[Pod]: TCP 7070? families-differ']);
  });
});

describe('rows under a rule that denies everything but an IPv4 block', () => {
  const rule = { action: 'deny', peers: [{ not: { cidr: '0.0.0.0/0', includesCluster: true } }], ports: 'every-port' } as const;
  const tiers: Plan['tiers'] = [
    {
      needs: 'cnp',
      tier: 'admin',
      order: 0,
      name: 'only-ipv4',
      namespaces: 'any',
      pods: { matchLabels: { app: 'front' } },
      ingress: [],
      egress: [rule],
      faulty: false,
    },
  ];
  const toCart = (addresses: readonly string[]) =>
    between(plan({ pods: [pod('front', { addresses }), pod('cart', { addresses })], tiers })).filter((row) =>
      row.startsWith('shop/front[Pod]'),
    );

  test('stay where the family is IPv4, and are open where no address is known', () => {
    expect(toCart(['10.0.0.1'])).toEqual(['shop/front[Pod] → shop/cart[Pod]: all']);
    expect(toCart([])).toEqual([
      'shop/front[Pod] → shop/cart[Pod]: all? address-unknown shop/cart ClusterNetworkPolicy only-ipv4 egress[0]',
    ]);
  });

  test('are denied in IPv6', () => {
    expect(toCart(['fd00::1'])).toEqual([]);
  });
});

describe('rows between workloads', () => {
  const cartOnly = policy('cart-ingress', { ...selecting('cart'), ingress: fromPods('front', [{ port: 7070 }]) });

  test('are what both ends allow; a workload has no row with itself', () => {
    const pods = [pod('front'), pod('cart'), pod('pay')];
    const stop = policy('front-egress', {
      ...selecting('front'),
      policyTypes: ['Egress'],
      egress: [{ to: [selecting('cart')], ports: [{ port: 7070 }, { port: 53, protocol: 'UDP' }] }],
    });
    expect(between(plan({ pods, policies: [cartOnly, stop] }))).toEqual([
      'shop/cart[Pod] → shop/front[Pod]: all',
      'shop/cart[Pod] → shop/pay[Pod]: all',
      'shop/front[Pod] → shop/cart[Pod]: TCP 7070',
      'shop/pay[Pod] → shop/front[Pod]: all',
    ]);
  });

  test('name the pods of a workload that is in the middle of a rollout, and of no other', () => {
    const pods = [
      pod('cart-1', { owner: 'cart', labels: { app: 'cart' } }),
      pod('cart-2', { owner: 'cart', labels: { app: 'cart-next' } }),
      pod('front-1', { owner: 'front', labels: { app: 'front', hash: '1' } }),
      pod('front-2', { owner: 'front', labels: { app: 'front', hash: '2' } }),
    ];
    expect(between(plan({ pods, policies: [cartOnly] }))).toEqual([
      // What is not listed is not allowed, so two pods that stand for themselves are a pair also within their workload.
      'shop/cart-1 → shop/cart-2: all',
      'shop/cart-1 → shop/front[Deployment]: all',
      'shop/cart-2 → shop/front[Deployment]: all',
      'shop/front[Deployment] → shop/cart-1: TCP 7070',
      'shop/front[Deployment] → shop/cart-2: all',
    ]);
    expect(between(plan({ pods, policies: [cartOnly] }), { pods: true })).toContain('shop/front-2 → shop/cart-1: TCP 7070');
  });

  test('with an end for every pod have those between the pods of one workload, and none from a pod to itself', () => {
    const pods = [1, 2].map((number) => pod(`cart-${number}`, { owner: 'cart', labels: { app: 'cart' } }));
    const gossip = policy('gossip', {
      ...selecting('cart'),
      policyTypes: ['Ingress'],
      ingress: [{ from: [selecting('cart')], ports: [{ port: 7946 }] }],
    });
    const rows = ['shop/cart-1 → shop/cart-2: TCP 7946', 'shop/cart-2 → shop/cart-1: TCP 7946'];
    expect(between(plan({ pods, policies: [gossip] }), { pods: true })).toEqual(rows);
    expect(between(plan({ pods, policies: [gossip] }), { pods: true, focus: { ends: ['shop/cart-2'], direction: 'ingress' } })).toEqual([
      rows[0],
    ]);
    expect(between(plan({ pods, policies: [gossip] }))).toEqual([]);
  });

  test('leave out pods that have completed, unless the workload has no others', () => {
    const pods = [
      pod('cart-1', { owner: 'cart', labels: { app: 'cart' } }),
      pod('cart-old', { owner: 'cart', labels: { app: 'cart' }, phase: 'Failed' }),
      pod('job', { phase: 'Succeeded' }),
    ];
    expect(between(plan({ pods, policies: [policy('deny', { podSelector: {} })] }))).toEqual([
      'shop/cart[Deployment] → shop/job[Pod]: all',
    ]);
  });

  test('are not split by a pod that waits for its address', () => {
    const block = policy('cart-ingress', { ...selecting('cart'), ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' } }] }] });
    const pods = [
      pod('cart', { addresses: ['10.0.0.9'] }),
      pod('front-1', { owner: 'front', labels: { app: 'front' }, addresses: ['10.0.0.1'] }),
      pod('front-2', { owner: 'front', labels: { app: 'front' }, phase: 'Pending' }),
    ];
    expect(between(plan({ pods, policies: [block] }))).toEqual([
      'shop/cart[Pod] → shop/front[Deployment]: all',
      'shop/front[Deployment] → shop/cart[Pod]: all',
    ]);
    expect(between(plan({ pods, policies: [block] }), { pods: true })).toContain(
      'shop/front-2 → shop/cart: all? address-unknown shop/front-2 NetworkPolicy shop/cart-ingress ingress[0]',
    );
  });

  test('say what keeps ports open, beside what is allowed anyway', () => {
    const range = policy('cart-ingress', { ...selecting('cart'), ingress: fromPods('front', [{ port: 7000, endPort: 7009 }]) });
    expect(between(plan({ pods: [pod('front'), pod('cart')], policies: [range], semantics: { endPort: 'open' } }))).toEqual([
      'shop/cart[Pod] → shop/front[Pod]: all',
      'shop/front[Pod] → shop/cart[Pod]: TCP 7000',
      'shop/front[Pod] → shop/cart[Pod]: TCP 7001-7009? profile-differs endPort NetworkPolicy shop/cart-ingress ingress[0]',
    ]);
  });

  test('do not repeat what is open for the whole profile', () => {
    const pods = [pod('front'), pod('cart')];
    const map = connectionsOf(reachOf(clusterOfPlan(plan({ pods, policies: [cartOnly] })), { ...PLAIN, sctp: 'open' }));
    expect(map.undecided).toEqual([]);
    expect(map.everywhere.map(({ ports, because }) => `${printPortSet(ports)} ${because.map(doubtKey).join()}`)).toEqual([
      'SCTP 1-65535 profile-differs sctp',
    ]);
    expect(connectionsOf(reachOf(clusterOfPlan(plan({ pods })), PLAIN)).everywhere).toEqual([]);
  });

  test('come source by source, each source once and sorted', () => {
    const pods = [pod('pay'), pod('front'), pod('cart')];
    const sources = [...connectionsBySource(reachOf(clusterOfPlan(plan({ pods })), PLAIN))].map(({ from }) => from);
    expect(sources).toEqual(['0.0.0.0-255.255.255.255', 'shop/cart[Pod]', 'shop/front[Pod]', 'shop/pay[Pod]']);
  });
});

describe('rows with pods in the network of their node', () => {
  const agent = (name: string, node?: string): PodPlan => ({
    ...pod(name, { owner: 'agent', hostNetwork: true }),
    ...(node !== undefined && { node }),
  });
  const deny = policy('deny', { ...selecting('cart') });
  const ingress = (pods: readonly PodPlan[], semantics: Plan['semantics'] = {}) =>
    between(plan({ pods, policies: [deny], semantics })).filter((row) => row.startsWith('shop/agent'));

  test('are open where only the own node of the pod may pass', () => {
    const cart = pod('cart', { node: 'n1' });
    expect(ingress([agent('agent-1', 'n1'), agent('agent-2', 'n2'), cart])).toEqual([
      'shop/agent[Deployment] → shop/cart[Pod]: all? node-unknown shop/cart',
    ]);
    expect(ingress([agent('agent-1', 'n1'), cart])).toEqual(['shop/agent[Deployment] → shop/cart[Pod]: all']);
    expect(ingress([agent('agent-2', 'n2'), cart])).toEqual([]);
  });

  test('are open where nobody knows the node, and closed where the node is held to policies like everybody', () => {
    expect(ingress([agent('agent-1'), pod('cart', { node: 'n1' })])).toEqual([
      'shop/agent[Deployment] → shop/cart[Pod]: all? node-unknown shop/cart',
    ]);
    expect(ingress([agent('agent-1'), pod('cart', { node: 'n1' })], { localNodeToPod: 'policed' })).toEqual([]);
  });
});

describe('rows with the outside', () => {
  const from = (...blocks: unknown[]) => [{ from: blocks.map((ipBlock) => ({ ipBlock })), ports: [{ port: 443 }] }];
  const office = { cidr: '203.0.113.0/24', except: ['203.0.113.128/25'] };

  test('have the largest ranges that fare alike', () => {
    const pods = [pod('cart'), pod('front')];
    const policies = [policy('cart-ingress', { ...selecting('cart'), ingress: from(office, { cidr: '203.0.113.128/26' }) })];
    expect(withOutside(plan({ pods, policies }))).toEqual([
      '0.0.0.0-255.255.255.255 → shop/front[Pod]: all',
      '203.0.113.0-203.0.113.191 → shop/cart[Pod]: TCP 443',
      'shop/cart[Pod] → 0.0.0.0-255.255.255.255: all',
      'shop/front[Pod] → 0.0.0.0-255.255.255.255: all',
    ]);
  });

  test('can be cut at every border of their direction, so that ranges of different rows never overlap', () => {
    const pods = [pod('cart'), pod('front')];
    const policies = [policy('cart-ingress', { ...selecting('cart'), ingress: from(office) })];
    expect(withOutside(plan({ pods, policies }), { cutEverywhere: true })).toEqual([
      '0.0.0.0-203.0.112.255 → shop/front[Pod]: all',
      '203.0.113.0-203.0.113.127 → shop/cart[Pod]: TCP 443',
      '203.0.113.0-203.0.113.127 → shop/front[Pod]: all',
      '203.0.113.128-255.255.255.255 → shop/front[Pod]: all',
      'shop/cart[Pod] → 0.0.0.0-255.255.255.255: all',
      'shop/front[Pod] → 0.0.0.0-255.255.255.255: all',
    ]);
  });

  test('speak of IPv6 only where the input does, and of IPv4 only where not everything is IPv6', () => {
    const dual = [pod('cart', { addresses: ['10.0.0.1', 'fd00::1'] })];
    expect(withOutside(plan({ pods: dual })).map((row) => row.split(' ')[0])).toContain('::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff');
    expect(withOutside(plan({ pods: [pod('cart', { addresses: ['fd00::1'] })] }))).toEqual([
      '::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff → shop/cart[Pod]: all',
      'shop/cart[Pod] → ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff: all',
    ]);
  });
});

describe('a map in focus', () => {
  const pods = [pod('front'), pod('cart'), pod('pay')];
  const all = plan({ pods, policies: [policy('cart-ingress', { ...selecting('cart'), ingress: fromPods('front', [{ port: 7070 }]) })] });

  test('has the rows of its ends, in the direction asked for', () => {
    const focus = { ends: ['shop/cart[Pod]'] };
    const whole = rows(all).filter((row) => row.includes('shop/cart[Pod]'));
    expect(rows(all, { focus }).sort()).toEqual(whole.sort());
    expect(rows(all, { focus: { ...focus, direction: 'ingress' } })).toEqual(['shop/front[Pod] → shop/cart[Pod]: TCP 7070']);
    expect(rows(all, { focus: { ends: ['shop/cart'], direction: 'egress', peers: ['shop/pay[Pod]'] } })).toEqual([
      'shop/cart[Pod] → shop/pay[Pod]: all',
    ]);
    expect(rows(all, { focus: { ends: ['shop/nobody'] } })).toEqual([]);
  });

  test('on one port has the rows that allow it, and of them that port', () => {
    expect(between(all, { port: { protocol: 'TCP', port: 7070 } })).toContain('shop/front[Pod] → shop/cart[Pod]: TCP 7070');
    expect(between(all, { port: { protocol: 'TCP', port: 7071 } })).toEqual([
      'shop/cart[Pod] → shop/front[Pod]: TCP 7071',
      'shop/cart[Pod] → shop/pay[Pod]: TCP 7071',
      'shop/front[Pod] → shop/pay[Pod]: TCP 7071',
      'shop/pay[Pod] → shop/front[Pod]: TCP 7071',
    ]);
  });
});

describe('the ingress controller', () => {
  const http = [
    { name: 'http', port: 8080, protocol: 'TCP' as const, role: 'main' as const },
    { name: 'metrics', port: 9090, protocol: 'TCP' as const, role: 'main' as const },
  ];
  const shop = clusterOfPlan(plan({ pods: [pod('cart', { ports: http }), pod('front', { ports: http })] }));
  const origin = (shop.pods[0] ?? { origin: undefined }).origin;
  const service = (name: string, ports: Service['ports']) =>
    ({ name, namespace: 'shop', ref: `shop/${name}`, selector: new Map([['app', name]]), clusterIps: [], ports }) as unknown as Service;
  const servicePort = (port: number, targetPort: number | string, name?: string) =>
    ({ name, port, protocol: 'TCP', targetPort, nodePort: undefined, origin }) as Service['ports'][number];
  const ingress = (...backends: readonly (readonly [string, number | string])[]) =>
    ({
      name: 'shop',
      namespace: 'shop',
      ref: 'shop/shop',
      rules: backends.map(([name, port]) => ({ namespace: 'shop', service: name, port })),
    }) as unknown as Ingress;

  function controllerRows(policies: Plan['policies'], ingresses: readonly Ingress[], options: ConnectionOptions = {}): string[] {
    const services = [service('cart', [servicePort(80, 'http', 'web'), servicePort(81, 7000)]), service('front', [servicePort(80, 9090)])];
    const cluster = {
      ...shop,
      policies: clusterOfPlan(plan({ policies })).policies,
      services: new Map(services.map((one) => [one.ref, one])),
      ingresses,
    };
    const { connections } = connectionsOf(reachOf(cluster, PLAIN), options);
    return connections.filter(({ from }) => from === '{ingress-controller}').map(({ to, allowed }) => `${to}: ${printPortSet(allowed)}`);
  }

  test('reaches the target ports behind its backends, by number or name, that the pods declare', () => {
    expect(controllerRows([], [ingress(['cart', 80], ['front', 80])])).toEqual(['shop/cart[Pod]: TCP 8080', 'shop/front[Pod]: TCP 9090']);
    expect(controllerRows([], [ingress(['cart', 'web'])])).toEqual(['shop/cart[Pod]: TCP 8080']);
    expect(controllerRows([], [ingress(['cart', 81])])).toEqual([]);
    expect(controllerRows([], [ingress(['cart', 'nothing'], ['nobody', 80])])).toEqual([]);
    expect(controllerRows([], [])).toEqual([]);
  });

  test('is let in by rules that are open to every pod of every namespace, and by no others', () => {
    const open = (peers: unknown) => [policy('cart-ingress', { ...selecting('cart'), ingress: [{ from: peers }] })];
    const backends = [ingress(['cart', 80])];
    expect(controllerRows(open([{ namespaceSelector: {} }]), backends)).toEqual(['shop/cart[Pod]: TCP 8080']);
    expect(controllerRows(open([{ podSelector: {} }]), backends)).toEqual([]);
    expect(controllerRows(open([{ namespaceSelector: { matchLabels: { team: 'edge' } } }]), backends)).toEqual([]);
  });

  test('can be the focus', () => {
    const backends = [ingress(['cart', 80], ['front', 80])];
    expect(controllerRows([], backends, { focus: { ends: ['{ingress-controller}'] } })).toHaveLength(2);
    expect(controllerRows([], backends, { focus: { ends: ['shop/cart'], direction: 'ingress' } })).toEqual(['shop/cart[Pod]: TCP 8080']);
    expect(controllerRows([], backends, { focus: { ends: ['shop/cart'], direction: 'egress' } })).toEqual([]);
  });
});
