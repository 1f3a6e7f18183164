// What a person pastes as one end of a connection, read by its shape alone: `payments/svc/api:8080`, `[2001:db8::1]:443`, a URL.
// Whether the thing exists is for find.ts.
import { cidrRange, parseCidr, printCidr } from '../net/cidr.ts';
import { type Ip, type IpRange, parseIp } from '../net/ip.ts';
import { printRange } from '../net/ip-set.ts';
import { PROTOCOLS, type Protocol } from '../net/port-set.ts';
import { nearest } from '../profile/nearest.ts';
import { connectionString, defaultPort, leavesNoMachine, schemeProtocol } from './connection-string.ts';
import { type LabelList, labelList } from './label-list.ts';
import { logLine } from './log-line.ts';
import { type EndError, endError } from './obstacle.ts';

/** What stands after the colon, and which protocol was asked for. undefined: not said. */
export interface PortPart {
  readonly port: number | string | undefined;
  readonly protocol: Protocol | undefined;
  /** An ICMP message was asked about, of this type: 8 for a ping. It has no port. */
  readonly icmp?: number;
}

export type Name = Meaning & PortPart;

/** `{ scheme: 'https', path: '/cart' }`. */
export interface UrlParts {
  readonly scheme: string;
  readonly path: string | undefined;
}

type Meaning =
  /** `bare`: neither namespace nor kind was written, so it may also be a DNS name. `namespace` is then the default one. */
  | {
      readonly kind: 'object';
      readonly namespace: string;
      readonly objectKind: ObjectKind | undefined;
      readonly name: string;
      readonly bare: boolean;
      readonly namespaceWritten: boolean;
    }
  /** A name as a program looks it up. `written`: a URL or a trailing dot leaves no doubt that a host is meant. */
  | {
      readonly kind: 'host';
      readonly host: string;
      readonly absolute: boolean;
      readonly written: boolean;
      readonly path: string | undefined;
      readonly scheme: string | undefined;
    }
  /** `url`: its path and scheme, where a URL was pasted. */
  | { readonly kind: 'address'; readonly address: Ip; readonly url?: UrlParts }
  | { readonly kind: 'range'; readonly range: IpRange; readonly label: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'internet' }
  /** The kubelet of the node that the other end runs on. */
  | { readonly kind: 'kubelet' }
  | { readonly kind: 'ingress-controller' }
  /** A pod with exactly these labels, which need not exist. */
  | ({ readonly kind: 'labels' } & LabelList);

export type ObjectName = Extract<Name, { kind: 'object' }>;
export type HostName = Extract<Name, { kind: 'host' }>;

const KIND_WORDS = new Map(
  (
    [
      ['Pod', 'pod', 'pods', 'po'],
      ['Deployment', 'deployment', 'deployments', 'deploy'],
      ['StatefulSet', 'statefulset', 'statefulsets', 'sts'],
      ['DaemonSet', 'daemonset', 'daemonsets', 'ds'],
      ['Job', 'job', 'jobs'],
      ['CronJob', 'cronjob', 'cronjobs', 'cj'],
      ['ReplicaSet', 'replicaset', 'replicasets', 'rs'],
      ['ReplicationController', 'replicationcontroller', 'replicationcontrollers', 'rc'],
      ['Service', 'service', 'services', 'svc'],
      ['Node', 'node', 'nodes', 'no'],
    ] as const
  ).flatMap(([kind, ...words]) => words.map((word) => [word as string, kind] as const)),
);
type Kind = typeof KIND_WORDS extends Map<string, infer K> ? K : never;
export type ObjectKind = Exclude<Kind, 'Node'>;

/** `deploy`, `Deployments`, and `deployment.apps` as kubectl prints it. */
function kindOf(word: string): Kind | undefined {
  return KIND_WORDS.get(word.toLowerCase().replace(/\.(apps|batch)$/, ''));
}

/** Kind words near a mistyped one: `depoy` → `['deploy']`. */
export function nearestKinds(word: string): readonly string[] {
  return nearest(word, [...KIND_WORDS.keys()]);
}

const LIMIT = 2000;

