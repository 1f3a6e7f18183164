// Routes of Gateway API (HTTPRoute, GRPCRoute, TLSRoute, TCPRoute) as what leads from outside to Services: which listeners of which
// Gateways serve them, under which hosts and ports, and whether a ReferenceGrant lets them name a Service of another namespace.
// Gateway API v1: https://gateway-api.sigs.k8s.io/reference/spec/. Policies are not asked here.
import {
  type Cluster,
  GATEWAY_ROUTE_KINDS,
  type GatewayRouteKind,
  type Ingress,
  type IngressPath,
  type RouteFault,
} from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { dig, get, integerOf, listOf, textOf } from '../objects/read.ts';
import { type Gateway, gatewayOf, type Listener, takesNamespace } from './gateway-listeners.ts';
import { type RouteMatch, routeMatches } from './gateway-matches.ts';
import type { KubeObject } from './objects.ts';

/** The group whose `Gateway` is meant: Istio has a kind of that name too. */
export const GATEWAY_GROUP = 'gateway.networking.k8s.io';

export interface GatewayObjects {
  /** By kind: `objectsOf('HTTPRoute')`. Of the group of Gateway API only. */
  readonly objectsOf: (kind: string) => readonly KubeObject[];
  readonly namespaceOf: (object: KubeObject) => string;
  readonly namespaces: Cluster['namespaces'];
}

/** Which listeners serve a route, with the hosts that they leave of it: `{ hosts: ['shop.example'], ports: [443] }`. */
interface Attachment {
  readonly gateway: Gateway | undefined;
  /** [undefined]: any host. */
  readonly hosts: readonly (string | undefined)[];
  /** Of the listener; undefined where the Gateway is not in the input. */
  readonly port: number | undefined;
}

/** Every route in input order, HTTPRoutes first. Routes that only speak of traffic between Services (GAMMA) are left out. */
export function gatewayRoutes(objects: GatewayObjects): readonly Ingress[] {
  const gateways = new Map(
    objects
      .objectsOf('Gateway')
      .map((object) => gatewayOf(object, objects.namespaceOf(object)))
      .map((gateway) => [gateway.ref, gateway]),
  );
  const grants = objects.objectsOf('ReferenceGrant').map((object) => ({ namespace: objects.namespaceOf(object), value: object.value }));
  return GATEWAY_ROUTE_KINDS.flatMap((kind) =>
    objects.objectsOf(kind).flatMap((object) => {
      const route = { kind, object, namespace: objects.namespaceOf(object) };
      const parents = parentsOf(route);
      if (parents.length > 0 && parents.every(({ kind: parent }) => parent === 'Service')) return [];
      return [ingressOf(route, attachments(route, parents, gateways, objects.namespaces), grants)];
    }),
  );
}

interface Route {
  readonly kind: GatewayRouteKind;
  readonly object: KubeObject;
  readonly namespace: string;
}

interface Parent {
  readonly kind: string;
  readonly ref: string;
  readonly sectionName: string | undefined;
  readonly port: number | undefined;
  readonly origin: Origin;
}

function parentsOf({ object, namespace }: Route): readonly Parent[] {
  return listOf(dig(object.value, 'spec', 'parentRefs')).map((parent, i) => ({
    kind: textOf(get(parent, 'kind')) ?? 'Gateway',
    ref: `${textOf(get(parent, 'namespace')) ?? namespace}/${textOf(get(parent, 'name')) ?? ''}`,
    sectionName: textOf(get(parent, 'sectionName')),
    port: integerOf(get(parent, 'port')),
    origin: at(object.origin, 'spec', 'parentRefs', i),
  }));
}

/** Without any Gateway in the input, the route is taken as it is written: its Gateways are someone else's files. */
function attachments(
  route: Route,
  parents: readonly Parent[],
  gateways: ReadonlyMap<string, Gateway>,
  namespaces: Cluster['namespaces'],
): { readonly attached: readonly Attachment[]; readonly faults: readonly RouteFault[] } {
  const written = hostsOf(route.object.value);
  const asWritten = { attached: [{ gateway: undefined, hosts: written, port: undefined }], faults: [] };
  if (gateways.size === 0) return asWritten;
  const attached: Attachment[] = [];
  const faults: RouteFault[] = [];
  for (const parent of parents) {
    if (parent.kind !== 'Gateway') {
      if (parent.kind !== 'Service') attached.push(...asWritten.attached);
      continue;
    }
    const gateway = gateways.get(parent.ref);
    const found = gateway === undefined ? missing(route, parent, gateways) : listenersFor(route, parent, gateway, written, namespaces);
    if ('code' in found) faults.push(found);
    else attached.push(...found);
  }
  return { attached, faults };
}

