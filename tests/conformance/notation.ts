// How the corpus writes ends and sets of ports → the project's own values. Throws at text that it cannot read: a misread case proves nothing.
import { parseIp } from '../../src/net/ip.ts';
import type { IpRange } from '../../src/net/ip-set.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, PROTOCOLS, type Protocol, portSet, unionPorts } from '../../src/net/port-set.ts';

export type CorpusEnd =
  /** `default/cart[Deployment]`, also `default/cart-6d4[Pod]`. */
  | { readonly kind: 'workload'; readonly ref: string }
  /** `default/cart-6d4`. */
  | { readonly kind: 'pod'; readonly ref: string }
  /** `10.0.0.0-10.255.255.255`, or `10.0.0.7` as a range of one. */
  | { readonly kind: 'range'; readonly range: IpRange }
  | { readonly kind: 'ingress-controller' }
  | { readonly kind: 'entire-cluster' }
  | { readonly kind: 'selector'; readonly peer: SelectorPeer };

/** Pods that rules would match. `namespace`: `{ name: 'shop' }`, or requirements; `[]` = all namespaces. `pods: []` = all pods. */
export interface SelectorPeer {
  readonly namespace: { readonly name: string } | readonly CorpusRequirement[];
  readonly pods: readonly CorpusRequirement[];
}

export interface CorpusRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

export function parseEnd(text: string): CorpusEnd {
  if (text === '{ingress-controller}') return { kind: 'ingress-controller' };
  if (text === 'entire-cluster') return { kind: 'entire-cluster' };
  const range = parseRange(text);
  if (range !== undefined) return { kind: 'range', range };
  if (/^[^/[\]]+\/[^/[\]]+\[[A-Za-z]+\]$/.test(text)) return { kind: 'workload', ref: text };
  if (/^[^/[\]]+\/[^/[\]]+$/.test(text)) return { kind: 'pod', ref: text };
  const peer = parsePeer(text);
  if (peer !== undefined) return { kind: 'selector', peer };
  throw new Error(`not an end of the corpus: ${text}`);
}

/** `10.0.0.0-10.0.0.255` or one address; undefined for anything else. */
export function parseRange(text: string): IpRange | undefined {
  const [first = '', last = first, ...more] = text.split('-');
  const [from, to] = [parseIp(first), parseIp(last)];
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  if (from.family === 4 && to.family === 4) return { family: 4, from: from.value, to: to.value };
  if (from.family === 6 && to.family === 6) return { family: 6, from: from.value, to: to.value };
  return undefined;
}

/** A set of ports, and those that stand there by name because no pod is there to look them up in. */
export interface Allowed {
  readonly ports: PortSet;
  /** `[{ protocol: 'TCP', name: 'http' }]`. Kinds of policy whose named ports have no protocol leave it out. */
  readonly names: readonly { readonly protocol?: Protocol; readonly name: string }[];
}

/** `All Connections`, `No Connections`, `SCTP 1-65535,TCP 1-79,81-65535,UDP 53`, `TCP http,8080`. */
export function parseAllowed(text: string): Allowed {
  if (text === 'All Connections') return { ports: ALL_PORTS, names: [] };
  if (text === 'No Connections') return { ports: NO_PORTS, names: [] };
  let ports = NO_PORTS;
  const names: { protocol?: Protocol; name: string }[] = [];
  let protocol: Protocol | undefined;
  for (const piece of text.split(',')) {
    const [first = '', second] = piece.split(' ');
    if (second !== undefined) protocol = PROTOCOLS.find((known) => known === first);
    const written = second ?? first;
    const range = /^(\d+)(?:-(\d+))?$/.exec(written);
    if (second !== undefined && protocol === undefined) throw new Error(`not a protocol: ${first} in: ${text}`);
    if (range !== null && protocol === undefined) throw new Error(`no protocol in: ${text}`);
    if (range !== null && protocol !== undefined)
      ports = unionPorts(ports, portSet(protocol, Number(range[1]), Number(range[2] ?? range[1])));
    else if (/^[a-z0-9-]+$/.test(written)) names.push({ ...(protocol !== undefined && { protocol }), name: written });
    else throw new Error(`not a port: ${written} in: ${text}`);
  }
  return { ports, names };
}

/** The spelling of explain sections: `TCP, UDP, SCTP`, `TCP:[80]`, `TCP:[1-79,81-65535], UDP`. */
export function parseConns(text: string): PortSet {
  let ports = NO_PORTS;
  let rest = text;
  while (rest !== '') {
    const found = /^(TCP|UDP|SCTP)(?::\[([\d,-]+)\])?(?:, |$)/.exec(rest);
    if (found === null) throw new Error(`not a set of connections: ${text}`);
    const protocol = found[1] as Protocol;
    for (const range of (found[2] ?? '1-65535').split(',')) {
      const [from, to = from] = range.split('-').map(Number);
      ports = unionPorts(ports, portSet(protocol, from, to));
    }
    rest = rest.slice(found[0].length);
  }
  return ports;
}

/** `shop/[pod with {app=cart}]`, `[namespace with {…}]/[all pods]`, `[all namespaces]/[pod with {…}]`. */
function parsePeer(text: string): SelectorPeer | undefined {
  const found = /^(?:\[(all namespaces)\]|\[namespace with \{(.*)\}\]|([^/[\]]+))\/(?:\[(all pods)\]|\[pod with \{(.*)\}\])$/.exec(text);
  if (found === null) return undefined;
  const [, , namespaceWith, name, , podsWith] = found;
  return {
    namespace: name !== undefined ? { name } : parseRequirements(namespaceWith ?? ''),
    pods: parseRequirements(podsWith ?? ''),
  };
}

/** `foo=managed,{Key:app,Operator:In,Values:[a b],}`; '' has none. */
function parseRequirements(text: string): CorpusRequirement[] {
  const requirements: CorpusRequirement[] = [];
  let rest = text;
  while (rest !== '') {
    const found = /^(?:\{Key:([^,]*),Operator:(In|NotIn|Exists|DoesNotExist),Values:\[([^\]]*)\],\}|([^=,{}]+)=([^,{}]*))(?:,|$)/.exec(
      rest,
    );
    if (found === null) throw new Error(`not a selector: ${text}`);
    const [whole, key, operator, values = '', labelKey, labelValue = ''] = found;
    requirements.push(
      labelKey !== undefined
        ? { key: labelKey, operator: 'In', values: [labelValue] }
        : {
            key: key ?? '',
            operator: operator as CorpusRequirement['operator'],
            values: values === '' ? [] : values.split(' '),
          },
    );
    rest = rest.slice(whole.length);
  }
  return requirements;
}
