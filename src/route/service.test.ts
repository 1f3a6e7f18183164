import { describe, expect, it } from 'vitest';
import { CART, clusterOf, PAYMENTS, WEB } from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { printPath } from '../model/origin.ts';
import type { Protocol } from '../net/port-set.ts';
import { serviceAt } from './assumed.ts';
import type { Note, Obstacle } from './obstacle.ts';
import { type ServiceWay, waysThrough } from './service.ts';

function ways(cluster: Cluster, ref: string, port?: number | string, protocol?: Protocol): readonly ServiceWay[] {
  const [namespace = '', name = ''] = ref.split('/');
  const service = serviceAt(cluster, namespace, name);
  if (service === undefined) throw new Error(`no Service ${ref}`);
  return waysThrough(cluster, service, { port, protocol });
}

/** `80/TCP → 8080 (2/2) [payments/api:8080] broken:no-ready-endpoint`. */
function said({ port, protocol, targetPorts, ready, total, targets, obstacles }: ServiceWay): string {
  const to = targets.map((target) => `${target.ref}:${target.port}`).join();
  const wrong = obstacles.map(({ severity, code }) => ` ${severity}:${code}`).join('');
  return `${port}/${protocol} → ${targetPorts.join()} (${ready}/${total}) [${to}]${wrong}`;
}
const say = (...args: Parameters<typeof ways>) => ways(...args).map(said);
const only = <T>(list: readonly T[]): T => {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`${list.length} instead of one`);
  return first;
};
const obstacle = (found: readonly ServiceWay[], code: Obstacle['code']) =>
  only(only(found).obstacles.filter((other) => other.code === code));
const place = (found: Obstacle | Note) => found.origin && `${found.origin.document.file} ${printPath(found.origin.path)}`;

const shop = clusterOf(WEB, PAYMENTS, CART);

describe('a Service leads from its port to the target port of its pods', () => {
  it('a named target port, a number, and none at all', () => {
    expect(say(shop, 'payments/api', 80)).toEqual(['80/TCP → 8080 (1/1) [payments/api:8080]']);
    expect(say(shop, 'payments/api', 'http')).toEqual(['80/TCP → 8080 (1/1) [payments/api:8080]']);
    expect(say(shop, 'payments/api', 9090)).toEqual(['9090/TCP → 9090 (1/1) [payments/api:9090]']);
  });
  it('every port when none is asked', () => {
    expect(say(shop, 'payments/api')).toHaveLength(2);
    expect(say(shop, 'payments/api', undefined, 'TCP')).toHaveLength(2);
  });
  it('a name may lead to another number in another pod', () => {
    const two = clusterOf(
      CART.replace('port: 7070 }]', 'port: 7070, targetPort: grpc }]'),
      CART.split('---')[0]?.replace('name: cart,', 'name: cart-v2,').replace('7070', '7071') ?? '',
    );
    expect(say(two, 'shop/cart')).toEqual(['7070/TCP → 7070,7071 (2/2) [shop/cart:7070,shop/cart-v2:7071]']);
  });
});

describe('a port that the Service does not have', () => {
  it('lists those it has, and says what the number is instead', () => {
    const found = ways(shop, 'payments/api', 8080);
    expect(found.map(said)).toEqual(['8080/TCP →  (0/0) [] broken:service-port-missing']);
    expect(obstacle(found, 'service-port-missing').facts).toEqual({
      service: 'payments/api',
      port: 8080,
      ports: ['http 80/TCP → http', 'metrics 9090/TCP → 9090'],
      targetPortOf: 80,
      containerPort: true,
    });
  });
  it('a number that means nothing anywhere', () => {
    expect(obstacle(ways(shop, 'payments/api', 1234), 'service-port-missing').facts).toEqual({
      service: 'payments/api',
      port: 1234,
      ports: ['http 80/TCP → http', 'metrics 9090/TCP → 9090'],
    });
    expect(obstacle(ways(shop, 'shop/cart', 'grps'), 'service-port-missing').facts).toMatchObject({ port: 'grps' });
  });
  it('a node port, and a container port that no Service port leads to', () => {
    const node = clusterOf(CART.replace('port: 7070 }]', 'port: 80, targetPort: grpc, nodePort: 30070 }]'));
    expect(obstacle(ways(node, 'shop/cart', 30070), 'service-port-missing').facts).toMatchObject({ nodePortOf: 80 });
    const hidden = clusterOf(
      CART.replace('ports: [{ name: grpc, containerPort: 7070 }]', 'ports: [{ name: grpc, containerPort: 7070 }, { containerPort: 9000 }]'),
    );
    const { facts } = obstacle(ways(hidden, 'shop/cart', 9000), 'service-port-missing');
    expect(facts).toMatchObject({ containerPort: true });
    expect(facts).not.toHaveProperty('targetPortOf');
  });
  it('the protocol is another', () => {
    expect(obstacle(ways(shop, 'shop/cart', 7070, 'UDP'), 'protocol-mismatch').facts).toMatchObject({ protocol: 'UDP', found: ['TCP'] });
    expect(say(shop, 'shop/cart', 7070, 'TCP')).toEqual(['7070/TCP → 7070 (1/1) [shop/cart:7070]']);
    const udp = clusterOf(CART.replaceAll('7070 }]', '7070, protocol: UDP }]'));
    expect(say(udp, 'shop/cart', 7070)).toEqual(['7070/UDP → 7070 (1/1) [shop/cart:7070]']);
  });
});

