import { describe, expect, it } from 'vitest';
import { clusterOf, semanticsNamed } from '../../tests/shop-manifests.ts';
import { connectionsOf } from '../reach/connections.ts';
import { reachOf } from '../reach/reach.ts';
import { carriersOf } from './ingress-controllers.ts';
import { ingressFor } from './ingress-host.ts';
import { route } from './route.ts';

const gateway = (listeners: string, { name = 'web', className = 'eg', more = '' } = {}) => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: ${name}, namespace: infra }
spec: { gatewayClassName: ${className}, listeners: [${listeners}] }
${more}
`;
const HTTPS = '{ name: https, port: 443, protocol: HTTPS, hostname: "*.example.com", allowedRoutes: { namespaces: { from: All } } }';
const HTTP = '{ name: http, port: 80, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } }';

const httpRoute = (spec: string, { kind = 'HTTPRoute', name = 'shop', namespace = 'shop', version = 'v1' } = {}) => `
apiVersion: gateway.networking.k8s.io/${version}
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: { parentRefs: [{ name: web, namespace: infra }], ${spec} }
`;
const to = (service: string, more = '') => `backendRefs: [{ name: ${service}, port: 80${more} }]`;
const RULES = `rules: [{ ${to('cart')} }]`;

const service = (name: string, namespace = 'shop') => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ port: 80, targetPort: 8080 }] }
`;
const pod = (name: string, { namespace = 'shop', labels = `app: ${name}` } = {}) => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: ${namespace}, labels: { ${labels} } }
spec: { containers: [{ name: main, image: main, ports: [{ containerPort: 8080 }] }] }
`;
const namespace = (name: string, labels = '') => `
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { ${labels} } }
`;
const ALONE = [service('cart'), pod('cart')];
const SEMANTICS = semanticsNamed('kubernetes');

const chosen = (texts: readonly string[], host = 'shop.example.com', path = '/', port?: number) =>
  ingressFor(clusterOf(...texts), { host, path, port });
const codes = (texts: readonly string[], host?: string) =>
  chosen(texts, host)?.obstacles.map(({ code, severity }) => `${severity} ${code}`);

describe('the listener that serves a route', () => {
  it('joins the hosts of both', () => {
    const texts = [gateway(HTTPS), httpRoute(RULES), ...ALONE];
    expect(chosen(texts, 'shop.example.com')?.service?.ref).toBe('shop/cart');
    expect(chosen(texts, 'a.b.example.com')?.service?.ref).toBe('shop/cart');
    expect(chosen(texts, 'example.com')).toBeUndefined();
  });
  it('is taken as written where no Gateway is in the input', () => {
    expect(codes([httpRoute(`hostnames: [shop.example.com], ${RULES}`), ...ALONE])).toEqual([]);
  });
  it.each([
    ['names a Gateway that is not there', [gateway(HTTPS, { name: 'wed' })], 'open gateway-missing'],
    ['asks for a listener that is not there', [gateway(HTTPS).replace('name: https', 'name: other')], 'broken gateway-listener-missing'],
    ['is of a kind that the listener does not take', [gateway(HTTPS.replace('HTTPS', 'TCP'))], 'broken gateway-refuses-kind'],
    [
      'is of a namespace that may not attach',
      [gateway(HTTPS.replace('from: All', 'from: Same')), namespace('shop')],
      'broken gateway-refuses-namespace',
    ],
    ['has no host of the listener', [gateway(HTTPS.replace('*.example.com', 'other.example'))], 'broken gateway-host-differs'],
  ])('none, where the route %s', (_title, texts, code) => {
    const asked = httpRoute(`hostnames: [shop.example.com], ${RULES}`).replace(
      'namespace: infra }]',
      'namespace: infra, sectionName: https }]',
    );
    expect(codes([...texts, asked, ...ALONE])).toEqual([code]);
    expect(codes([gateway(HTTPS), asked, ...ALONE])).toEqual([]);
  });
  it('may select namespaces, of which one that is only mentioned leaves it open', () => {
    const selecting = gateway(HTTPS.replace('from: All', 'from: Selector, selector: { matchLabels: { routes: "yes" } }'));
    expect(codes([selecting, namespace('shop', 'routes: "yes"'), httpRoute(RULES), ...ALONE])).toEqual([]);
    expect(codes([selecting, namespace('shop'), httpRoute(`hostnames: [shop.example.com], ${RULES}`), ...ALONE])).toEqual([
      'broken gateway-refuses-namespace',
    ]);
    expect(codes([selecting, httpRoute(`hostnames: [shop.example.com], ${RULES}`), ...ALONE])).toEqual(['open gateway-refuses-namespace']);
  });
  it('is chosen by the port that was dialled', () => {
    const redirect = httpRoute('hostnames: [shop.example.com], rules: [{ filters: [{ type: RequestRedirect }] }]', { name: 'redirect' });
    const texts = [
      gateway(`${HTTP}, ${HTTPS}`),
      redirect.replace('namespace: infra }]', 'namespace: infra, sectionName: http }]'),
      httpRoute(`hostnames: [shop.example.com], ${RULES}`).replace('namespace: infra }]', 'namespace: infra, sectionName: https }]'),
      ...ALONE,
    ];
    expect(chosen(texts, 'shop.example.com', '/', 443)).toMatchObject({ service: { ref: 'shop/cart' }, obstacles: [] });
    expect(chosen(texts, 'shop.example.com', '/', 80)).toMatchObject({ service: undefined, obstacles: [{ code: 'route-redirects' }] });
  });
  it('is no Gateway of Istio', () => {
    const istio = gateway(HTTPS, { name: 'other' }).replace('gateway.networking.k8s.io/v1', 'networking.istio.io/v1');
    expect(codes([istio, httpRoute(`hostnames: [shop.example.com], ${RULES}`), ...ALONE])).toEqual([]);
  });
});

describe('the rule that takes a request', () => {
  const match = (text: string, name: string) => `{ matches: [{ ${text} }], ${to(name)} }`;
  const texts = [
    httpRoute(
      `hostnames: [shop.example.com], rules: [${[
        match('path: { type: PathPrefix, value: /cart }', 'cart'),
        match('path: { type: Exact, value: /cart }', 'basket'),
        match('path: { type: PathPrefix, value: /cart }, headers: [{ name: x-canary, value: "1" }]', 'canary'),
        match('path: { value: /admin }, method: POST', 'admin'),
      ].join()}]`,
    ),
    ...['cart', 'basket', 'canary', 'admin'].map((name) => service(name)),
  ];
  it.each([
    ['/cart/1', 'cart', ['route-by-request']],
    ['/cart', 'basket', []],
    ['/admin', 'admin', ['route-asks-more']],
  ])('%s', (path, wanted, notes) => {
    const choice = chosen(texts, 'shop.example.com', path);
    expect(choice?.service?.ref).toBe(`shop/${wanted}`);
    expect(choice?.notes.map(({ code }) => code)).toEqual(notes);
  });
  it('of a GRPCRoute, by service and method', () => {
    const grpc = httpRoute(
      `hostnames: [shop.example.com], rules: [{ matches: [{ method: { service: shop.Cart, method: Add } }], ${to('cart')} }]`,
      { kind: 'GRPCRoute' },
    );
    expect(chosen([grpc, ...ALONE], 'shop.example.com', '/shop.Cart/Add')?.service?.ref).toBe('shop/cart');
    expect(chosen([grpc, ...ALONE], 'shop.example.com', '/shop.Cart/Get')?.obstacles).toMatchObject([{ code: 'ingress-no-path' }]);
  });
  it('shares its traffic between backends, and each is asked', () => {
    const shared = httpRoute(
      'hostnames: [shop.example.com], rules: [{ backendRefs: [{ name: cart, port: 80 }, { name: gone, port: 80 }] }]',
    );
    const found = route(clusterOf(shared, ...ALONE), SEMANTICS, {
      from: 'internet',
      to: 'https://shop.example.com/',
      namespace: 'default',
    });
    expect('routes' in found && found.routes.map(({ obstacles, legs }) => [obstacles.map(({ code }) => code), legs.length > 0])).toEqual([
      [[], true],
      [['ingress-backend-missing'], false],
    ]);
  });
  it('with weight 0 gets no traffic', () => {
    const off = httpRoute(`hostnames: [shop.example.com], rules: [{ ${to('cart', ', weight: 0')} }]`);
    expect(codes([off, ...ALONE])).toEqual(['broken route-without-backend']);
  });
});

describe('a Service of another namespace', () => {
  const across = httpRoute(`hostnames: [shop.example.com], rules: [{ ${to('api', ', namespace: payments')} }]`);
  const grant = (name: string) => `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: { name: grant, namespace: payments }
