// Causes, differences and outcomes in English: one of the two places with words (problem-sentence.ts is the other).
// Lower case, no full stop. Names are printed as they are; the reports escape what a terminal must not see.
import type { Unclear } from '../model/policy.ts';
import { clipped } from '../objects/clip.ts';
import type { Exemption } from '../policy/verdict.ts';
import type { CellName } from '../profile/profile.ts';
import type { Cause } from './cause.ts';
import { departureSentence } from './departure-words.ts';
import type { Difference } from './near-miss.ts';

type Say = { readonly text: string; readonly hint?: string };

/** The label that the API server gives every namespace (1.21+): its name. */
const METADATA_NAME = 'kubernetes.io/metadata.name';

function plural(list: Cause['facts'][string] | undefined, word: string): string {
  return Array.isArray(list) && list.length > 1 ? `${word}s` : word;
}

/** What a cause means for this connection, and what would mend it. */
export function causeSentence(cause: Cause): Say {
  const fact = (name: string) => {
    const value = cause.facts[name];
    return value === undefined ? '' : clipped(Array.isArray(value) ? value.join(', ') : String(value));
  };
  switch (cause.code) {
    case 'no-dns-egress':
      return {
        text: `${fact('source')} may not ask its DNS server ${fact('resolver')}: names do not resolve, and the application waits until the lookup times out`,
        hint: `allow egress to ${fact('resolver')} on ${fact('ports') || 'UDP 53 and TCP 53'}`,
      };
    case 'dns-udp-only':
      return { text: `DNS is open over UDP and closed over TCP: answers too large for UDP fail`, hint: 'add TCP 53 to the DNS rule' };
    case 'peer-label-mismatch':
      return { text: `${fact('rule')} wants ${wantedLabel(cause)}, and ${fact('pod')} has ${hasLabel(cause)}` };
    case 'namespace-label-missing': {
      const [namespace, called] = [fact('namespace'), fact('called')];
      if (cause.facts.key === METADATA_NAME && cause.facts.operator === 'In') {
        return {
          text: `${fact('rule')} is for ${plural(cause.facts.wanted, 'namespace')} ${fact('wanted')}, and this peer is in ${namespace}`,
          hint: `if ${namespace} is meant too, add a peer with ${METADATA_NAME}=${namespace}`,
        };
      }
      const implied = cause.facts.implied === true ? ' (its Namespace object is not in the input)' : '';
      return {
        text: `${fact('rule')} wants a namespace with ${wantedLabel(cause)}, and namespace ${namespace} has ${hasLabel(cause)}${implied}`,
        hint:
          called === namespace
            ? `the namespace is called \`${called}\`, but a name is no label: use ${METADATA_NAME}=${called}`
            : `label the namespace, or use ${METADATA_NAME}=${namespace}, which every namespace has`,
      };
    }
    case 'peer-needs-namespace-selector':
      return {
        text: `${fact('rule')} has a podSelector without namespaceSelector: it means pods in ${fact('wanted')}, and this one is in ${fact('namespace')}`,
        hint:
          cause.facts.inUse === true
            ? `write one more peer, with namespaceSelector: { matchLabels: { ${METADATA_NAME}: ${fact('namespace')} } }; pods of ${fact('wanted')} need the one that is there`
            : `add namespaceSelector: { matchLabels: { ${METADATA_NAME}: ${fact('namespace')} } } to the same peer`,
      };
    case 'and-or':
      return {
        text: `${fact('rule')} wants both selectors of peer ${fact('peer')} at once; the ${fact('has')} alone fits`,
        hint: 'if either was meant, write two peers: a dash before each selector',
      };
    case 'port-mismatch':
      return { text: `${fact('rule')} admits this peer on ${fact('wanted')}, not on ${fact('port')}` };
    case 'service-port-instead-of-target-port':
      return {
        text: `${fact('rule')} opens ${fact('servicePort')}, the port of Service ${fact('service')}; ${fact('behind')} ${fact('behind') === 'the API server' ? 'listens' : 'listen'} on ${fact('targetPort')}, and that is what policies see`,
        hint: `write port ${fact('targetPort')}`,
      };
    case 'node-port-instead-of-target-port':
      return {
        text: `${fact('rule')} opens ${fact('nodePort')}, a ${fact('of')} of ${fact('owner')}; the pods listen on ${fact('targetPort')}, and that is what policies see`,
        hint: `write port ${fact('targetPort')}`,
      };
    case 'named-port-missing':
      return {
        text:
          fact('otherProtocol') === ''
            ? `${fact('rule')} opens port \`${fact('port')}\` (${fact('protocol')}), which the destination does not declare (it has ${fact('declared') || 'no ports'})`
            : `${fact('rule')} opens \`${fact('port')}\` over ${fact('protocol')}; the destination declares it over ${fact('otherProtocol')}`,
      };
    case 'protocol-mismatch':
      return { text: `${fact('rule')} opens ${fact('wanted')}, and this is ${fact('has')}` };
    case 'end-port-ignored':
      return { text: `${fact('rule')} opens ${fact('wanted')}, but this CNI takes the first port alone` };
    case 'egress-types-without-rules':
      return {
        text: `${fact('policy')} lists Egress in policyTypes and has no egress rule: it cuts everything its pods send, DNS too`,
        hint: 'remove Egress from policyTypes, or write the egress rules',
      };
    case 'policy-types-defaulted':
      return {
        text: `${fact('policy')} has no policyTypes, and the default isolates ${fact('direction')} although it has no ${fact('direction')} rule`,
        hint: `write policyTypes: [${fact('direction') === 'ingress' ? 'Egress' : 'Ingress'}]`,
      };
    case 'rules-ignored-by-policy-types':
      return {
        text: `${fact('policy')} has an ${fact('direction')} rule that would allow this, but its policyTypes leaves ${fact('direction')} out, so the rule does nothing`,
        hint: `add ${fact('direction') === 'ingress' ? 'Ingress' : 'Egress'} to policyTypes`,
      };
    case 'ipblock-for-a-pod':
      return ipBlockSentence(cause, fact);
    case 'service-address-not-opened':
      if (fact('isOfPort') === 'true')
        return {
          text: `${fact('rule')} opens the port of the pods behind Service ${fact('service')}, and this CNI checks egress against the Service’s own port (${fact('port')}), which no rule opens`,
          hint: `open port ${fact('port')} too, or give the Service and the container the same port`,
        };
      return {
        text: `${fact('rule')} admits the pods behind Service ${fact('service')}, and this CNI checks egress against the Service’s address (port ${fact('port')}), which it opens only where the rule’s labels are those the Service selects by (${fact('selector')})`,
        hint: `select the peer by ${fact('selector')}`,
      };
    case 'enforcer-departs':
      return departureSentence(fact('departure'), fact('enforced') === 'open', fact('rules'));
    case 'ipblock-for-a-service-address':
      return {
        text:
          fact('cidr') === ''
            ? `${fact('rule')} concerns the address of a Service; whether policies see it before it is translated is up to the CNI (AWS VPC CNI does)`
            : `${fact('rule')} names ${fact('cidr')}, the address of Service ${fact('service')}; policies see what is behind it`,
        hint:
          cause.facts.endpoints === undefined
            ? 'select the pods of the Service by labels'
            : `write ${fact('endpoints') === '' ? 'the addresses of its endpoints' : fact('endpoints')} and port ${fact('port')}, which is what policies see`,
      };
    case 'other-family': {
      const [has, other] = fact('family') === 'IPv6' ? ['IPv4', '::/0'] : ['IPv6', '0.0.0.0/0'];
      return {
        text: `${fact('rule')} opens ${fact('cidr')}, which is ${has}, and this connection is ${fact('family')}: a block never matches the other family`,
        hint: fact('cidr').endsWith('/0') ? `add ${other} beside it` : `add a block with the ${fact('family')} addresses beside it`,
      };
    }
    case 'except-hole':
      return { text: `${fact('rule')} opens ${fact('cidr')} except ${fact('except')}, and ${fact('address')} lies in the exception` };
    case 'one-side-only':
      return {
        text: `${fact('allowedBy')} allows the ${fact('allows')} side; the ${fact('denies')} side does not: both ends must agree`,
      };
    case 'host-network':
      return {
        text: `${fact('pod')} runs in its node’s network: policies see the node, and selectors never match it`,
        hint: 'allow the node’s address with an ipBlock, or take the pod out of the host network',
      };
    case 'cni-does-not-enforce':
      return unenforcedSentence(fact);
    case 'pod-not-policed': {
      const where = fact('place') === 'windows' ? 'a Windows node' : 'Fargate';
      const but = fact('passes') === 'true' ? 'the packets pass although the policies deny them' : 'only the other end stops them';
      return {
        text: `${fact('pod')} runs on ${where}, where ${fact('profile')} does not enforce NetworkPolicies: ${but}`,
        hint: fact('place') === 'windows' ? 'use the firewall of the node, or security groups' : 'use security groups for pods',
      };
    }
    case 'windows-lacks':
      return {
        text: `${fact('pod')} runs on a Windows node, where ${fact('profile')} knows no ${fact('lacks')}, and ${fact('rule')} needs them: the rule may not open this there`,
        hint: 'write port numbers, TCP or UDP, and blocks without exceptions for pods on Windows',
      };
    case 'isolated-with-no-rules':
      return {
        text: `isolated by ${fact('policies')}, and no policy has ${cause.direction === 'egress' ? 'an egress' : 'an ingress'} rule for this pod`,
      };
    case 'no-rule-matches':
      return { text: `isolated by ${fact('policies')}, and no rule matches this peer` };
    case 'profile-differs':
      return { text: `the CNIs differ on this: ${cellQuestion(fact('cell'))}`, hint: 'choose yours with --cni' };
    case 'policy-unreadable':
      return unreadableSentence(fact);
    case 'address-unknown':
      return {
        text: `an ipBlock may cover ${fact('end') || 'the peer'}, whose address is not in the input`,
        hint: 'read the pods from the cluster: kubectl get pods -A -o yaml',
      };
    case 'tunnel-source':
      return {
        text:
          fact('tunnel') === ''
            ? `pods of other nodes see ${fact('end')} by its own address or by that of its tunnel, and ${fact('rule')} matches one of the two`
            : `pods of other nodes see ${fact('end')} as ${fact('tunnels')} when it sends through its tunnel, which is ${fact('tunnel')}; as ${fact('addresses')} it is ${fact('node')}`,
        hint: 'open the tunnel addresses of the nodes, too; Calico: `kubectl get ippools -o yaml` shows the mode (Always: through the tunnel; CrossSubnet: between subnets only)',
      };
    case 'node-unknown':
      return {
        text:
          fact('same') === ''
            ? `whether ${fact('end')} and the other end share a node is not in the input`
            : `whether ${fact('end')} and the other end share a node is not in the input: on the same node it is ${fact('same')}, from any other node ${fact('other')}`,
        hint: fact('same') === '' ? 'a node always reaches its own pods' : 'read the pods from the cluster, which says where each runs',
      };
    case 'named-port-in-init-container':
      return fact('container') === ''
        ? {
            text: `port \`${fact('port')}\` of ${fact('end')} is declared only by an init container or sidecar, which not every CNI looks at`,
          }
        : {
            text: `port \`${fact('port')}\` of ${fact('end')} is declared only by \`${fact('container')}\`, an init container or sidecar, which this CNI does not look at`,
            hint: 'write the number, or declare the port on a container of `spec.containers`',
          };
    case 'families-differ':
      return {
        text: `over IPv4 it is ${fact('IPv4')}, over IPv6 ${fact('IPv6')}; which of the two a client tries first is up to the client`,
        hint: 'allow both families or neither; an ipBlock never matches the other family',
      };
    case 'equal-priority':
      return {
        text: `${fact('policies')} have the same priority and decide differently; the API lets either come first`,
        hint: 'give one of them another priority',
      };
    case 'nodes-unknown':
      return {
        text: `${fact('rule')} means nodes, and the input has no Node objects`,
        hint: 'add the nodes to the input: kubectl get nodes -o yaml',
      };
    case 'name-unresolved':
      return {
        text: `${fact('rule')} means a DNS name, and whether ${fact('end')} is one of its addresses shows only when the pod has asked DNS`,
        hint: 'look the name up from the pod, and ask about its addresses',
      };
    case 'host-endpoint':
      return {
        text: `HostEndpoint ${fact('endpoint')} covers ${fact('end')}: Calico denies what no GlobalNetworkPolicy or profile of it allows, and those are not evaluated for nodes`,
        hint: 'read the GlobalNetworkPolicies that select it; `profiles: [projectcalico-default-allow]` lets through what they do not decide',
      };
    case 'rule-unclear':
      return unclearSentence(fact);
    case 'denied-by-rule': {
      const [tier, shadowed] = [fact('tier'), fact('shadowed')];
      const text = `${fact('kind')} ${fact('rule')} denies it`;
      const before = shadowed === '' ? '' : `; ${fact('shadowedKind')} ${shadowed}, which would let it through, is asked after it`;
      if (tier === 'admin')
        return {
          text: `${text}, before any NetworkPolicy is asked${before}: no NetworkPolicy can open this`,
          hint: 'a rule with a better priority has to accept it, or pass it on to NetworkPolicies; that is for whoever owns the cluster-wide policies',
        };
      if (tier === 'baseline')
        return {
          text: `${text}: no NetworkPolicy selects the pod, so the baseline decides`,
          hint: 'a NetworkPolicy that allows it is asked before the baseline',
        };
      return { text: `${text}${before}` };
    }
  }
}

