import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CART, clusterOf, denyAll, egress, KUBE_DNS, PAYMENTS, semanticsNamed, WEB } from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { decideCarefully } from './assumed.ts';
import type { EndError } from './obstacle.ts';
import { type Route, type RouteQuestion, route } from './route.ts';

const calico = semanticsNamed('calico-iptables');
const shop = clusterOf(WEB, PAYMENTS, CART);

function ask(from: string, to: string, cluster: Cluster = shop, more: Partial<RouteQuestion> = {}) {
  return route(cluster, calico, { from, to, namespace: 'shop', ...more });
}
function routes(...args: Parameters<typeof ask>): readonly Route[] {
  const found = ask(...args);
  if (found.errors !== undefined) throw new Error(JSON.stringify(found.errors));
  return found.routes;
}
function only(...args: Parameters<typeof ask>): Route {
  const [first, ...others] = routes(...args);
  if (first === undefined || others.length > 0) throw new Error(`${others.length + 1} routes instead of one`);
  return first;
}
function errors(...args: Parameters<typeof ask>): readonly EndError[] {
  return ask(...args).errors ?? [];
}
const legs = ({ legs: all, protocol }: Route) => all.map((leg) => `${leg.sourceRef} → ${leg.destinationRef}:${leg.port}/${protocol}`);
const codes = (list: readonly { readonly code: string }[]) => list.map(({ code }) => code);
const outcomes = (found: Route, cluster: Cluster) => found.legs.map((leg) => decideCarefully(cluster, calico, leg).outcome);

describe('from a name to connections', () => {
  it('workload to Service: the target port of its pods, and the lookup', () => {
    const found = only('web/frontend', 'payments/svc/api:80');
    expect(found).toMatchObject({
      to: 'payments/svc/api:80',
      port: 80,
      protocol: 'TCP',
      service: { targetPorts: [8080], ready: 1, total: 1 },
      dns: { need: 'usual', checks: [{ sources: ['web/frontend'], outcome: 'allowed' }] },
      obstacles: [],
      alternatives: false,
    });
    expect(legs(found)).toEqual(['web/frontend → payments/api:8080/TCP']);
  });
  it('both ends in the notation of answers', () => {
    expect(ask('web/frontend', 'payments/svc/api:80')).toMatchObject({
      from: { kind: 'workload', notation: 'web/frontend[Deployment]', text: 'web/frontend', pods: ['web/frontend'] },
      to: { kind: 'service', notation: 'payments/svc/api', text: 'payments/svc/api' },
    });
  });
  it('workload to workload: no lookup, and a container port', () => {
    const found = only('web/frontend', 'payments/api:8080');
    expect(legs(found)).toEqual(['web/frontend → payments/api:8080/TCP']);
    expect(found.dns).toBeUndefined();
    expect(found.service).toBeUndefined();
  });
  it('one route for every port that is declared, when none was asked', () => {
    expect(routes('web/frontend', 'payments/api').map(({ to }) => to)).toEqual(['payments/api:8080', 'payments/api:9090']);
    expect(routes('web/frontend', 'payments/svc/api').map(({ to }) => to)).toEqual(['payments/svc/api:80', 'payments/svc/api:9090']);
  });
  it('a port name, of a pod and of a Service', () => {
    expect(legs(only('web/frontend', 'payments/api:http'))).toEqual(['web/frontend → payments/api:8080/TCP']);
    expect(legs(only('web/frontend', 'payments/svc/api:http'))).toEqual(['web/frontend → payments/api:8080/TCP']);
  });
  it('the protocol of the name, of the question, of the declaration', () => {
    const dns = clusterOf(WEB, KUBE_DNS);
    expect(legs(only('web/frontend', 'kube-system/svc/kube-dns:53/udp', dns))).toEqual(['web/frontend → kube-system/coredns:53/UDP']);
    expect(legs(only('web/frontend', 'kube-system/svc/kube-dns:53', dns, { protocol: 'TCP' }))).toEqual([
      'web/frontend → kube-system/coredns:53/TCP',
    ]);
    expect(routes('web/frontend', 'kube-system/svc/kube-dns:53', dns).map(({ protocol }) => protocol)).toEqual(['UDP', 'TCP']);
    expect(routes('web/frontend', 'kube-system/coredns:53', dns).map(({ protocol }) => protocol)).toEqual(['TCP', 'UDP']);
    expect(routes('web/frontend', 'kube-system/coredns:9153', dns).map(({ protocol }) => protocol)).toEqual(['TCP']);
  });
});