describe('a selector that matches nothing', () => {
  const misses = (service: string, ...rest: readonly string[]) => {
    const found = ways(clusterOf(service, ...rest), 'shop/cart');
    expect(obstacle(found, 'selector-matches-nothing')).toMatchObject({ severity: 'broken' });
    return only(found).notes.filter(({ code }) => code === 'selector-near-miss');
  };

  it('names the label that differs, at both places', () => {
    const near = only(misses(CART.replace('selector: { app: cart }', 'selector: { app: crat }')));
    expect(near.facts).toEqual({ service: 'shop/cart', workload: 'shop/cart[Deployment]', key: 'app', wanted: 'crat', found: 'cart' });
    expect(place(near)).toBe('1.yaml spec.selector.app');
    expect(near.also?.map(({ path }) => printPath(path))).toEqual(['spec.template.metadata.labels.app']);
  });
  it('the value stands under another key', () => {
    const near = only(misses(CART.replace('selector: { app: cart }', 'selector: { app.kubernetes.io/name: cart }')));
    expect(near.facts).toMatchObject({ key: 'app.kubernetes.io/name', wanted: 'cart', otherKey: 'app' });
    expect(near.facts).not.toHaveProperty('found');
  });
  it('one label too many', () => {
    const near = only(misses(CART.replace('selector: { app: cart }', 'selector: { app: cart, version: v2 }')));
    expect(near.facts).toMatchObject({ key: 'version', wanted: 'v2' });
  });
  it('the pods are in another namespace', () => {
    const near = only(
      misses(
        CART.replace(
          'name: cart, namespace: shop }\nspec:\n  selector: { matchLabels',
          'name: cart, namespace: shop-v2 }\nspec:\n  selector: { matchLabels',
        ),
      ),
    );
    expect(near.facts).toMatchObject({ workload: 'shop-v2/cart[Deployment]', key: 'metadata.namespace', found: 'shop-v2', wanted: 'shop' });
  });
  it('nothing is near', () => {
    const other = CART.split('---')[0]?.replaceAll('cart', 'mail') ?? '';
    const service = CART.split('---')[1] ?? '';
    expect(misses(service, other)).toEqual([]);
  });
  it('a selector that matches has no such note', () => {
    expect(only(ways(shop, 'shop/cart')).notes).toEqual([]);
  });
});