type Fact = (name: string) => string;

/** Why a rule may or may not match, and what would tell. */
function unclearSentence(fact: Fact): Say {
  const rule = fact('rule');
  switch (fact('because') as Unclear) {
    case 'http':
      return {
        text: `${rule} looks at HTTP requests, which only a cluster with application layer policy does; without it the rest of the rule decides`,
        hint: 'is ApplicationLayer enabled here? if not, leave http out of the rule',
      };
    case 'no-endpoints':
      return {
        text: `${rule} names a Service, and the input has no EndpointSlices, so which addresses it means is not known`,
        hint: 'add them to the input: kubectl get endpointslices -A -o yaml',
      };
    case 'service-namespace':
      return {
        text: `${rule} names a Service without its namespace: the API text says the policy's own, and Felix finds nothing`,
        hint: 'write services.namespace',
      };
    case 'client-port':
      return {
        text: `${rule} names ports of the client, which its system chooses (32768-60999 unless configured otherwise), and only some of them fit`,
        hint: 'a new connection is told apart by its destination port; leave source.ports out',
      };
    case 'port-names':
      return { text: `${rule} names ports beside ports that it leaves out`, hint: 'write numbers on both sides' };
    case 'service-account':
      return {
        text: `${rule} asks for labels of a ServiceAccount that is not in the input`,
        hint: 'add them to the input: kubectl get serviceaccounts -A -o yaml',
      };
    case 'own-address':
      return {
        text: `${rule} is for the policy's own pods at certain addresses, and the address of this pod is not in the input`,
        hint: 'read the pods from the cluster: kubectl get pods -A -o yaml',
      };
    case 'authentication':
      return {
        text: `${rule} has authentication.mode: test-always-fail, a handshake that is made to fail: in practice nothing passes`,
        hint: 'that mode is for tests; write required, or leave authentication out',
      };
  }
}

