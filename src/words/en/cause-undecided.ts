// Causes of a verdict that stays open: what is not known, and how to find it out.
import type { Cause } from '../../explain/causes.ts';
import type { Unclear } from '../../model/policy.ts';
import { cellQuestion } from './cells.ts';
import { deciderName } from './deciders.ts';
import { problemSentence } from './problem.ts';
import { type Fact, type Said, said } from './said.ts';

type Words = (fact: Fact, cause: Cause) => Said;

const READ_PODS = 'read the pods from the cluster: kubectl get pods -A -o yaml';

export const CAUSES_UNDECIDED = {
  'profile-differs': (fact) => said(`CNIs differ on this: ${cellQuestion(fact('cell'))}`, 'choose yours with --cni'),
  'policy-unreadable': unreadable,
  'address-unknown': (fact) => said(`a CIDR may cover ${fact('end') || 'the peer'}, whose address is not in the input`, READ_PODS),
  'tunnel-source': (fact) =>
    said(
      fact('tunnel') === ''
        ? `pods on other nodes see ${fact('end')} either by its own address or by that of its tunnel, and ${fact('rule')} matches only one of the two`
        : `pods on other nodes see ${fact('end')} as ${fact('tunnels')} if it sends through its tunnel, and then it is ${fact('tunnel')}; as ${fact('addresses')} it is ${fact('node')}`,
      'allow the tunnel addresses of the nodes as well; for Calico, `kubectl get ippools -o yaml` shows the mode (Always: through the tunnel; CrossSubnet: only between subnets)',
    ),
  'node-unknown': (fact) =>
    fact('same') === ''
      ? said(`the input does not say whether ${fact('end')} and the other end share a node`, 'a node always reaches its own pods')
      : said(
          `the input does not say whether ${fact('end')} and the other end share a node; on the same node it is ${fact('same')}, from any other node ${fact('other')}`,
          'read the pods from the cluster, which says where each one runs',
        ),
  'named-port-in-init-container': (fact) =>
    fact('container') === ''
      ? said(`port \`${fact('port')}\` of ${fact('end')} is declared only by an init container or sidecar, which some CNIs do not look at`)
      : said(
          `port \`${fact('port')}\` of ${fact('end')} is declared only by \`${fact('container')}\`, an init container or sidecar, which this CNI does not look at`,
          'use the number, or declare the port on a container in `spec.containers`',
        ),
  'equal-priority': (fact) =>
    said(
      `${fact('policies')} have the same priority and decide differently; the API does not say which comes first`,
      'give one of them a different priority',
    ),
  'nodes-unknown': (fact) =>
    said(`${fact('rule')} matches nodes, and the input has no Node objects`, 'add the nodes to the input: kubectl get nodes -o yaml'),
  'name-unresolved': (fact) =>
    said(
      `${fact('rule')} matches ${fact('names') || 'a DNS name'}, and whether ${fact('end')} is one of those addresses is known only after the pod has looked it up`,
      'ask by the name that the program connects to',
    ),
  'host-endpoint': (fact) =>
    said(
      `HostEndpoint ${fact('endpoint')} covers ${fact('end')}: Calico denies what none of its GlobalNetworkPolicies or profiles allows, and netverdict does not evaluate those for nodes`,
      'read the GlobalNetworkPolicies that select it; `profiles: [projectcalico-default-allow]` allows what they do not decide',
    ),
  'rule-unclear': (fact) => UNCLEAR[fact('because') as Unclear](fact('rule')),
} as const satisfies Readonly<Record<string, Words>>;

/** Why a rule may or may not match, and what would tell. */
const UNCLEAR: Readonly<Record<Unclear, (rule: string) => Said>> = {
  http: (rule) =>
    said(
      `${rule} looks at HTTP requests, which happens only in a cluster with application layer policy; without it the rest of the rule decides`,
      'check whether ApplicationLayer is enabled; if not, remove http from the rule',
    ),
  'no-endpoints': (rule) =>
    said(
      `${rule} names a Service, and its addresses are unknown because the input has no EndpointSlices`,
      'add them to the input: kubectl get endpointslices -A -o yaml',
    ),
  'service-namespace': (rule) =>
    said(
      `${rule} names a Service without its namespace; the API text says it is the policy's own, but Felix finds nothing`,
      'set services.namespace',
    ),
  'client-port': (rule) =>
    said(
      `${rule} lists ports of the client, which its operating system picks (32768-60999 unless configured otherwise), and only some of them match`,
      'remove source.ports, because only the destination port identifies a new connection',
    ),
  'port-names': (rule) => said(`${rule} mixes port names with ports that it excludes`, 'use numbers on both sides'),
  'service-account': (rule) =>
    said(
      `${rule} selects by labels of a ServiceAccount that is not in the input`,
      'add them to the input: kubectl get serviceaccounts -A -o yaml',
    ),
  'own-address': (rule) =>
    said(`${rule} applies to pods of the policy at certain addresses, and the address of this pod is not in the input`, READ_PODS),
  authentication: (rule) =>
    said(
      `${rule} has authentication.mode: test-always-fail, a handshake that always fails, so in practice nothing passes`,
      'that mode is for tests; use required, or remove authentication',
    ),
};

/** A policy that others decide by, one that no server takes, and one that cannot be read are three things. */
function unreadable(fact: Fact, { fault }: Cause): Said {
  const what = `${fact('kind')} ${fact('policy')}`;
  const decides = deciderName(fact('decides'));
  if (fact('layer') === 'mesh')
    return said(
      `the network allows it, but ${decides} also decides, by ${what}`,
      `check it in ${decides}; netverdict does not evaluate its policies`,
    );
  if (decides !== '')
    return said(
      `${what} may apply to this connection; ${decides} enforces it, and netverdict does not evaluate it`,
      `check what ${what} says`,
    );
  const because = fault === undefined ? '' : ` (${problemSentence(fault).text})`;
  return said(
    `${what} could not be read${because}, and it may apply to this connection`,
    'fix it first; until then every verdict that it may change stays undecided',
  );
}