describe('a target port that the pods do not have', () => {
  it('a name that none declares, or declares with another protocol', () => {
    const none = clusterOf(PAYMENTS.replace('targetPort: http', 'targetPort: web'));
    expect(say(none, 'payments/api', 80)).toEqual(['80/TCP →  (0/1) [] broken:target-port-missing']);
    expect(obstacle(ways(none, 'payments/api', 80), 'target-port-missing').facts).toMatchObject({
      targetPort: 'web',
      pods: ['payments/api'],
      declared: ['http 8080/TCP', 'metrics 9090/TCP'],
    });
    const udp = clusterOf(PAYMENTS.replace('name: http, containerPort: 8080', 'name: http, containerPort: 8080, protocol: UDP'));
    expect(obstacle(ways(udp, 'payments/api', 80), 'target-port-missing').facts).toMatchObject({ otherProtocol: ['UDP'] });
  });
  it('a name that only some declare is a warning, and the others serve', () => {
    const second = PAYMENTS.split('---')[0]?.replace('name: api,', 'name: api-v2,').replace('name: http', 'name: web') ?? '';
    const found = ways(clusterOf(PAYMENTS, second), 'payments/api', 80);
    expect(found.map(said)).toEqual(['80/TCP → 8080 (1/2) [payments/api:8080] warning:target-port-missing']);
    expect(obstacle(found, 'target-port-missing').facts).toMatchObject({ pods: ['payments/api-v2'] });
  });
  it('a name in an init container does not count; one in a sidecar does', () => {
    const init = (policy: string) =>
      clusterOf(
        CART.replace('port: 7070 }]', 'port: 7070, targetPort: proxy }]').replace(
          'containers:\n        - name: server',
          `initContainers: [{ name: proxy, ${policy} ports: [{ name: proxy, containerPort: 15001 }] }]\n      containers:\n        - name: server`,
        ),
      );
    expect(obstacle(ways(init(''), 'shop/cart'), 'target-port-missing').facts).toMatchObject({ inInitContainer: true });
    expect(say(init('restartPolicy: Always,'), 'shop/cart')).toEqual(['7070/TCP → 15001 (1/1) [shop/cart:15001]']);
  });
  it('a number that nobody declares is a warning only, and pods that declare nothing say nothing', () => {
    const undeclared = clusterOf(CART.replace('port: 7070 }]', 'port: 80, targetPort: 8080 }]'));
    expect(say(undeclared, 'shop/cart')).toEqual(['80/TCP → 8080 (1/1) [shop/cart:8080] warning:target-port-undeclared']);
    expect(obstacle(ways(undeclared, 'shop/cart'), 'target-port-undeclared').facts).toMatchObject({
      port: 8080,
      declared: ['grpc 7070/TCP'],
    });
    const silent = clusterOf(
      CART.replace('port: 7070 }]', 'port: 80, targetPort: 8080 }]').replace('ports: [{ name: grpc, containerPort: 7070 }]', 'image: cart'),
    );
    expect(say(silent, 'shop/cart')).toEqual(['80/TCP → 8080 (1/1) [shop/cart:8080]']);
  });
});

const pod = (name: string, status: string, more = '') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: cart }${more} }
spec: { containers: [{ name: server, ports: [{ name: grpc, containerPort: 7070 }] }] }
status: ${status}
`;
const SERVICE = CART.split('---')[1] ?? '';
const READY = '{ phase: Running, podIP: 10.244.0.1, conditions: [{ type: Ready, status: "True" }] }';
const NOT_READY = '{ phase: Running, podIP: 10.244.0.2, conditions: [{ type: Ready, status: "False" }] }';

describe('pods that are not ready', () => {
  it('one that is keeps the Service alive; the others are warned of', () => {
    expect(say(clusterOf(SERVICE, pod('a', READY), pod('b', NOT_READY)), 'shop/cart')).toEqual([
      '7070/TCP → 7070 (1/2) [shop/a:7070] warning:pod-not-ready',
    ]);
  });
  it('none: nobody answers, and the pods that would are named', () => {
    expect(say(clusterOf(SERVICE, pod('b', NOT_READY)), 'shop/cart')).toEqual([
      '7070/TCP → 7070 (0/1) [shop/b:7070] broken:no-ready-endpoint warning:pod-not-ready',
    ]);
    expect(say(clusterOf(SERVICE.replace('spec:', 'spec:\n  publishNotReadyAddresses: true'), pod('b', NOT_READY)), 'shop/cart')).toEqual([
      '7070/TCP → 7070 (1/1) [shop/b:7070]',
    ]);
  });
  it.each([
    ['{ phase: Pending }', '[shop/b:7070] broken:no-ready-endpoint warning:pod-pending'],
    ['{ phase: Succeeded, podIP: 10.244.0.3 }', '[] broken:no-ready-endpoint warning:pod-completed'],
    ['{ phase: Failed }', '[] broken:no-ready-endpoint warning:pod-completed'],
  ])('status %s', (status, wanted) => {
    expect(say(clusterOf(SERVICE, pod('b', status)), 'shop/cart')[0]).toContain(wanted);
  });
  it('a terminating pod gets nothing new', () => {
    const dying = pod('b', READY, ', deletionTimestamp: "2025-01-01T00:00:00Z"');
    const found = ways(clusterOf(SERVICE, dying), 'shop/cart');
    expect(obstacle(found, 'pod-not-ready').facts).toMatchObject({ terminating: true });
    expect(obstacle(found, 'no-ready-endpoint').facts).toMatchObject({ ready: 0, total: 1, source: 'pods' });
  });
  it('a workload that is scaled to zero has no pods', () => {
    const zero = clusterOf(CART.replace('spec:\n  selector: { matchLabels', 'spec:\n  replicas: 0\n  selector: { matchLabels'));
    expect(say(zero, 'shop/cart')).toEqual(['7070/TCP → 7070 (0/1) [shop/cart:7070] broken:scaled-to-zero']);
    expect(say(shop, 'shop/cart')).toEqual(['7070/TCP → 7070 (1/1) [shop/cart:7070]']);
  });
});

const slice = (endpoints: string, ports = '[{ name: grpc, port: 7070 }]') => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: cart-abc, namespace: shop, labels: { kubernetes.io/service-name: cart } }
addressType: IPv4
ports: ${ports}
endpoints: ${endpoints}
`;