/** A pod can be selected by labels. A node cannot: where blocks do not match it, only what the platform has besides can. */
function ipBlockSentence({ facts }: Cause, fact: Fact): Say {
  const isNode = fact('of') === 'node';
  const port = fact('service') === '' ? '' : ', toPorts for the port';
  const entity = fact('service') === '' ? 'host, remote-node' : 'kube-apiserver';
  if (facts.open === false) {
    return {
      text: `${fact('rule')} has an ipBlock (${fact('cidr')}) that covers the peer, and on this CNI an ipBlock never matches a ${fact('of')}`,
      hint: isNode
        ? `on Cilium: a CiliumNetworkPolicy with the entity (${entity}${port}), or policy-cidr-match-mode: nodes in its configuration`
        : 'select the peer by labels',
    };
  }
  const what = isNode ? 'the peer is a node' : 'the peer is a pod';
  return {
    text: `${fact('rule')} has an ipBlock that may cover the peer; ${what}, and whether an ipBlock matches it is up to the CNI`,
    hint: isNode ? 'choose a profile with --cni' : 'select the peer by labels, or choose a profile with --cni',
  };
}

function wantedLabel({ facts }: Cause): string {
  return label(String(facts.key), String(facts.operator), facts.wanted as readonly string[]);
}

function hasLabel({ facts }: Cause): string {
  return facts.has === undefined ? `no label ${String(facts.key)}` : `${String(facts.key)}=${String(facts.has)}`;
}