function hostsOf(value: unknown): readonly (string | undefined)[] {
  const hosts = listOf(dig(value, 'spec', 'hostnames')).flatMap((host) => (typeof host === 'string' ? [host.toLowerCase()] : []));
  return hosts.length === 0 ? [undefined] : hosts;
}

function titleOf({ kind, namespace, object }: Route): string {
  return `${kind} ${namespace}/${object.name}`;
}

function missing(route: Route, parent: Parent, gateways: ReadonlyMap<string, Gateway>): RouteFault {
  const facts = { route: titleOf(route), gateway: parent.ref, known: [...gateways.keys()] };
  return { code: 'gateway-missing', isOpen: true, facts, origin: parent.origin };
}

/** Step by step, as a controller does: the listener that is named, the kinds that it takes, the namespaces, and last the hosts. */
function listenersFor(
  route: Route,
  parent: Parent,
  gateway: Gateway,
  written: readonly (string | undefined)[],
  namespaces: Cluster['namespaces'],
): readonly Attachment[] | RouteFault {
  const facts = { route: titleOf(route), gateway: gateway.ref };
  const names = (listeners: readonly Listener[]) => listeners.map(({ name }) => name);
  const named = gateway.listeners.filter(
    ({ name, port }) =>
      (parent.sectionName === undefined || parent.sectionName === name) && (parent.port === undefined || parent.port === port),
  );
  if (named.length === 0) {
    const wanted = [parent.sectionName, parent.port].filter((part) => part !== undefined).join(' ');
    const listeners = gateway.listeners.map(({ name, port }) => `${name} ${port}`);
    return { code: 'gateway-listener-missing', isOpen: false, facts: { ...facts, wanted, listeners }, origin: parent.origin };
  }
  const ofKind = named.filter(({ kinds }) => kinds.includes(route.kind));
  if (ofKind.length === 0)
    return {
      code: 'gateway-refuses-kind',
      isOpen: false,
      facts: { ...facts, kind: route.kind, listeners: names(named) },
      origin: parent.origin,
    };
  const open = ofKind.filter((listener) => takesNamespace(listener, gateway, namespaces.get(route.namespace)));
  if (open.length === 0)
    return {
      code: 'gateway-refuses-namespace',
      // The labels of a namespace that is only mentioned are not known.
      isOpen: namespaces.get(route.namespace)?.implied !== false && ofKind.some(({ from }) => from.kind === 'Selector'),
      facts: { ...facts, namespace: route.namespace, listeners: names(ofKind) },
      origin: (ofKind[0] as Listener).origin,
    };
  const attached = open.flatMap((listener): Attachment[] => {
    const hosts = [...new Set(written.flatMap((host) => commonHost(listener.hostname, host) ?? []))];
    // A listener without a host and a route without one leave any host.
    const any = listener.hostname === undefined && written.includes(undefined);
    return hosts.length === 0 && !any ? [] : [{ gateway, hosts: any ? [undefined] : hosts, port: listener.port }];
  });
  if (attached.length > 0) return attached;
  return {
    code: 'gateway-host-differs',
    isOpen: false,
    facts: { ...facts, hosts: written.map(String), listeners: open.map(({ hostname }) => String(hostname)) },
    origin: at(route.object.origin, 'spec', 'hostnames'),
  };
}

/** `commonHost('*.example.com', 'shop.example.com')` → `shop.example.com`; undefined: none, or both are any host. */
function commonHost(listener: string | undefined, route: string | undefined): string | undefined {
  if (listener === undefined || route === undefined) return listener ?? route;
  if (listener === route || covers(listener, route)) return route;
  return covers(route, listener) ? listener : undefined;
}

/** In Gateway API `*.` stands for one label or more. */
function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') && host.length > pattern.length - 1 && host.endsWith(pattern.slice(1));
}

interface Grant {
  readonly namespace: string;
  readonly value: unknown;
}