spec:
  from: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: shop }]
  to: [{ group: "", kind: Service, name: ${name} }]
`;
  const API = [service('api', 'payments'), pod('api', { namespace: 'payments' })];
  it('needs a ReferenceGrant there', () => {
    expect(codes([across, ...API])).toEqual(['broken reference-grant-missing']);
    expect(codes([across, grant('other'), ...API])).toEqual(['broken reference-grant-missing']);
    expect(codes([across, grant('api'), ...API])).toEqual([]);
  });
  it('is in the map only with it', () => {
    const rows = (...texts: readonly string[]) => {
      const cluster = clusterOf(across, ...API, ...texts);
      const { connections } = connectionsOf(reachOf(cluster, SEMANTICS), {});
      return connections.filter(({ from }) => from === '{ingress-controller}').map((row) => row.to);
    };
    expect(rows(grant('api'))).toEqual(['payments/api[Pod]']);
    expect(rows()).toEqual([]);
  });
});

describe('who carries the traffic of a Gateway', () => {
  const carriers = (...texts: readonly string[]) => {
    const cluster = clusterOf(gateway(HTTPS), httpRoute(RULES), ...texts);
    return carriersOf(cluster, cluster.ingresses[0]);
  };
  it('the proxy pods that name it', () => {
    const istio = pod('web-istio', { namespace: 'infra', labels: 'gateway.networking.k8s.io/gateway-name: web' });
    const envoy = pod('envoy-1', {
      namespace: 'envoy-gateway-system',
      labels: 'gateway.envoyproxy.io/owning-gateway-name: web, gateway.envoyproxy.io/owning-gateway-namespace: infra',
    });
    const foreign = pod('other', { namespace: 'else', labels: 'gateway.networking.k8s.io/gateway-name: web' });
    expect(carriers(istio, envoy, foreign)).toMatchObject({
      assumed: false,
      parties: [{ ref: 'infra/web-istio' }, { ref: 'envoy-gateway-system/envoy-1' }],
    });
    expect(carriers(foreign)).toMatchObject({ assumed: true, notes: [{ code: 'assumed-controller', facts: { class: 'eg' } }] });
  });
  it('a load balancer or a node by its class', () => {
    const of = (className: string) => {
      const cluster = clusterOf(gateway(HTTPS, { className }), httpRoute(RULES));
      return carriersOf(cluster, cluster.ingresses[0]);
    };
    expect(of('gke-l7-global-external-managed')).toMatchObject({ kind: 'load-balancer' });
    expect(of('cilium')).toMatchObject({ assumed: true, obstacles: [{ code: 'gateway-on-node', severity: 'open' }] });
  });
});