function label(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return `label ${key}`;
  if (operator === 'DoesNotExist') return `no label ${key}`;
  if (values.length === 1) return `${key}${operator === 'In' ? '=' : '!='}${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'not in'} (${values.join(', ')})`;
}

/** The short end of a line: `pod has app=front-end`. */
export function differenceSentence(difference: Difference): string {
  switch (difference.code) {
    case 'label-differs': {
      const who = difference.of === 'pod' ? 'pod' : `namespace ${difference.name}`;
      return difference.has === undefined
        ? `${who} has no label ${difference.requirement.key}`
        : `${who} has ${difference.requirement.key}=${difference.has}`;
    }
    case 'other-namespace':
      return `pod is in namespace ${difference.has}, and a bare podSelector means ${difference.wanted}`;
    case 'not-a-pod':
      return 'the peer is not a pod';
    case 'host-network':
      return 'the pod is in its node’s network, selectors do not see it';
    case 'outside-block':
      return `the peer is ${difference.address}`;
    case 'other-family':
      return `the connection is IPv${difference.family}`;
    case 'in-except':
      return `${difference.address} lies in except ${difference.except}`;
    case 'block-ignores-cluster':
      return difference.isOpen
        ? `whether an ipBlock matches a ${difference.of} is up to the CNI`
        : `an ipBlock never matches a ${difference.of} on this CNI`;
    case 'address-unknown':
      return 'the address of the pod is not in the input';
    case 'port-differs':
      return `the connection is to ${difference.has}`;
    case 'protocol-differs':
      return `the connection is ${difference.has}`;
    case 'named-port-missing':
      return difference.otherProtocol === undefined
        ? difference.initContainer !== undefined
          ? `only \`${difference.initContainer}\` declares it, an init container or sidecar, which this CNI does not look at`
          : `the destination has no port of that name (${difference.declared.join(', ') || 'it declares none'})`
        : `the destination has it over ${difference.otherProtocol}`;
    case 'named-port-is-other':
      return `${difference.name} is ${difference.number} there, the connection is to ${difference.has}`;
    case 'end-port-ignored':
      return 'this CNI ignores endPort';
    case 'empty-peer':
      return 'a peer with no field matches nothing';
    case 'other-peer':
      return 'it does not mean this peer';
  }
}

