import { describe, expect, it } from 'vitest';
import { CART, clusterOf, denyAll, PAYMENTS, semanticsNamed, WEB } from '../../tests/shop-manifests.ts';
import type { Cluster } from '../model/cluster.ts';
import { decideCarefully } from './assumed.ts';
import { carriersOf } from './ingress-controllers.ts';
import { ingressFor } from './ingress-host.ts';
import { type Route, route } from './route.ts';

const ingress = (rules: string, more = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: shop, namespace: shop }
spec: { ${more} rules: ${rules} }
`;
const backend = (name: string, port: string) => `backend: { service: { name: ${name}, port: { ${port} } } }`;
const path = (value: string, type: string, name: string, port = 'number: 7070') =>
  `{ path: ${value}, pathType: ${type}, ${backend(name, port)} }`;
const host = (name: string, ...paths: readonly string[]) => `{ host: ${name}, http: { paths: [${paths.join()}] } }`;
const service = (name: string) => CART.replaceAll('name: cart,', `name: ${name},`).replaceAll('app: cart', `app: ${name}`);

const ROUTES = ingress(
  `[${[
    host(
      'shop.example',
      path('/', 'Prefix', 'home'),
      path('/cart', 'Prefix', 'cart'),
      path('/cart', 'Exact', 'basket'),
      path('/pay', 'Exact', 'pay'),
    ),
    host('"*.shop.example"', path('/', 'Prefix', 'wild')),
    host('only.example', path('/cart', 'Prefix', 'cart')),
  ].join()}]`,
);
const routes = clusterOf(ROUTES, ...['home', 'cart', 'basket', 'pay', 'wild'].map(service));

describe('the rule that takes a path', () => {
  it.each([
    ['shop.example', '/', 'home'],
    ['shop.example', undefined, 'home'],
    ['shop.example', '/other', 'home'],
    ['shop.example', '/cart', 'basket'],
    ['shop.example', '/cart/', 'cart'],
    ['shop.example', '/cart/items', 'cart'],
    ['shop.example', '/cartoon', 'home'],
    ['shop.example', '/pay', 'pay'],
    ['shop.example', '/pay/now', 'home'],
    ['eu.shop.example', '/cart', 'wild'],
  ])('%s%s', (name, asked, wanted) => {
    expect(ingressFor(routes, { host: name, path: asked })?.service?.ref).toBe(`shop/${wanted}`);
  });
  it.each(['other.example', 'a.eu.shop.example', 'example'])('%s is served by none', (name) => {
    expect(ingressFor(routes, { host: name, path: '/' })).toBeUndefined();
  });
  it('no path takes it', () => {
    expect(ingressFor(routes, { host: 'only.example', path: '/other' })).toMatchObject({
      service: undefined,
      obstacles: [{ code: 'ingress-no-path', severity: 'broken', facts: { paths: ['/cart'], path: '/other' } }],
    });
  });
  it('then the default backend does, or a rule without a host', () => {
    const fallback = clusterOf(
      ingress(
        `[${host('only.example', path('/cart', 'Prefix', 'cart'))}]`,
        `default${backend('home', 'number: 7070').replace('backend', 'Backend')},`,
      ),
      service('cart'),
      service('home'),
    );
    expect(ingressFor(fallback, { host: 'only.example', path: '/other' })?.service?.ref).toBe('shop/home');
    expect(ingressFor(fallback, { host: 'only.example', path: '/cart' })?.service?.ref).toBe('shop/cart');
    expect(ingressFor(fallback, { host: 'unknown.example', path: '/' })).toBeUndefined();
    const hostless = clusterOf(
      ingress(`[${host('only.example', path('/cart', 'Prefix', 'cart'))}, { http: { paths: [${path('/', 'Prefix', 'home')}] } }]`),
      service('cart'),
      service('home'),
    );
    expect(ingressFor(hostless, { host: 'only.example', path: '/other' })?.service?.ref).toBe('shop/home');
  });
  it('the path of a GCE rule ends in a star, and ImplementationSpecific is said', () => {
    const gce = clusterOf(ingress(`[${host('shop.example', path('"/cart/*"', 'ImplementationSpecific', 'cart'))}]`), service('cart'));
    expect(ingressFor(gce, { host: 'shop.example', path: '/cart/items' })).toMatchObject({
      service: { ref: 'shop/cart' },
      notes: [{ code: 'ingress-path-is-controllers' }],
    });
  });
  it('two Ingresses with one host and path', () => {
    const two = clusterOf(
      ROUTES,
      ingress(`[${host('shop.example', path('/', 'Prefix', 'cart'))}]`).replace('name: shop,', 'name: other,'),
      service('home'),
      service('cart'),
    );
    expect(ingressFor(two, { host: 'shop.example', path: '/' })?.notes).toMatchObject([
      { code: 'ingress-hosts-share-path', facts: { ingresses: ['Ingress shop/shop', 'Ingress shop/other'] } },
    ]);
  });
});

describe('a backend that is not there', () => {
  const found = (name: string, port: string) =>
    ingressFor(clusterOf(ingress(`[${host('shop.example', path('/', 'Prefix', name, port))}]`), CART), { host: 'shop.example', path: '/' });
  it('has no Service', () => {
    expect(found('crat', 'number: 7070')?.obstacles).toMatchObject([
      { code: 'ingress-backend-missing', facts: { service: 'shop/crat', nearest: ['cart'] } },
    ]);
  });
  it('has no such port, by number or by name', () => {
    expect(found('cart', 'number: 80')?.obstacles).toMatchObject([
      { code: 'ingress-backend-port-missing', facts: { port: 80, ports: ['grpc 7070/TCP'] } },
    ]);
    expect(found('cart', 'name: http')?.obstacles).toMatchObject([{ code: 'ingress-backend-port-missing', facts: { port: 'http' } }]);
    expect(found('cart', 'number: 7070')?.obstacles).toEqual([]);
    expect(found('cart', 'name: grpc')?.obstacles).toEqual([]);
  });
});

const controller = (namespace: string, labels: string, hostNetwork = false) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: controller, namespace: ${namespace} }
spec:
  selector: { matchLabels: { x: y } }
  template:
    metadata: { labels: { ${labels} } }
    spec: { hostNetwork: ${hostNetwork}, containers: [{ name: c, ports: [{ name: https, containerPort: 8443 }] }] }
`;
const NGINX = controller('ingress-nginx', 'app.kubernetes.io/name: ingress-nginx, app.kubernetes.io/component: controller');
const TRAEFIK = controller('traefik', 'app.kubernetes.io/name: traefik');
const FRONT_DOOR = `
apiVersion: v1
kind: Service
metadata: { name: controller, namespace: ingress-nginx }
spec:
  type: LoadBalancer
  selector: { app.kubernetes.io/name: ingress-nginx }
  ports: [{ name: https, port: 443, targetPort: https }]
`;
const TO_CART = (className = '') =>
  ingress(`[${host('shop.example', path('/cart', 'Prefix', 'cart'))}]`, className === '' ? '' : `ingressClassName: ${className},`);