describe('names from logs are read as the source would', () => {
  it.each([
    ['http://api.payments.svc.cluster.local/health', 'payments/svc/api:80'],
    ['api.payments:80', 'payments/svc/api:80'],
    ['jdbc:postgresql://db.payments/orders', 'payments/svc/db:5432'],
    ['db-0.db.payments:5432', 'payments/db-0:5432'],
  ])('%s', (to, wanted) => {
    const found = only('web/frontend', to);
    expect(found.to).toBe(wanted);
    expect(found.dns).toMatchObject({ need: 'asked' });
    expect(found.obstacles).toEqual([]);
  });
  it('a bare word is an object first, else what the DNS of the source says', () => {
    expect(only('shop/cart', 'cart:7070').to).toBe('shop/cart:7070');
    const found = only('payments/api', 'db:5432');
    expect(found).toMatchObject({ to: 'payments/svc/db:5432', dns: { need: 'asked' } });
    expect(errors('web/frontend', 'db')).toMatchObject([
      { code: 'unknown-name', facts: { elsewhere: ['payments/db[StatefulSet]', 'payments/svc/db'] } },
    ]);
  });
  it('a bare word with two meanings is an error that lists both', () => {
    const two = clusterOf(WEB, PAYMENTS, CART, CART.replaceAll('namespace: shop', 'namespace: web'));
    expect(errors('web/frontend', 'cart', two)).toMatchObject([
      { code: 'ambiguous-name', facts: { candidates: ['shop/cart[Deployment]', 'web/svc/cart'] } },
    ]);
    expect(only('shop/cart', 'cart', two).to).toBe('shop/cart:7070');
    expect(only('web/frontend', 'svc/cart', two).to).toBe('shop/svc/cart:7070');
  });
  it('a name that is not in DNS is broken, with one that works', () => {
    const found = only('web/frontend', 'http://api:8080/');
    expect(found).toMatchObject({
      to: 'api:8080',
      legs: [],
      obstacles: [{ code: 'name-not-in-dns', severity: 'broken', facts: { works: ['api.payments'], means: 'payments/api[Deployment]' } }],
    });
    expect(found.obstacles[0]?.facts.tried).toEqual(['api.web.svc.cluster.local', 'api.svc.cluster.local', 'api.cluster.local', 'api']);
  });
  it("a resolver without the cluster's names is broken, and the way beyond it is told", () => {
    const cluster = clusterOf(PAYMENTS, WEB.replace('      containers:', '      dnsPolicy: Default\n      containers:'));
    const found = only('web/frontend', 'http://api.payments', cluster);
    expect(found.obstacles).toMatchObject([{ code: 'name-not-in-dns', facts: { reason: 'resolver' } }]);
    expect(legs(found)).toEqual(['web/frontend → payments/api:8080/TCP']);
    const unknown = clusterOf(
      PAYMENTS,
      WEB.replace(
        '      containers:',
        '      dnsPolicy: None\n      dnsConfig: { nameservers: [10.1.1.1], searches: [svc.cluster.local] }\n      containers:',
      ),
    );
    expect(only('web/frontend', 'http://api.payments', unknown).obstacles).toMatchObject([{ code: 'resolver-unknown', severity: 'open' }]);
  });
  it('a dotted name may be an object after all', () => {
    const dotted = clusterOf(WEB, CART.replaceAll('name: cart,', 'name: cart.v2,'));
    expect(only('web/frontend', 'cart.v2:7070', dotted).to).toBe('shop/cart.v2:7070');
  });
  it('the lookup is denied: it is checked before everything', () => {
    const cluster = clusterOf(WEB, PAYMENTS, KUBE_DNS, egress('web', '[{ to: [{ namespaceSelector: {} }], ports: [{ port: 8080 }] }]'));
    const found = only('web/frontend', 'http://api.payments', cluster);
    expect(found.dns?.checks).toMatchObject([
      { outcome: 'denied', sees: 'resolver-timeout', resolver: { ref: 'kube-system/svc/kube-dns' } },
    ]);
    expect(outcomes(found, cluster)).toEqual(['allowed']);
  });
  it('a host of the pod’s own hosts file is an address, without a lookup', () => {
    const web = WEB.replace(
      '      containers:',
      '      hostAliases: [{ ip: 203.0.113.7, hostnames: [db.shop.example] }]\n      containers:',
    );
    const found = only('web/frontend', 'postgres://db.shop.example', clusterOf(web));
    expect(found).toMatchObject({ to: '203.0.113.7:5432', alternatives: false, dns: undefined });
    expect(legs(found)).toEqual(['web/frontend → 203.0.113.7/32:5432/TCP']);
    expect(only('web/frontend', 'postgres://db.shop.example', clusterOf(WEB))).toMatchObject({
      to: 'db.shop.example:5432',
      alternatives: true,
    });
  });
  it('localhost is the pod itself', () => {
    const cluster = clusterOf(CART, denyAll('shop', 'Ingress', 'Egress'));
    for (const to of ['http://localhost:7070', '127.0.0.1:7070', '[::1]:7070']) {
      const found = only('cart', to, cluster);
      expect(legs(found)).toEqual(['shop/cart → shop/cart:7070/TCP']);
      expect(outcomes(found, cluster)).toEqual(['allowed']);
      expect(found.dns).toBeUndefined();
    }
  });
});

