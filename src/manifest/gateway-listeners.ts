// A Gateway and its listeners: which kinds of routes each takes, from which namespaces, and under which host.
import { GATEWAY_ROUTE_KINDS, type Namespace } from '../model/cluster.ts';
import { at, type Origin } from '../model/origin.ts';
import { matches, type Selector } from '../model/selector.ts';
import { type Ip, parseIp } from '../net/ip.ts';
import { selectorOf } from '../objects/normalise-selector.ts';
import { dig, get, integerOf, listOf, textOf } from '../objects/read.ts';
import type { KubeObject } from './objects.ts';

export interface Gateway {
  /** `infra/web`. */
  readonly ref: string;
  readonly namespace: string;
  readonly className: string | undefined;
  readonly listeners: readonly Listener[];
  /** [] where neither status nor spec has any. */
  readonly addresses: readonly Ip[];
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  /** `*.example.com`; undefined: any. */
  readonly hostname: string | undefined;
  /** Kinds of routes, by the protocol where `allowedRoutes.kinds` says nothing. */
  readonly kinds: readonly string[];
  readonly from: Namespaces;
  readonly origin: Origin;
}

type Namespaces =
  | { readonly kind: 'Same' }
  | { readonly kind: 'All' }
  | { readonly kind: 'None' }
  | { readonly kind: 'Selector'; readonly selector: Selector };

export function gatewayOf({ name, value, origin }: KubeObject, namespace: string): Gateway {
  return {
    ref: `${namespace}/${name}`,
    namespace,
    className: textOf(dig(value, 'spec', 'gatewayClassName')),
    listeners: listOf(dig(value, 'spec', 'listeners')).map((listener, i) => listenerOf(listener, at(origin, 'spec', 'listeners', i))),
    addresses: addressesOf(value),
  };
}

function addressesOf(value: unknown): readonly Ip[] {
  const [listed = []] = [dig(value, 'status', 'addresses'), dig(value, 'spec', 'addresses')].map(listOf).filter((list) => list.length > 0);
  return listed.flatMap((address) => parseIp(textOf(get(address, 'value')) ?? '') ?? []);
}

function listenerOf(value: unknown, origin: Origin): Listener {
  const kinds = listOf(dig(value, 'allowedRoutes', 'kinds')).flatMap((kind) => textOf(get(kind, 'kind')) ?? []);
  return {
    name: textOf(get(value, 'name')) ?? '',
    port: integerOf(get(value, 'port')) ?? 0,
    hostname: textOf(get(value, 'hostname'))?.toLowerCase() || undefined,
    kinds: kinds.length > 0 ? kinds : kindsOf(textOf(get(value, 'protocol'))),
    from: namespacesOf(dig(value, 'allowedRoutes', 'namespaces'), at(origin, 'allowedRoutes', 'namespaces')),
    origin,
  };
}

/** Gateway API v1, `Listener.protocol`: the kinds that a listener takes by itself. A protocol of a controller's own may take any. */
function kindsOf(protocol: string | undefined): readonly string[] {
  switch (protocol) {
    case 'HTTP':
    case 'HTTPS':
      return ['HTTPRoute', 'GRPCRoute'];
    case 'TLS':
      return ['TLSRoute', 'TCPRoute'];
    case 'TCP':
      return ['TCPRoute'];
    case 'UDP':
      return ['UDPRoute'];
    default:
      return GATEWAY_ROUTE_KINDS;
  }
}

function namespacesOf(value: unknown, origin: Origin): Namespaces {
  switch (get(value, 'from')) {
    case 'All':
      return { kind: 'All' };
    case 'None':
      return { kind: 'None' };
    case 'Selector':
      return { kind: 'Selector', selector: selectorOf(get(value, 'selector'), at(origin, 'selector')) };
    default:
      return { kind: 'Same' };
  }
}

/** Whether routes of this namespace may attach. `namespace` is undefined where it is not in the input, not even by name. */
export function takesNamespace({ from }: Listener, gateway: Gateway, namespace: Namespace | undefined): boolean {
  switch (from.kind) {
    case 'All':
      return true;
    case 'None':
      return false;
    case 'Same':
      return namespace?.name === gateway.namespace;
    case 'Selector':
      return namespace !== undefined && matches(from.selector, namespace.labels);
  }
}