/** What a cell of a profile asks, for people: `endPort` → `is endPort honoured?`. An unknown cell comes back as it is. */
export function cellQuestion(cell: string): string {
  return Object.hasOwn(CELL_QUESTIONS, cell) ? CELL_QUESTIONS[cell as CellName] : cell;
}

const CELL_QUESTIONS: Readonly<Record<CellName, string>> = {
  enforces: 'are NetworkPolicies enforced at all?',
  ipBlockMatchesPod: 'does an ipBlock that covers a pod’s address admit that pod?',
  ipBlockMatchesNode: 'does an ipBlock that covers a node’s address admit that node and its host-network pods?',
  ipBlockMatchesServiceAddress: 'is egress checked against the address of the Service, before it becomes that of a pod?',
  selectorsMatchHostNetwork: 'can the selectors of a peer match a host-network pod?',
  policesHostNetworkSubject: 'is a host-network pod that a policy selects really isolated?',
  localNodeToPod: 'may a node always reach its own pods (probes, port-forward)?',
  podToOwnNode: 'may a pod always reach its own node?',
  endPort: 'is endPort honoured?',
  sctp: 'are rules for SCTP enforced?',
  namedPorts: 'are port names looked up in the destination pod?',
  namedPortsOfInitContainers: 'does a port name find the ports of sidecars and init containers?',
  icmpWhenIsolated: 'does ping pass to and from an isolated pod?',
  establishedCutOnDeny: 'is an open connection cut when a policy starts to deny it?',
  startup: 'what may a new pod do before its policies are in place?',
  agentDown: 'what happens to a node’s pods when its agent dies?',
  denyResponse: 'is a denied packet dropped in silence, or answered?',
  ownPolicies: 'whose own kinds of policies are enforced, Cilium’s or Calico’s?',
  adminPolicies: 'which cluster-wide policies of the network-policy API are there?',
  departures: 'does it enforce some policies otherwise than the API means them?',
  nodePortSource: 'does a pod behind a node port see the client or a node?',
  baselineAfterNetworkPolicy: 'what keeps a pod out of the Baseline tier?',
};