describe('EndpointSlices say who is behind a Service', () => {
  const target = (name: string) => `targetRef: { kind: Pod, name: ${name}, namespace: shop }`;

  it('and they are believed before the pods are', () => {
    const cluster = clusterOf(
      SERVICE,
      pod('a', NOT_READY),
      slice(`[{ addresses: [10.244.0.1], ${target('a')}, conditions: { ready: true } }]`),
    );
    expect(say(cluster, 'shop/cart')).toEqual(['7070/TCP → 7070 (1/1) [shop/a:7070]']);
  });
  it('not ready ones are none', () => {
    const cluster = clusterOf(
      SERVICE,
      pod('a', READY),
      slice(`[{ addresses: [10.244.0.1], ${target('a')}, conditions: { ready: false } }]`),
    );
    expect(say(cluster, 'shop/cart')[0]).toContain('(0/1) [shop/a:7070] broken:no-ready-endpoint');
    expect(obstacle(ways(cluster, 'shop/cart'), 'no-ready-endpoint').facts).toMatchObject({ source: 'endpoints' });
  });
  it('an empty list means nobody, whatever the pods look like', () => {
    const cluster = clusterOf(SERVICE, pod('a', READY), slice('[]'));
    expect(say(cluster, 'shop/cart')[0]).toContain('(0/1) [shop/a:7070] broken:no-ready-endpoint');
  });
  it('a port of another name is another port', () => {
    const cluster = clusterOf(
      SERVICE,
      pod('a', READY),
      slice(`[{ addresses: [10.244.0.1], ${target('a')} }]`, '[{ name: other, port: 7071 }]'),
    );
    expect(say(cluster, 'shop/cart')[0]).toContain('broken:target-port-missing');
  });
  it('a port of another protocol is another port', () => {
    const cluster = clusterOf(
      SERVICE,
      pod('a', READY),
      slice(`[{ addresses: [10.244.0.1], ${target('a')} }]`, '[{ name: grpc, port: 7070, protocol: UDP }]'),
    );
    expect(say(cluster, 'shop/cart')[0]).toContain('broken:target-port-missing');
  });
  it('a pod that is not in the input is believed to have the labels of the selector', () => {
    const cluster = clusterOf(SERVICE, slice(`[{ addresses: [10.244.0.9], ${target('gone')} }]`));
    const way = only(ways(cluster, 'shop/cart'));
    expect(said(way)).toBe('7070/TCP → 7070 (1/1) [shop/gone:7070]');
    expect(way.notes).toMatchObject([{ code: 'endpoint-pod-not-in-input', facts: { pod: 'shop/gone' } }]);
  });
  it('one pod with an address of each family is one backend', () => {
    const cluster = clusterOf(
      SERVICE,
      pod('a', READY),
      slice(`[{ addresses: [10.244.0.1], ${target('a')} }]`),
      slice(`[{ addresses: ["fd00::1"], ${target('a')} }]`)
        .replace('cart-abc', 'cart-def')
        .replace('IPv4', 'IPv6'),
    );
    expect(say(cluster, 'shop/cart')).toEqual(['7070/TCP → 7070 (1/1) [shop/a:7070]']);
  });
  it('the older Endpoints object will do', () => {
    const endpoints = `
apiVersion: v1
kind: Endpoints
metadata: { name: cart, namespace: shop }
subsets: [{ addresses: [{ ip: 10.244.0.1, ${target('a')} }], ports: [{ name: grpc, port: 7070 }] }]
`;
    expect(say(clusterOf(SERVICE, pod('a', NOT_READY), endpoints), 'shop/cart')).toEqual(['7070/TCP → 7070 (1/1) [shop/a:7070]']);
  });
});

