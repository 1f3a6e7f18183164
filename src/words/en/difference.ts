// The short ends of lines: what differs between a rule and a connection, and why no policy was asked.
import type { Difference, PeerAddress } from '../../explain/difference.ts';
import type { Exemption } from '../../policy/verdict.ts';

/** `pod has app=front-end`. */
export function differenceSentence(difference: Difference): string {
  switch (difference.code) {
    case 'label-differs': {
      const who = difference.of === 'pod' ? 'pod' : `namespace ${difference.name}`;
      return difference.has === undefined
        ? `${who} has no label ${difference.requirement.key}`
        : `${who} has ${difference.requirement.key}=${difference.has}`;
    }
    case 'other-namespace':
      return `pod is in namespace ${difference.has}, but a bare podSelector matches only ${difference.wanted}`;
    case 'not-a-pod':
      return 'the peer is not a pod';
    case 'host-network':
      return 'the pod is in its node’s network, where selectors do not match it';
    case 'outside-block':
      return outsideBlock(difference.address);
    case 'other-family':
      return `the connection is IPv${difference.family}`;
    case 'in-except':
      return `${difference.address} is in except ${difference.except}`;
    case 'block-ignores-cluster':
      return difference.isOpen
        ? `the CNI decides whether an ipBlock matches a ${difference.of}`
        : `an ipBlock never matches a ${difference.of} on this CNI`;
    case 'address-unknown':
      return 'the address of the pod is not in the input';
    case 'port-differs':
      return `the connection is to ${difference.has}`;
    case 'icmp-not-meant':
      return `the connection is ${difference.has}`;
    case 'protocol-differs':
      return `the connection is ${difference.has}`;
    case 'named-port-missing':
      if (difference.otherProtocol !== undefined) return `the destination declares it over ${difference.otherProtocol}`;
      return difference.initContainer !== undefined
        ? `only \`${difference.initContainer}\` declares it, an init container or sidecar, which this CNI does not look at`
        : `the destination has no port with that name (${difference.declared.join(', ') || 'it declares none'})`;
    case 'named-port-is-other':
      return `${difference.name} is ${difference.number} there, but the connection is to ${difference.has}`;
    case 'end-port-ignored':
      return 'this CNI ignores endPort';
    case 'other-name':
      return `the name is ${difference.name}`;
    case 'empty-peer':
      return 'a peer without any field matches nothing';
    case 'other-peer':
      return 'it does not match this peer';
  }
}

/** Why no policy was asked: `a pod always reaches itself`. */
export function exemptionSentence(because: Exemption): string {
  return EXEMPTIONS[because];
}

const EXEMPTIONS: Readonly<Record<Exemption, string>> = {
  'own-node': 'a pod and its own node always reach each other',
  loopback: 'a pod always reaches itself',
  'no-pod': 'this end is not a pod, so no policy applies',
  'host-network': 'policies do not apply to a pod in its node’s network',
  completed: 'the pod has finished running',
  'no-common-family': 'one end has only IPv4 and the other only IPv6, so there is no such connection',
  'icmp-passes': 'this CNI allows ping to isolated pods',
  'cni-does-not-enforce': 'this CNI does not enforce NetworkPolicies',
};

function outsideBlock(address: PeerAddress): string {
  switch (address.by) {
    case 'service-address':
      return `the peer is a ${address.of}, and this address belongs to a Service`;
    case 'any-address':
      return `the peer is a ${address.of}, and no ${address.of} has such an address`;
    case 'address':
      return `the peer is ${address.ip ?? 'unknown'}`;
  }
}