describe('who carries the traffic', () => {
  const carriers = (cluster: Cluster) => {
    const found = carriersOf(cluster, cluster.ingresses[0]);
    return found.kind === 'pods' ? found.parties.map(({ ref }) => ref) : found.kind;
  };
  it('controllers are known by their labels, and chosen by class', () => {
    expect(carriers(clusterOf(TO_CART('nginx'), NGINX, TRAEFIK))).toEqual(['ingress-nginx/controller']);
    expect(carriers(clusterOf(TO_CART('traefik'), NGINX, TRAEFIK))).toEqual(['traefik/controller']);
    expect(carriers(clusterOf(TO_CART(), NGINX, TRAEFIK))).toEqual(['ingress-nginx/controller', 'traefik/controller']);
    expect(carriers(clusterOf(TO_CART('public'), NGINX))).toEqual(['ingress-nginx/controller']);
  });
  it.each([
    ['contour', 'app.kubernetes.io/name: contour, app.kubernetes.io/component: envoy'],
    ['haproxy', 'app.kubernetes.io/name: kubernetes-ingress'],
    ['kong', 'app.kubernetes.io/name: kong'],
    ['istio', 'istio: ingressgateway'],
    ['nginx', 'app: nginx-ingress'],
    ['openshift-default', 'ingresscontroller.operator.openshift.io/deployment-ingresscontroller: default'],
  ])('class %s', (className, labels) => {
    expect(carriers(clusterOf(TO_CART(className), controller('edge', labels)))).toEqual(['edge/controller']);
  });
  it('one that is not in the input is assumed', () => {
    expect(carriers(clusterOf(TO_CART('nginx'), TRAEFIK))).toEqual(['{ingress-controller}']);
    expect(carriers(clusterOf(TO_CART()))).toEqual(['{ingress-controller}']);
  });
  it('a cloud load balancer comes from outside', () => {
    expect(carriers(clusterOf(TO_CART('alb'), NGINX))).toBe('load-balancer');
  });
});

