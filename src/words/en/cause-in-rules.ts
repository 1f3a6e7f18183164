// Causes that a rule was read from: it nearly allowed the connection, or it names the wrong thing.
import type { Cause } from '../../explain/causes.ts';
import { byCount, type Fact, type Said, said } from './said.ts';

/** The label that the API server gives every namespace (1.21+): its name. */
const METADATA_NAME = 'kubernetes.io/metadata.name';

type Words = (fact: Fact, cause: Cause) => Said;

export const CAUSES_IN_RULES = {
  'peer-label-mismatch': (fact, cause) =>
    said(`${fact('rule')} requires ${requiredLabel(cause)}, but ${fact('pod')} has ${actualLabel(cause)}`),
  'namespace-label-missing': namespaceLabelMissing,
  'peer-needs-namespace-selector': (fact, { facts }) => {
    const selector = `namespaceSelector: { matchLabels: { ${METADATA_NAME}: ${fact('namespace')} } }`;
    return said(
      `${fact('rule')} has a podSelector without a namespaceSelector, so it matches pods in ${fact('wanted')} only; this one is in ${fact('namespace')}`,
      facts.inUse === true
        ? `add a second peer with ${selector}, because pods in ${fact('wanted')} need the existing one`
        : `add ${selector} to the same peer`,
    );
  },
  'and-or': (fact) =>
    said(
      `${fact('rule')} requires both selectors of peer ${fact('peer')} to match; only the ${fact('has')} does`,
      'if either one should be enough, make them two peers, with a dash before each selector',
    ),
  'port-mismatch': (fact) => said(`${fact('rule')} allows this peer on ${fact('wanted')}, not on ${fact('port')}`),
  'service-port-instead-of-target-port': (fact) => {
    const listening = LISTENING[fact('behind')] ?? LISTENING.pods;
    return said(
      `${fact('rule')} allows ${fact('servicePort')}, the port of Service ${fact('service')}, but ${listening} on ${fact('targetPort')}, and that is the port policies see`,
      `allow port ${fact('targetPort')}`,
    );
  },
  'node-port-instead-of-target-port': (fact) =>
    said(
      `${fact('rule')} allows ${fact('nodePort')}, a ${fact('of')} of ${fact('owner')}, but the pods listen on ${fact('targetPort')}, and that is the port policies see`,
      `allow port ${fact('targetPort')}`,
    ),
  'named-port-missing': (fact) =>
    fact('otherProtocol') === ''
      ? said(
          `${fact('rule')} allows port \`${fact('port')}\` (${fact('protocol')}), but the destination does not declare it (${fact('declared') === '' ? 'it declares no ports' : `it has ${fact('declared')}`})`,
        )
      : said(
          `${fact('rule')} allows \`${fact('port')}\` over ${fact('protocol')}, but the destination declares it over ${fact('otherProtocol')}`,
        ),
  'protocol-mismatch': (fact) => said(`${fact('rule')} allows ${fact('wanted')}, but this connection is ${fact('has')}`),
  'name-not-in-rule': (fact) =>
    said(
      `${fact('rule')} allows ${fact('names')}, and ${fact('name')} is not among that; it passes only where it shares an address with a name that is`,
      'a * in matchPattern stands for characters of one label, not for several labels; **. in front does from Cilium 1.19',
    ),
  'icmp-not-in-rule': (fact) =>
    said(
      `${fact('rule')} allows this peer on ${fact('wanted') || 'nothing'}, and ${fact('has')} is not among that`,
      'a NetworkPolicy admits ICMP only by a rule without ports; Cilium has icmps, and Calico protocol: ICMP',
    ),
  'end-port-ignored': (fact) =>
    said(`${fact('rule')} allows ${fact('wanted')}, but this CNI ignores endPort and allows only the first port`),
  'ipblock-for-a-pod': ipBlockForAPod,
  'service-address-not-opened': (fact) =>
    fact('isOfPort') === 'true'
      ? said(
          `${fact('rule')} allows the port of the pods behind Service ${fact('service')}, but this CNI checks egress against the Service’s own port (${fact('port')}), which no rule allows`,
          `allow port ${fact('port')} as well, or give the Service and the container the same port`,
        )
      : said(
          `${fact('rule')} allows the pods behind Service ${fact('service')}, but this CNI checks egress against the Service’s address (port ${fact('port')}), and it allows that only if the rule’s labels match the Service’s own selector (${fact('selector')})`,
          `select the peer by ${fact('selector')}`,
        ),
  'ipblock-for-a-service-address': (fact, { facts }) =>
    said(
      fact('cidr') === ''
        ? `${fact('rule')} contains the address of a Service; the CNI decides whether policies see that address before it is translated (AWS VPC CNI does)`
        : `${fact('rule')} contains ${fact('cidr')}, the address of Service ${fact('service')}, but policies see the endpoints behind it`,
      facts.endpoints === undefined
        ? 'select the pods of the Service by their labels'
        : `allow ${fact('endpoints') === '' ? 'the addresses of its endpoints' : fact('endpoints')} and port ${fact('port')}, which is what policies see`,
    ),
  'other-family': (fact) => {
    const [block, whole] = fact('family') === 'IPv6' ? ['IPv4', '::/0'] : ['IPv6', '0.0.0.0/0'];
    return said(
      `${fact('rule')} allows ${fact('cidr')}, which is ${block}, but this connection is ${fact('family')}; a block never matches the other family`,
      fact('cidr').endsWith('/0') ? `add ${whole} beside it` : `add a block with the ${fact('family')} addresses beside it`,
    );
  },
  'except-hole': (fact) =>
    said(`${fact('rule')} allows ${fact('cidr')} except ${fact('except')}, and ${fact('address')} is in the exception`),
  'host-network': (fact) =>
    said(
      `${fact('pod')} runs in its node’s network, so policies see the node’s address and selectors never match the pod`,
      'allow the node’s address with an ipBlock, or move the pod off the host network',
    ),
  'rules-ignored-by-policy-types': (fact) =>
    said(
      `${fact('policy')} has an ${fact('direction')} rule that would allow this, but its policyTypes does not list ${typeOf(fact('direction'))}, so the rule has no effect`,
      `add ${typeOf(fact('direction'))} to policyTypes`,
    ),
} as const satisfies Readonly<Record<string, Words>>;