function ingressOf(
  route: Route,
  { attached, faults }: { readonly attached: readonly Attachment[]; readonly faults: readonly RouteFault[] },
  grants: readonly Grant[],
): Ingress {
  const { object, namespace, kind } = route;
  const gateways = [
    ...new Map(attached.flatMap(({ gateway }) => (gateway === undefined ? [] : [[gateway.ref, gateway] as const]))).values(),
  ];
  const isServed = attached.length > 0;
  // What nobody serves is still found by its hosts, so that an answer can say why.
  const hosts = isServed ? distinctHosts(attached) : hostsOf(object.value).map((host) => ({ host, ports: [] }));
  const unserved = isServed ? undefined : faults[0];
  const rules = listOf(dig(object.value, 'spec', 'rules')).flatMap((rule, i) => {
    const place = at(object.origin, 'spec', 'rules', i);
    const backends = backendsOf(route, rule, place, grants);
    return routeMatches(kind, rule).flatMap((match) =>
      hosts.flatMap(({ host, ports }) => backends.map((backend) => pathOf({ host, ports, match, backend, rule: i, unserved }))),
    );
  });
  return {
    kind,
    name: object.name,
    namespace,
    ref: `${namespace}/${object.name}`,
    className: gateways[0]?.className,
    gateways: gateways.map(({ ref }) => ref),
    rules,
    addresses: gateways.flatMap(({ addresses }) => addresses),
    faults,
    origin: object.origin,
  };
}

function distinctHosts(
  attached: readonly Attachment[],
): readonly { readonly host: string | undefined; readonly ports: readonly number[] }[] {
  const found = new Map<string | undefined, number[]>();
  for (const { hosts, port } of attached) {
    for (const host of hosts) {
      const ports = found.get(host) ?? [];
      if (port !== undefined && !ports.includes(port)) ports.push(port);
      found.set(host, ports);
    }
  }
  return [...found].map(([host, ports]) => ({ host, ports }));
}

interface Backend {
  readonly namespace: string;
  readonly service: string;
  readonly port: number | undefined;
  readonly fault: RouteFault | undefined;
  readonly origin: Origin;
}

function pathOf({
  host,
  ports,
  match,
  backend,
  rule,
  unserved,
}: {
  readonly host: string | undefined;
  readonly ports: readonly number[];
  readonly match: RouteMatch;
  readonly backend: Backend;
  readonly rule: number;
  readonly unserved: RouteFault | undefined;
}): IngressPath {
  const { path, pathType, conditions } = match;
  return { host, ports, path, pathType, conditions, ...backend, rule, fault: unserved ?? backend.fault };
}

/** Backends that are no Service, or have weight 0, get no traffic that a policy could stop. */
function backendsOf(route: Route, rule: unknown, place: Origin, grants: readonly Grant[]): readonly Backend[] {
  const refs = listOf(get(rule, 'backendRefs')).flatMap((ref, i): Backend[] => {
    const service = textOf(get(ref, 'name'));
    const isService = (textOf(get(ref, 'kind')) ?? 'Service') === 'Service' && (textOf(get(ref, 'group')) ?? '') === '';
    if (service === undefined || !isService || get(ref, 'weight') === 0) return [];
    const namespace = textOf(get(ref, 'namespace')) ?? route.namespace;
    const origin = at(place, 'backendRefs', i);
    const fault =
      namespace === route.namespace || isGranted(route, namespace, service, grants)
        ? undefined
        : notGranted(route, namespace, service, origin);
    return [{ namespace, service, port: integerOf(get(ref, 'port')), fault, origin }];
  });
  if (refs.length > 0) return refs;
  const redirects = listOf(get(rule, 'filters')).some((filter) => get(filter, 'type') === 'RequestRedirect');
  const fault: RouteFault = {
    code: redirects ? 'route-redirects' : 'route-without-backend',
    isOpen: false,
    facts: { route: titleOf(route) },
    origin: place,
  };
  return [{ namespace: route.namespace, service: '', port: undefined, fault, origin: place }];
}

function isGranted(route: Route, namespace: string, service: string, grants: readonly Grant[]): boolean {
  return grants.some(
    (grant) =>
      grant.namespace === namespace &&
      listOf(dig(grant.value, 'spec', 'from')).some(
        (from) => get(from, 'group') === GATEWAY_GROUP && get(from, 'kind') === route.kind && get(from, 'namespace') === route.namespace,
      ) &&
      listOf(dig(grant.value, 'spec', 'to')).some(
        (to) =>
          (textOf(get(to, 'group')) ?? '') === '' &&
          get(to, 'kind') === 'Service' &&
          (get(to, 'name') === undefined || get(to, 'name') === service),
      ),
  );
}

function notGranted(route: Route, namespace: string, service: string, origin: Origin): RouteFault {
  const facts = { route: titleOf(route), service: `${namespace}/${service}`, namespace, from: route.namespace, kind: route.kind };
  return { code: 'reference-grant-missing', isOpen: false, facts, origin };
}