describe('whatever is pasted', () => {
  const piece = fc.constantFrom(
    'web',
    'frontend',
    'svc',
    'deploy',
    'api',
    'payments',
    '/',
    ':',
    '.',
    '80',
    'http',
    '::',
    '10.0.0.7',
    '[',
    ']',
    '@',
    '//',
    '-',
    '/udp',
    'internet',
    '{ingress-controller}',
    ' ',
    '%',
    'ü',
  );
  const pasted = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
  );
  it('gives an answer or an error, and never throws', () => {
    let answers = 0;
    fc.assert(
      fc.property(pasted, pasted, (from, to) => {
        for (const question of [
          [from, to],
          ['web/frontend', to],
          [from, 'payments/svc/api'],
        ] as const) {
          const found = ask(question[0], question[1]);
          if (found.errors === undefined) answers++;
          else expect(found.errors.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
    expect(answers).toBeGreaterThan(0);
  });
  it('what an answer calls an end is that end when it is pasted back', () => {
    const cluster = clusterOf(WEB, PAYMENTS, CART, KUBE_DNS);
    for (const to of [
      'web/frontend',
      'payments/svc/api',
      'payments/db',
      'internet:443',
      '203.0.113.0/24:80',
      '203.0.113.9:80',
      '[2001:db8::1]:443',
    ]) {
      const first = ask('shop/cart', to, cluster);
      if (first.errors !== undefined) throw new Error(to);
      const port = /:\d+$/.exec(to)?.[0] ?? '';
      const again = ask('shop/cart', port === '' ? first.to.notation : to, cluster);
      expect(again.errors === undefined && again.to, to).toEqual(first.to);
      const byLabel = first.routes.map((found) => ask('shop/cart', found.to, cluster));
      expect(byLabel.map((found) => found.errors === undefined && found.to.notation)).toEqual(first.routes.map(() => first.to.notation));
    }
  });
});

describe('hosts and addresses outside', () => {
  const to443 = (cidr: string) => egress('web', `[{ to: [{ ipBlock: { cidr: ${cidr}, except: [] } }], ports: [{ port: 443 }] }]`);

  it('a host is at an address that nobody knows', () => {
    const cluster = clusterOf(WEB, to443('52.0.0.0/8'));
    const found = only('web/frontend', 'https://api.stripe.com/v1', cluster);
    expect(found).toMatchObject({ to: 'api.stripe.com:443', alternatives: true, dns: { need: 'asked' } });
    expect(codes(found.notes)).toEqual(['external-host']);
    expect(outcomes(found, cluster).sort()).toEqual(['allowed', 'denied']);
    const open = only('web/frontend', 'https://api.stripe.com/v1', clusterOf(WEB));
    expect(legs(open)).toEqual(['web/frontend → api.stripe.com:443/TCP']);
  });
  it('internet is cut where a block of a policy ends, and holds no private range', () => {
    const cluster = clusterOf(WEB, to443('52.0.0.0/8'));
    const found = only('web/frontend', 'internet:443', cluster);
    expect(found.alternatives).toBe(false);
    expect(outcomes(found, cluster).sort()).toEqual(['allowed', 'denied']);
    expect(found.legs.map(({ destinationRef }) => destinationRef)).toContain('52.0.0.0/8');
    const all = egress('web', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0, except: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16] } }] }]');
    const open = clusterOf(WEB, all);
    expect(legs(only('web/frontend', 'internet:443', open))).toEqual(['web/frontend → internet:443/TCP']);
    expect(outcomes(only('web/frontend', 'internet:443', open), open)).toEqual(['allowed']);
  });
  it('IPv6 counts where the input shows it', () => {
    const six = clusterOf(WEB, egress('web', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }, { ipBlock: { cidr: 2001:db8::/32 } }] }]'));
    const found = only('web/frontend', 'internet:443', six);
    expect(new Set(outcomes(found, six))).toEqual(new Set(['allowed', 'denied']));
    expect(found.legs.map(({ destinationRef }) => destinationRef)).toContain('2001:db8::/32');
  });
  it('a range, an address, and the address of somebody inside', () => {
    const cluster = clusterOf(WEB, to443('203.0.113.0/25'));
    expect(only('web/frontend', '203.0.113.0/24:443', cluster).legs.map(({ destinationRef }) => destinationRef)).toEqual([
      '203.0.113.0/25',
      '203.0.113.128/25',
    ]);
    expect(legs(only('web/frontend', '203.0.113.9:443', cluster))).toEqual(['web/frontend → 203.0.113.9/32:443/TCP']);
    const live = clusterOf(
      WEB,
      `
apiVersion: v1
kind: Pod
metadata: { name: cart-1, namespace: shop, labels: { app: cart } }
spec: { containers: [{ name: c, ports: [{ containerPort: 7070 }] }] }
status: { podIP: 10.244.0.9, phase: Running }
`,
    );
    expect(only('web/frontend', '10.244.0.9', live)).toMatchObject({ to: '10.244.0.9:7070' });
    expect(legs(only('web/frontend', '10.244.0.9:7070', live))).toEqual(['web/frontend → shop/cart-1:7070/TCP']);
    expect(legs(only('web/frontend', '10.244.0.9/32:7070', live))).toEqual(['web/frontend → shop/cart-1:7070/TCP']);
    const wide = only('web/frontend', '10.244.0.0/16:7070', live);
    expect(wide.notes).toMatchObject([{ code: 'range-has-cluster-addresses', facts: { ends: ['shop/cart-1'] } }]);
    expect(legs(only('10.244.0.9', 'internet:443', live))).toEqual(['shop/cart-1 → internet:443/TCP']);
  });
  it("a Service's own address is the Service, without a lookup", () => {
    const cluster = clusterOf(
      WEB,
      CART.replace('  selector: { app: cart }\n  ports', '  clusterIP: 10.96.3.3\n  selector: { app: cart }\n  ports'),
    );
    const found = only('web/frontend', '10.96.3.3:7070', cluster);
    expect(found).toMatchObject({
      to: 'shop/svc/cart:7070',
      dns: undefined,
      notes: [{ code: 'by-service-address', facts: { address: '10.96.3.3' } }],
    });
    expect(legs(found)).toEqual(['web/frontend → shop/cart:7070/TCP']);
  });
  it('a Service of kind ExternalName is another name', () => {
    const alias = (externalName: string, ports = '') => `
apiVersion: v1
kind: Service
metadata: { name: pay, namespace: web }
spec: { type: ExternalName, externalName: ${externalName}${ports} }
`;
    const outside = only('web/frontend', 'web/svc/pay:443', clusterOf(WEB, alias('api.stripe.com')));
    expect(outside).toMatchObject({ port: 443, alternatives: true });
    expect(codes(outside.notes)).toEqual(['external-name', 'external-host']);
    const inside = only('web/frontend', 'http://pay', clusterOf(WEB, PAYMENTS, alias('api.payments.svc.cluster.local')));
    expect(legs(inside)).toEqual(['web/frontend → payments/api:8080/TCP']);
    expect(
      only('web/frontend', 'web/svc/pay', clusterOf(WEB, PAYMENTS, alias('api.payments.svc.cluster.local', ', ports: [{ port: 9090 }]')))
        .port,
    ).toBe(9090);
    expect(errors('web/frontend', 'web/svc/pay', clusterOf(WEB, alias('api.stripe.com')))).toMatchObject([{ code: 'port-needed' }]);
    const short = only('web/frontend', 'web/svc/pay:80', clusterOf(WEB, PAYMENTS, alias('api.payments')));
    expect(codes(short.obstacles)).toEqual(['name-not-in-dns']);
    const loop = only('web/frontend', 'web/svc/pay:80', clusterOf(WEB, alias('pay.web.svc.cluster.local')));
    expect(codes(loop.obstacles)).toEqual(['external-name-loop']);
  });
  it('the API server is somewhere outside the pods', () => {
    const cluster = clusterOf(WEB, denyAll('web', 'Egress'));
    const found = only('web/frontend', 'https://kubernetes.default', cluster);
    expect(found).toMatchObject({ to: 'default/svc/kubernetes:443', alternatives: true });
    expect(outcomes(found, cluster)).toEqual(['denied']);
    expect(codes(only('web/frontend', 'http://kubernetes.default', cluster).obstacles)).toEqual(['service-port-missing']);
  });
});