const LISTENING: Readonly<Record<string, string>> = {
  pods: 'the pods listen',
  endpoints: 'its endpoints listen',
  'api-server': 'the API server listens',
};

/** `ingress` → `Ingress`, as policyTypes spells it. */
function typeOf(direction: string): string {
  return direction === 'ingress' ? 'Ingress' : 'Egress';
}

function namespaceLabelMissing(fact: Fact, cause: Cause): Said {
  const [namespace, called] = [fact('namespace'), fact('called')];
  if (cause.facts.key === METADATA_NAME && cause.facts.operator === 'In') {
    return said(
      `${fact('rule')} matches ${byCount(fact('wanted'), 'namespace', 'namespaces')} ${fact('wanted')} only, but this peer is in ${namespace}`,
      `to allow ${namespace} as well, add a peer with ${METADATA_NAME}=${namespace}`,
    );
  }
  const implied = cause.facts.implied === true ? ' (its Namespace object is not in the input)' : '';
  return said(
    `${fact('rule')} requires a namespace with ${requiredLabel(cause)}, but namespace ${namespace} has ${actualLabel(cause)}${implied}`,
    called === namespace
      ? `\`${called}\` is the namespace’s name, not one of its labels; use ${METADATA_NAME}=${called}`
      : `label the namespace, or use ${METADATA_NAME}=${namespace}, which every namespace has`,
  );
}

/** A pod can be selected by labels. A node cannot: where blocks do not match it, only what the platform has besides can. */
function ipBlockForAPod(fact: Fact, { facts }: Cause): Said {
  const isNode = fact('of') === 'node';
  const port = fact('service') === '' ? '' : ', toPorts for the port';
  const entity = fact('service') === '' ? 'host, remote-node' : 'kube-apiserver';
  if (facts.open === false) {
    return said(
      `${fact('rule')} has an ipBlock (${fact('cidr')}) that covers the peer, but on this CNI an ipBlock never matches a ${fact('of')}`,
      isNode
        ? `on Cilium: a CiliumNetworkPolicy with the entity (${entity}${port}), or policy-cidr-match-mode: nodes in its configuration`
        : 'select the peer by labels',
    );
  }
  return said(
    `${fact('rule')} has an ipBlock that may cover the peer, but the peer is a ${isNode ? 'node' : 'pod'}, and the CNI decides whether an ipBlock matches one`,
    isNode ? 'choose a profile with --cni' : 'select the peer by labels, or choose a profile with --cni',
  );
}

function requiredLabel({ facts }: Cause): string {
  return label(String(facts.key), String(facts.operator), [facts.wanted ?? []].flat().map(String));
}

function actualLabel({ facts }: Cause): string {
  return facts.has === undefined ? `no label ${String(facts.key)}` : `${String(facts.key)}=${String(facts.has)}`;
}

function label(key: string, operator: string, values: readonly string[]): string {
  if (operator === 'Exists') return `label ${key}`;
  if (operator === 'DoesNotExist') return `no label ${key}`;
  if (values.length === 1) return `${key}${operator === 'In' ? '=' : '!='}${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'not in'} (${values.join(', ')})`;
}
