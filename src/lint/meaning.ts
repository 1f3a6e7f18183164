// One text per meaning: two peers, ports or rules with the same text say the same. What one of them covers of another is implied.ts.
import type { Peer, PortRule, Rule } from '../model/policy.ts';
import { printSelector, type Selector } from '../model/selector.ts';
import { printCidr } from '../net/cidr.ts';
import { isAllPorts, type PortSet, portSet, unionPorts } from '../net/port-set.ts';
import { meaningOf } from '../reach/matching-labels.ts';

/** How a namespaceSelector is said: by its requirements, or by the namespaces that it means today. */
export type SayNamespaces = (selector: Selector) => string;

/** `pods name shop ["app","In","cart"]`, `block 10.0.0.0/8 except 10.1.0.0/16`. */
export function peerKey(peer: Peer, say: SayNamespaces = meaningOf): string {
  switch (peer.kind) {
    case 'nothing':
      return 'nothing';
    case 'nodes':
      return `nodes ${printSelector(peer.selector)}`;
    case 'dns-names':
      return `names ${peer.names.join(', ')}`;
    case 'unread':
      return 'unread';
    case 'all-of':
      return `all (${peer.of.map((one) => peerKey(one, say)).join(' and ')})`;
    case 'unclear':
      return `unclear ${peer.because}`;
    case 'not':
      return `not (${peerKey(peer.of, say)})`;
    case 'block':
      return `block ${printCidr(peer.cidr)} except ${peer.except.map(printCidr).sort().join()}`;
    case 'pods': {
      const { namespace } = peer;
      const where =
        namespace.by === 'name' ? `name ${namespace.name}` : namespace.by === 'any' ? 'any' : `labels ${say(namespace.selector)}`;
      return `pods ${where} ${peer.pods === undefined ? '' : meaningOf(peer.pods)}`;
    }
  }
}

export function portKey(port: PortRule): string {
  switch (port.kind) {
    case 'protocol':
      return port.protocol;
    case 'range':
      return `${port.protocol} ${port.from}-${port.to}${(port.exceptNames ?? []).map((name) => ` but ${JSON.stringify(name)}`).join('')}`;
    case 'named':
      return `${port.protocol} ${JSON.stringify(port.name)}`;
  }
}

/** `allow ["pods any …"] on ["UDP 53-53"]`: whom it lets through and on which ports. */
export function ruleKey({ action, peers, ports }: Rule, say: SayNamespaces = meaningOf): string {
  const who = peers === 'anyone' ? 'anyone' : distinct(peers.map((peer) => peerKey(peer, say)));
  return `${action} ${who} on ${ports === 'every-port' ? 'every-port' : distinct(ports.map(portKey))}`;
}

/** `["a","b"]` for `b, a, b`. */
export function distinct(texts: readonly string[]): string {
  return JSON.stringify([...new Set(texts)].sort());
}

/** The numbers that a rule's ports name; port names are left out, for they are other numbers in every pod. */
function numbersOf(ports: Rule['ports']): PortSet | 'every-port' {
  if (ports === 'every-port') return 'every-port';
  return ports.reduce<PortSet>(
    (all, port) =>
      port.kind === 'named'
        ? all
        : unionPorts(all, port.kind === 'protocol' ? portSet(port.protocol) : portSet(port.protocol, port.from, port.to)),
    { TCP: [], UDP: [], SCTP: [] },
  );
}

/** A rule `{}`: everybody on every port. */
export function isEverything({ peers, ports }: Rule): boolean {
  if (peers !== 'anyone') return false;
  const numbers = numbersOf(ports);
  return numbers === 'every-port' || isAllPorts(numbers);
}

/** True when both rules open some port in common; named ports count as perhaps the same. */
export function sharePorts(a: Rule['ports'], b: Rule['ports']): boolean {
  if (a === 'every-port' || b === 'every-port') return true;
  return a.some((one) =>
    b.some(
      (other) =>
        one.protocol === other.protocol &&
        (one.kind !== 'range' || other.kind !== 'range' || (one.from <= other.to && other.from <= one.to)) &&
        !(one.kind === 'named' && other.kind === 'named' && one.name !== other.name),
    ),
  );
}

/** Every entry is port 53, or 5353 as on OpenShift: a rule that somebody wrote for DNS. */
export function isDnsRule({ ports }: Rule): boolean {
  return (
    ports !== 'every-port' &&
    ports.every(
      (port) => port.kind === 'range' && port.from === port.to && (port.from === 53 || port.from === 5353) && port.protocol !== 'SCTP',
    )
  );
}