export function exemptionSentence(because: Exemption): string {
  switch (because) {
    case 'own-node':
      return 'a pod and its own node always reach each other';
    case 'loopback':
      return 'a pod always reaches itself';
    case 'no-pod':
      return 'no pod at this end, so no policy';
    case 'host-network':
      return 'a pod in its node’s network is not policed';
    case 'completed':
      return 'the pod has run to its end';
    case 'no-common-family':
      return 'one end has IPv4 only and the other IPv6 only, so there is no such connection';
    case 'icmp-passes':
      return 'this CNI lets ping through to isolated pods';
    case 'cni-does-not-enforce':
      return 'this CNI does not enforce NetworkPolicies';
  }
}

/** What passes now and would be denied is an open door that looks shut. */
function unenforcedSentence(fact: (name: string) => string): Say {
  const denied = fact('deniedBy') === '' ? '' : `; this connection would be denied by ${fact('deniedBy')} and passes now`;
  if (fact('switchedOff') === '')
    return { text: `${fact('profile')} does not enforce NetworkPolicies: everything passes, whatever they say${denied}` };
  return {
    text: `a setting of this cluster keeps ${fact('profile')} from enforcing policies (${fact('switchedOff')}): everything passes, whatever they say${denied}`,
    hint: 'before enforcement is switched on, ask again without this setting in the input: the answer is what will happen then',
  };
}

/** A policy that others decide by, one that no server takes, and one that cannot be read are three things. */
function unreadableSentence(fact: (name: string) => string): Say {
  const what = `${fact('kind')} ${fact('policy')}`;
  if (fact('layer') === 'mesh') {
    return {
      text: `the network lets it through; ${fact('decides')} decides further, by ${what}`,
      hint: `ask ${fact('decides')}: its policies are not evaluated here`,
    };
  }
  if (fact('decides') !== '')
    return {
      text: `${fact('decides')} decides by ${what}, which is not evaluated here and may touch this connection`,
      hint: `look at what ${what} says`,
    };
  const because = fact('because') === '' ? 'could not be read' : `could not be read (${fact('because')})`;
  return {
    text: `${what} ${because}, and it may touch this connection`,
    hint: 'fix it first: until then no verdict that it could touch is certain',
  };
}