describe('sources', () => {
  it('internet, an address, a range, a node', () => {
    const fromOffice = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: office, namespace: shop }
spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 203.0.113.0/24 } }] }] }
`;
    const cluster = clusterOf(CART, fromOffice);
    const found = only('internet', 'shop/cart', cluster);
    expect(found.dns).toBeUndefined();
    expect(found.legs.map(({ sourceRef }) => sourceRef)).toContain('203.0.113.0/24');
    expect(new Set(outcomes(found, cluster))).toEqual(new Set(['allowed', 'denied']));
    expect(outcomes(only('203.0.113.9', 'shop/cart', cluster), cluster)).toEqual(['allowed']);
    expect(outcomes(only('198.51.100.0/24', 'shop/cart', cluster), cluster)).toEqual(['denied']);
    const node = `{ apiVersion: v1, kind: Node, metadata: { name: worker-1 }, status: { addresses: [{ type: InternalIP, address: 192.168.0.11 }] } }`;
    expect(legs(only('node/worker-1', 'shop/cart', clusterOf(CART, node)))).toEqual(['node/worker-1 → shop/cart:7070/TCP']);
    expect(legs(only('shop/cart', 'node/worker-1:10250', clusterOf(CART, node)))).toEqual(['shop/cart → node/worker-1:10250/TCP']);
  });
  it('a Service stands for its pods, and its port is ignored', () => {
    const found = only('svc/cart:7070', 'payments/api:8080');
    expect(legs(found)).toEqual(['shop/cart → payments/api:8080/TCP']);
    expect(codes(found.notes)).toEqual(['service-as-source', 'source-port-ignored']);
    expect(legs(only('http://cart.shop', 'payments/api:8080'))).toEqual(['shop/cart → payments/api:8080/TCP']);
    expect(errors('default/svc/kubernetes', 'payments/api')).toMatchObject([{ code: 'service-as-source' }]);
  });
  it('a pod that has run to its end calls nobody', () => {
    const done = clusterOf(
      PAYMENTS,
      `