describe('a Service without a selector', () => {
  const BY_HAND = SERVICE.replace('selector: { app: cart }', '# by hand');
  it('leads to addresses that somebody wrote', () => {
    const way = only(ways(clusterOf(BY_HAND, slice('[{ addresses: [203.0.113.9] }]')), 'shop/cart'));
    expect(said(way)).toBe('7070/TCP → 7070 (1/1) [203.0.113.9/32:7070]');
    expect(way.notes.map(({ code }) => code)).toEqual(['endpoints-by-hand']);
  });
  it('or to a pod, when one has the address', () => {
    const way = only(ways(clusterOf(BY_HAND, pod('a', READY), slice('[{ addresses: [10.244.0.1] }]')), 'shop/cart'));
    expect(said(way)).toBe('7070/TCP → 7070 (1/1) [shop/a:7070]');
  });
  it('without endpoints in the input nobody knows where', () => {
    const way = only(ways(clusterOf(BY_HAND), 'shop/cart'));
    expect(said(way)).toBe('7070/TCP → 7070 (0/0) [] open:endpoints-unknown');
    expect(way.unknownAddresses).toBe(7070);
  });
  it('with an empty list of them nobody answers', () => {
    expect(say(clusterOf(BY_HAND, slice('[]')), 'shop/cart')).toEqual(['7070/TCP →  (0/0) [] broken:no-ready-endpoint']);
  });
});

describe('default/kubernetes', () => {
  it('has 443 alone, and leads to the control plane', () => {
    const way = only(ways(shop, 'default/kubernetes', 443));
    expect(said(way)).toBe('443/TCP → 6443 (0/0) []');
    expect(way).toMatchObject({ unknownAddresses: 6443, notes: [{ code: 'control-plane' }] });
    expect(obstacle(ways(shop, 'default/kubernetes', 80), 'service-port-missing').facts).toMatchObject({ ports: ['https 443/TCP → 6443'] });
  });
});

describe('a headless Service', () => {
  it('hands out its pods, and says so', () => {
    const way = only(ways(shop, 'payments/db'));
    expect(said(way)).toBe('5432/TCP → 5432 (2/2) [payments/db-0:5432,payments/db-1:5432]');
    expect(way.notes).toMatchObject([{ code: 'headless' }]);
  });
  it('translates no port', () => {
    const translated = clusterOf(PAYMENTS.replace('port: 5432, targetPort: sql', 'port: 80, targetPort: sql'));
    expect(say(translated, 'payments/db', 80)).toEqual([
      '80/TCP → 80 (2/2) [payments/db-0:80,payments/db-1:80] broken:headless-port-not-translated',
    ]);
    expect(say(translated, 'payments/db', 5432)).toEqual(['5432/TCP → 5432 (2/2) [payments/db-0:5432,payments/db-1:5432]']);
    expect(say(translated, 'payments/db', 'sql')).toEqual(['5432/TCP → 5432 (2/2) [payments/db-0:5432,payments/db-1:5432]']);
    expect(say(translated, 'payments/db')).toEqual(['5432/TCP → 5432 (2/2) [payments/db-0:5432,payments/db-1:5432]']);
  });
  it('takes ports that it does not list', () => {
    expect(say(shop, 'payments/db', 9187)).toEqual([
      '9187/TCP → 9187 (2/2) [payments/db-0:9187,payments/db-1:9187] warning:target-port-undeclared',
    ]);
    expect(obstacle(ways(shop, 'payments/db', 'nope'), 'service-port-missing').facts).toMatchObject({ port: 'nope' });
  });
});

describe('backends in the network of their node', () => {
  it('are the node', () => {
    const cluster = clusterOf(CART.replace('      containers:', '      hostNetwork: true\n      containers:'));
    const way = only(ways(cluster, 'shop/cart'));
    expect(way.targets.map(({ end }) => end.kind)).toEqual(['node']);
    expect(way.notes).toMatchObject([{ code: 'host-network', facts: { pods: ['shop/cart'] } }]);
  });
});