/**
 * `parseName('payments/svc/api:8080', { namespace: 'default' })` →
 * `{ kind: 'object', namespace: 'payments', objectKind: 'Service', name: 'api', port: 8080, … }`.
 * `knowsIcmp`: whoever asks has an answer for ICMP too: `payments/api/icmp` is a ping, `payments/api/icmp/3` another message.
 * What is no end of a connection comes back as an EndError. Credentials in the text are in no result. Never throws.
 */
export function parseName(text: string, options: { readonly namespace: string; readonly knowsIcmp?: true }): Name | EndError {
  const typed = text
    .trim()
    .replace(/^(["'`])(.*)\1$/s, '$2')
    .trim();
  if (typed === '') return endError('empty-name', {});
  if (typed.length > LIMIT) return endError('too-long', { length: typed.length, limit: LIMIT });
  const line = logLine(typed);
  if (line !== undefined) return parseName(line.destination, options);
  const pasted = connectionString(typed);
  if (pasted !== undefined) return hostName(pasted.scheme, pasted.authority, pasted.path);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a pasted terminal escape is no part of a name
  if (/[\s\u0000-\u001f\u007f]/.test(typed)) return endError('bad-name', { text: typed, name: typed });

  const message = /^(.+)\/icmp(?:\/([^/]*))?$/i.exec(typed);
  if (options.knowsIcmp === true && message?.[1] !== undefined) return icmpTo(typed, message[1], message[2] ?? '8', options.namespace);
  const { rest, protocol } = withoutProtocol(typed);
  if (rest.includes('=')) return labels(typed, rest, protocol, options.namespace);
  return numeric(typed, rest, protocol) ?? word(typed, rest, protocol) ?? objectName(typed, rest, protocol, options.namespace);
}

/** Type 0 is the answer to a ping, which no policy is asked about. */
function icmpTo(typed: string, end: string, type: string, namespace: string): Name | EndError {
  if (!/^\d{1,3}$/.test(type) || Number(type) < 1 || Number(type) > 255) return endError('bad-icmp-type', { text: typed, type });
  const name = parseName(end, { namespace });
  if (isError(name)) return name;
  if (name.port !== undefined)
    return endError('icmp-has-no-port', { text: typed, port: name.port, end: `${end.replace(/:[^:]*$/, '')}/icmp` });
  return { ...name, protocol: undefined, icmp: Number(type) };
}

/** `/udp` at the end picks the protocol, unless it is the name itself: `svc/udp`, `shop/svc/udp`. */
function withoutProtocol(text: string): { rest: string; protocol: Protocol | undefined } {
  const slash = text.lastIndexOf('/');
  const protocol = PROTOCOLS.find((name) => name === text.slice(slash + 1).toUpperCase());
  const rest = text.slice(0, Math.max(0, slash));
  const parts = rest.split('/');
  const last = parts.at(-1) ?? '';
  const isNameItself = !last.includes(':') && (parts.length === 1 || parts.length === 2) && kindOf(last) !== undefined;
  if (protocol === undefined || rest === '' || isNameItself) return { rest: text, protocol: undefined };
  return { rest, protocol };
}

/** Addresses, CIDRs and ranges; undefined when the text looks like none of them. */
function numeric(text: string, rest: string, protocol: Protocol | undefined): Name | EndError | undefined {
  const bracketed = /^\[([^\]]*)\](\/\d+)?(?::(.*))?$/.exec(rest);
  if (bracketed) return address(text, `${bracketed[1]}${bracketed[2] ?? ''}`, bracketed[3], protocol);
  const span = /^([0-9.]+-[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*-[0-9a-f:.]+)(?::(\d+))?$/i.exec(rest);
  if (span?.[1]?.split('-').every((part) => part.includes('.') || part.includes(':'))) {
    return address(text, span[1], span[2], protocol);
  }
  const v4 = /^(\d+(?:\.\d+){3}(?:\/[^:]*)?)(?::(.*))?$/.exec(rest);
  if (v4?.[1] !== undefined && (v4[1].includes('/') ? /\/\d*$/.test(v4[1]) : true)) return address(text, v4[1], v4[2], protocol);
  if ((rest.match(/:/g) ?? []).length < 2 || !/^[0-9a-f:.]+(\/\d+(:.*)?)?$/i.test(rest)) return undefined;
  const [prefix = '', port] = rest.includes('/') ? cut(rest, rest.indexOf(':', rest.indexOf('/'))) : [rest, undefined];
  return address(text, prefix, port, protocol);
}

function address(text: string, numbers: string, portText: string | undefined, protocol: Protocol | undefined): Name | EndError {
  const port = portOf(text, portText);
  if (isError(port)) return port;
  const part: PortPart = { port, protocol };
  if (numbers.includes('-')) {
    const range = rangeOf(numbers);
    return range === undefined
      ? endError('bad-range', { text, range: numbers })
      : { kind: 'range', range, label: printRange(range), ...part };
  }
  if (numbers.includes('/')) {
    const cidr = parseCidr(numbers);
    if (cidr === undefined) return endError('bad-range', { text, range: numbers });
    return { kind: 'range', range: cidrRange(cidr), label: printCidr(cidr), ...part };
  }
  const ip = parseIp(numbers);
  return ip === undefined ? endError('bad-address', { text, address: numbers }) : { kind: 'address', address: unmapped(ip), ...part };
}

/** `10.0.0.0-10.0.0.9`, as this program prints ranges. */
function rangeOf(text: string): IpRange | undefined {
  const [from, to] = text.split('-').map(parseIp);
  if (from === undefined || to === undefined || from.value > to.value) return undefined;
  if (from.family === 4 && to.family === 4) return { family: 4, from: from.value, to: to.value };
  return from.family === 6 && to.family === 6 ? { family: 6, from: from.value, to: to.value } : undefined;
}

/** Programs log an IPv4 peer of an IPv6 socket as `::ffff:10.0.0.7`; on the wire it is IPv4 (RFC 4291 2.5.5.2). */
function unmapped(ip: Ip): Ip {
  return ip.family === 6 && ip.value >> 32n === 0xffffn ? { family: 4, value: Number(ip.value & 0xffffffffn) } : ip;
}

/** `web/app=frontend:8080`. A label's value has no colon. */
function labels(text: string, rest: string, protocol: Protocol | undefined, defaultNamespace: string): Name | EndError {
  const [list = '', portText] = cut(rest, rest.lastIndexOf(':'));
  const port = portOf(text, portText);
  if (isError(port)) return port;
  const found = labelList(list, defaultNamespace);
  if ('bad' in found) return endError('bad-label', { text, label: found.bad });
  return { kind: 'labels', ...found, port, protocol };
}

/** `internet`, `kubelet` and `{ingress-controller}`. */
function word(text: string, rest: string, protocol: Protocol | undefined): Name | EndError | undefined {
  const found = /^(internet|kubelet|\{ingress-controller\})(?::(.*))?$/.exec(rest);
  if (found === null) return undefined;
  const port = portOf(text, found[2]);
  if (isError(port)) return port;
  const kind = found[1] === 'internet' || found[1] === 'kubelet' ? found[1] : 'ingress-controller';
  return { kind, port, protocol };
}

function objectName(text: string, rest: string, protocol: Protocol | undefined, defaultNamespace: string): Name | EndError {
  const [first = '', ...others] = rest.split('/');
  const isObject = others.length === 0 || kindOf(first) !== undefined;
  if (!isObject && /[.:]/.test(first)) return hostName(undefined, first, `/${others.join('/')}`, protocol);

  const [named = '', portText] = cut(rest, rest.indexOf(':', rest.lastIndexOf('/') + 1));
  const port = portOf(text, portText);
  if (isError(port)) return port;
  const bracket = /^(.*)\[([A-Za-z]+)\]$/.exec(named); // `shop/cart[Deployment]`, as this program prints workloads
  const parts = (bracket?.[1] ?? named).split('/');
  const name = parts.at(-1) ?? '';
  if (parts.some((part) => part === '')) return endError('bad-name', { text, name: named });

  const words = bracket?.[2] === undefined ? [] : [bracket[2]];
  let namespace: string | undefined;
  if (parts.length === 2) {
    const isKind = words.length === 0 && kindOf(first) !== undefined;
    if (isKind) words.push(first);
    else namespace = first;
  } else if (parts.length === 3 && words.length === 0) {
    namespace = first;
    words.push(parts[1] ?? '');
  } else if (parts.length > 2) return endError('too-many-parts', { text });

  const kindWord = words[0];
  const kind = kindWord === undefined ? undefined : kindOf(kindWord);
  if (kindWord !== undefined && kind === undefined) {
    return endError('unknown-kind', { text, kind: kindWord, nearest: nearestKinds(kindWord) });
  }
  const isHost = kind === undefined && namespace === undefined && name.includes('.');
  if (isHost) return hostName(undefined, rest, undefined, protocol);
  const invalid = [namespace ?? 'default', name].find((part) => !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(part));
  if (invalid !== undefined) return endError('bad-name', { text, name: invalid });
  if (kind === 'Node') return { kind: 'node', name, port, protocol };
  return {
    kind: 'object',
    namespace: namespace ?? defaultNamespace,
    objectKind: kind,
    name,
    bare: parts.length === 1 && bracket === null,
    namespaceWritten: namespace !== undefined,
    port,
    protocol,
  };
}

/** The host part of a URL or of a dotted name: an address, or a name for the resolver. */
function hostName(scheme: string | undefined, authority: string, path: string | undefined, asked?: Protocol): Name | EndError {
  const text = `${scheme === undefined ? '' : `${scheme}://`}${authority}${path ?? ''}`;
  if (scheme !== undefined && leavesNoMachine(scheme)) return endError('not-a-network-name', { text, scheme });
  if (authority.includes(',')) return endError('several-hosts', { text, hosts: authority.split(',').filter((host) => host !== '') });
  const protocol = asked ?? (scheme === undefined ? undefined : schemeProtocol(scheme));
  const standard = scheme === undefined ? undefined : defaultPort(scheme);
  const withStandard = <T extends Name | EndError>(name: T): T =>
    isError(name) || name.port !== undefined ? name : { ...name, port: standard };

  const numbers = numeric(text, authority, protocol);
  if (numbers !== undefined) {
    const withUrl = !isError(numbers) && numbers.kind === 'address' && scheme !== undefined;
    return withStandard(withUrl ? { ...numbers, url: { scheme, path } } : numbers);
  }
  const [host, portText] = cut(authority, authority.indexOf(':'));
  const port = portOf(text, portText);
  if (isError(port)) return port;
  const absolute = host.endsWith('.');
  const plain = (absolute ? host.slice(0, -1) : host).toLowerCase();
  const isName =
    plain.length <= 253 &&
    plain
      .replace(/^\*\./, '')
      .split('.')
      .every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/.test(label));
  if (!isName) return plain === '' ? endError('empty-name', {}) : endError('bad-name', { text, name: host });
  return withStandard({ kind: 'host', host: plain, absolute, written: scheme !== undefined || absolute, path, scheme, port, protocol });
}

/** `8080`, `http`; undefined for none. A name is an IANA service name, as container ports have (semantics A.3). */
function portOf(text: string, port: string | undefined): number | string | undefined | EndError {
  if (port === undefined) return undefined;
  const bad = (reason: string) => endError('bad-port', { text, port, reason });
  if (port === '') return bad('empty');
  if (/^\d+$/.test(port)) return Number(port) >= 1 && Number(port) <= 65535 ? Number(port) : bad('range');
  if (/^\d+[-,]\d/.test(port)) return bad('several');
  const isName = port.length <= 15 && /[a-z]/.test(port) && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(port);
  return isName ? port : bad('name');
}

/** `cut('api:80', 3)` → `['api', '80']`; a negative place cuts nothing. */
function cut(text: string, place: number): [string, string | undefined] {
  return place < 0 ? [text, undefined] : [text.slice(0, place), text.slice(place + 1)];
}

export function isError(value: unknown): value is EndError {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'error';
}