apiVersion: v1
kind: Pod
metadata: { name: migrate, namespace: shop }
spec: { containers: [] }
status: { phase: Succeeded }
`,
    );
    const found = only('migrate', 'payments/api:8080', done);
    expect(found).toMatchObject({ legs: [], obstacles: [{ code: 'pod-completed', severity: 'broken', facts: { side: 'source' } }] });
  });
  it('beside pods that run, one that has run to its end is not spoken of', () => {
    const cluster = clusterOf(WEB, replica('a', 'cart'), replica('b', 'cart').replace('phase: Running', 'phase: Failed'));
    const found = only('shop/cart[ReplicaSet]', 'web/frontend:8080', cluster);
    expect(legs(found)).toEqual(['shop/a → web/frontend:8080/TCP']);
    expect(found.obstacles).toEqual([]);
  });
  it('a client outside: a Service without a front door, and one that hides the client', () => {
    const typed = (type: string) =>
      clusterOf(CART.replace('  selector: { app: cart }\n  ports', `  ${type}\n  selector: { app: cart }\n  ports`));
    const notes = (type: string, from = 'internet') => codes(only(from, 'svc/cart', typed(type)).notes);
    expect(notes('type: ClusterIP')).toEqual(['cluster-ip-from-outside']);
    expect(notes('type: LoadBalancer')).toEqual(['source-is-node']);
    expect(notes('type: LoadBalancer', '203.0.113.9')).toEqual(['source-is-node']);
    expect(notes('{ type: NodePort, externalTrafficPolicy: Local }'.slice(2, -2).replace(', ', '\n  '))).toEqual([]);
    expect(notes('type: ClusterIP', 'cart')).toEqual([]);
  });
  it('a workload that is scaled to zero is asked as if it ran', () => {
    const zero = clusterOf(PAYMENTS, WEB.replace('replicas: 2', 'replicas: 0'));
    const found = only('web/frontend', 'payments/api:8080', zero);
    expect(legs(found)).toEqual(['web/frontend → payments/api:8080/TCP']);
    expect(codes(found.notes)).toEqual(['source-scaled-to-zero']);
    expect(found.obstacles).toEqual([]);
  });
  it('both names are wrong: both are told', () => {
    expect(codes(errors('web/fronted', 'web/x:0'))).toEqual(['unknown-name', 'bad-port']);
    expect(codes(errors('web/frontend', 'payments/apy'))).toEqual(['unknown-name']);
  });
  it('the lookup of a host named as the source asks the world', () => {
    expect(only('shop.example', 'shop/cart')).toMatchObject({ alternatives: true, notes: [{ code: 'external-host' }] });
    expect(codes(only('internet', 'http://api.payments.svc.cluster.local').obstacles)).toEqual(['name-not-in-dns']);
  });
});

describe('ports of pods', () => {
  it('a port that nobody declares is a warning; the port of the Service in front is a better one', () => {
    expect(codes(only('web/frontend', 'payments/api:80').obstacles)).toEqual(['target-port-undeclared', 'service-port-on-a-pod']);
    expect(only('web/frontend', 'payments/api:80').obstacles[1]?.facts).toMatchObject({ service: 'payments/api', targetPort: 8080 });
    expect(codes(only('web/frontend', 'payments/api:1234').obstacles)).toEqual(['target-port-undeclared']);
    expect(codes(only('web/frontend', 'payments/api:8080').obstacles)).toEqual([]);
  });
  it('a port name that no container has, or has with another protocol', () => {
    expect(only('web/frontend', 'payments/api:grpc')).toMatchObject({
      legs: [],
      obstacles: [{ code: 'port-name-missing', severity: 'broken' }],
    });
    expect(only('web/frontend', 'payments/api:http/udp').obstacles[0]?.facts).toMatchObject({ otherProtocol: ['TCP'] });
  });
  it('nothing is declared: a port has to be said', () => {
    const silent = clusterOf(WEB, CART.replace('ports: [{ name: grpc, containerPort: 7070 }]', 'image: cart'));
    const headless = clusterOf(
      WEB,
      CART.replace('port: 7070 }]', 'port: 80, targetPort: grpc }]').replace(
        '  selector: { app: cart }\n  ports',
        '  clusterIP: None\n  selector: { app: cart }\n  ports',
      ),
    );
    expect(codes(only('web/frontend', 'shop/deploy/cart:80', headless).obstacles)).toEqual(['target-port-undeclared']);
    expect(errors('web/frontend', 'shop/cart', silent)).toMatchObject([
      { code: 'port-needed', facts: { to: 'shop/cart', ports: ['7070'] } },
    ]);
    expect(legs(only('web/frontend', 'shop/cart:7070', silent))).toEqual(['web/frontend → shop/cart:7070/TCP']);
    expect(codes(errors('web/frontend', 'internet'))).toEqual(['port-needed']);
    expect(codes(errors('web/frontend', '203.0.113.9:https'))).toEqual(['port-needed']);
  });
  it('a pod that is pending or completed does not answer', () => {
    const one = (status: string) =>
      clusterOf(
        WEB,
        `