const FROM = (peer: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: cart, namespace: shop }
spec: { podSelector: { matchLabels: { app: cart } }, ingress: [{ from: [${peer}] }] }
`;

describe('a URL whose host an Ingress serves', () => {
  function ask(texts: readonly string[], from = 'web/frontend'): Route {
    const found = route(clusterOf(WEB, CART, ...texts), semanticsNamed('calico-iptables'), {
      from,
      to: 'https://shop.example/cart/items?x=1',
      namespace: 'default',
    });
    if (found.errors !== undefined) throw new Error(found.errors.map(({ code }) => code).join());
    const [first] = found.routes;
    if (first === undefined) throw new Error('no route');
    return first;
  }
  const legs = (found: Route) => found.legs.map((leg) => `${leg.part} ${leg.sourceRef} → ${leg.destinationRef}:${leg.port}`);
  const outcomes = (texts: readonly string[]) =>
    ask(texts).legs.map((leg) => decideCarefully(clusterOf(WEB, CART, ...texts), semanticsNamed('calico-iptables'), leg).outcome);

  it('goes controller → Service → pods', () => {
    const found = ask([TO_CART('nginx'), NGINX]);
    expect(found).toMatchObject({
      to: 'https://shop.example/cart/items',
      port: 443,
      ingress: { ingress: { ref: 'shop/shop' }, controllers: ['ingress-nginx/controller'], assumed: false },
      service: { service: { ref: 'shop/cart' }, port: 7070 },
      dns: { need: 'asked' },
    });
    expect(legs(found)).toEqual(['way ingress-nginx/controller → shop/cart:7070']);
    expect(found.notes.map(({ code }) => code)).toEqual(['entry-not-checked']);
  });
  it('a client outside enters by the Service of the controller', () => {
    const found = ask([TO_CART('nginx'), NGINX, FRONT_DOOR], 'internet');
    expect(legs(found)).toEqual(['entry node/unknown → ingress-nginx/controller:8443', 'way ingress-nginx/controller → shop/cart:7070']);
    expect(found.notes.map(({ code }) => code)).toEqual(['source-is-node']);
    expect(found.dns).toBeUndefined();
  });
  it('a controller in the network of its node is the node', () => {
    const found = ask([TO_CART('nginx'), NGINX.replace('hostNetwork: false', 'hostNetwork: true')]);
    expect(found.legs.map(({ source }) => source.kind)).toEqual(['node']);
  });
  it('a load balancer may be anywhere outside', () => {
    const found = ask([TO_CART('alb'), FROM('{ ipBlock: { cidr: 10.0.0.0/8 } }')]);
    expect(found.alternatives).toBe(true);
    expect(found.notes.map(({ code }) => code)).toContain('load-balancer-is-source');
    expect(found.legs.map(({ source }) => source.kind)).toEqual(['outside', 'outside']);
  });
  it('an assumed controller is denied for certain only when no rule may mean it', () => {
    expect(ask([TO_CART('nginx')])).toMatchObject({ ingress: { assumed: true, controllers: ['{ingress-controller}'] } });
    expect(ask([TO_CART('nginx')]).notes).toContainEqual({ code: 'assumed-controller', facts: { class: 'nginx' } });
    expect(outcomes([TO_CART('nginx')])).toEqual(['allowed']);
    expect(outcomes([TO_CART('nginx'), denyAll('shop', 'Ingress')])).toEqual(['denied']);
    expect(outcomes([TO_CART('nginx'), FROM('{ namespaceSelector: {} }')])).toEqual(['allowed']);
    expect(
      outcomes([TO_CART('nginx'), FROM('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress-nginx } } }')]),
    ).toEqual(['undecided']);
    expect(outcomes([TO_CART('nginx'), FROM('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: web } } }')])).toEqual([
      'denied',
    ]);
    expect(outcomes([TO_CART('nginx'), FROM('{ podSelector: { matchLabels: { app: gateway } } }')])).toEqual(['denied']);
  });
  it('a controller that is in the input is denied for certain', () => {
    const rule = FROM('{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } }');
    expect(outcomes([TO_CART('nginx'), NGINX, rule])).toEqual(['denied']);
    expect(outcomes([TO_CART('nginx'), NGINX, rule.replace('name: ingress }', 'name: ingress-nginx }')])).toEqual(['allowed']);
  });
  it('a backend without pods is broken', () => {
    const found = ask([TO_CART('nginx').replace('name: cart', 'name: crat'), NGINX]);
    expect(found.obstacles.map(({ code }) => code)).toEqual(['ingress-backend-missing']);
    expect(found.legs).toEqual([]);
  });
  it('{ingress-controller} is a source too, the one of the class in front', () => {
    const cluster = clusterOf(PAYMENTS, CART, TO_CART('traefik'), NGINX, TRAEFIK);
    const from = (to: string) => {
      const found = route(cluster, semanticsNamed(), { from: '{ingress-controller}', to, namespace: 'shop' });
      return found.errors !== undefined ? found.errors : [found.from.notation, ...found.routes.flatMap(legs)];
    };
    expect(from('cart')).toEqual(['{ingress-controller}', 'way traefik/controller → shop/cart:7070']);
    expect(from('svc/cart')).toEqual(['{ingress-controller}', 'way traefik/controller → shop/cart:7070']);
    expect(from('payments/api:8080')).toEqual([
      '{ingress-controller}',
      'way ingress-nginx/controller → payments/api:8080',
      'way traefik/controller → payments/api:8080',
    ]);
  });
});