apiVersion: v1
kind: Pod
metadata: { name: cart-1, namespace: shop }
spec: { containers: [{ name: c, ports: [{ containerPort: 7070 }] }] }
status: ${status}
`,
      );
    expect(only('web/frontend', 'shop/cart-1', one('{ phase: Pending }')).obstacles).toMatchObject([
      { code: 'pod-pending', severity: 'broken' },
    ]);
    expect(only('web/frontend', 'shop/cart-1', one('{ phase: Succeeded }'))).toMatchObject({
      legs: [],
      obstacles: [{ code: 'pod-completed', severity: 'broken' }],
    });
    expect(
      only('web/frontend', 'shop/cart-1', one('{ phase: Running, conditions: [{ type: Ready, status: "False" }] }')).obstacles,
    ).toMatchObject([{ code: 'pod-not-ready', severity: 'warning' }]);
    expect(only('web/frontend', 'shop/cart-1', one('{ phase: Running }')).obstacles).toEqual([]);
  });
});

const replica = (name: string, app: string, more = '', ip = '10.244.0.1') => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: shop, labels: { app: ${app}${more} }, ownerReferences: [{ kind: ReplicaSet, name: ${app}, controller: true }] }
spec: { containers: [{ name: c, ports: [{ name: grpc, containerPort: 7070 }] }] }
status: { phase: Running, podIP: ${ip} }
`;

describe('legs: pods that no policy can tell apart are asked about once', () => {
  const carts = [replica('a', 'cart', ', version: v1'), replica('b', 'cart', ', version: v2'), replica('c', 'cart', ', version: v2')];
  it('labels that no selector looks at do not count', () => {
    const found = only('web/frontend', 'shop/cart', clusterOf(WEB, ...carts));
    expect(found.legs).toHaveLength(1);
    expect(found.legs[0]?.destinations).toEqual(['shop/a', 'shop/b', 'shop/c']);
  });
  it('labels that one looks at do', () => {
    const policy = denyAll('shop', 'Ingress').replace('podSelector: {}', 'podSelector: { matchLabels: { version: v2 } }');
    const cluster = clusterOf(WEB, ...carts, policy);
    const found = only('web/frontend', 'shop/cart', cluster);
    expect(found.legs.map(({ destinations }) => destinations)).toEqual([['shop/a'], ['shop/b', 'shop/c']]);
    expect(outcomes(found, cluster)).toEqual(['allowed', 'denied']);
  });
  it('an address that a block has or has not', () => {
    const pods = [replica('a', 'cart', '', '10.244.0.1'), replica('b', 'cart', '', '10.244.1.1')];
    const cluster = clusterOf(WEB, ...pods, egress('web', '[{ to: [{ ipBlock: { cidr: 10.244.1.0/24 } }] }]'));
    expect(outcomes(only('web/frontend', 'shop/cart', cluster), cluster)).toEqual(['denied', 'allowed']);
  });
  it('the node counts only where a node is at the other end', () => {
    const on = (name: string, node: string) => replica(name, 'cart').replace('spec: {', `spec: { nodeName: ${node},`);
    const node = '{ apiVersion: v1, kind: Node, metadata: { name: worker-1 } }';
    const cluster = clusterOf(WEB, on('a', 'worker-1'), on('b', 'worker-2'), node, denyAll('shop', 'Ingress'));
    expect(only('web/frontend', 'shop/cart', cluster).legs).toHaveLength(1);
    const found = only('node/worker-1', 'shop/cart', cluster);
    expect(found.legs.map(({ destinations }) => destinations)).toEqual([['shop/a'], ['shop/b']]);
    expect(outcomes(found, cluster)).toEqual(['allowed', 'denied']);
  });
  it('an address family that the pods do not have is left out', () => {
    const six = egress('shop', '[{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }, { ipBlock: { cidr: "2001:db8::/32" } }] }]');
    expect(
      only('shop/cart[ReplicaSet]', 'internet:443', clusterOf(replica('a', 'cart'), six)).legs.map(({ destination }) => destination),
    ).toMatchObject([{ address: { family: 4 } }]);
    const both = replica('a', 'cart').replace('podIP: 10.244.0.1', 'podIPs: [{ ip: 10.244.0.1 }, { ip: "fd00::1" }]');
    expect(only('shop/cart[ReplicaSet]', 'internet:443', clusterOf(both, six)).legs.length).toBeGreaterThan(1);
  });
  it('a workload to itself is one replica to another', () => {
    const deny = denyAll('shop', 'Ingress');
    const live = clusterOf(...carts, deny);
    expect(outcomes(only('shop/cart', 'shop/cart', live), live)).toEqual(['denied']);
    const template = clusterOf(CART, deny);
    expect(outcomes(only('shop/cart', 'shop/cart', template), template)).toEqual(['denied']);
    const alone = clusterOf(CART.replace('spec:\n  selector: { matchLabels', 'spec:\n  replicas: 1\n  selector: { matchLabels'), deny);
    expect(outcomes(only('shop/cart', 'shop/cart', alone), alone)).toEqual(['allowed']);
  });
  it('a pod that reaches itself through its Service: what policies do is undefined, and that is said', () => {
    const cluster = clusterOf(CART.split('---')[1] ?? '', replica('a', 'cart'));
    expect(codes(only('shop/pod/a', 'shop/svc/cart', cluster).notes)).toEqual(['hairpin']);
    expect(
      codes(only('shop/pod/a', 'shop/svc/cart', clusterOf(CART.split('---')[1] ?? '', replica('a', 'cart'), replica('b', 'cart'))).notes),
    ).toEqual([]);
  });
  it('a lookup is checked for every kind of source pod, the worst first', () => {
    const policy = denyAll('shop', 'Egress').replace('podSelector: {}', 'podSelector: { matchLabels: { version: v2 } }');
    const cluster = clusterOf(PAYMENTS, KUBE_DNS, ...carts, policy);
    expect(only('shop/cart', 'http://api.payments', cluster).dns?.checks).toMatchObject([
      { outcome: 'denied', sources: ['shop/b', 'shop/c'] },
      { outcome: 'allowed', sources: ['shop/a'] },
    ]);
  });
});
