// Why a text does not name an end of a connection. Ends in a hint wherever there is a next step.
import type { EndError } from '../../route/obstacle.ts';
import { RBAC_HINT } from './obstacle.ts';
import { type Fact, factsOf, type Said, said } from './said.ts';

/** Never throws; facts that are missing are left out. */
export function endErrorSentence({ code, facts }: Pick<EndError, 'code' | 'facts'>): Said {
  return WORDS[code](factsOf(facts));
}

const WORDS: Readonly<Record<EndError['code'], (fact: Fact) => Said>> = {
  'empty-name': () => said('an end has no name', 'use namespace/name, such as shop/cart:7070'),
  'too-long': (fact) => said(`a name of ${fact('length')} characters is too long; the limit is ${fact('limit')}`),
  'bad-name': (fact) =>
    said(`\`${fact('text')}\` is not a valid name: \`${fact('name')}\` has a character that Kubernetes and host names cannot have`),
  'bad-label': (fact) =>
    said(
      `\`${fact('label')}\` in \`${fact('text')}\` is not a valid pod label`,
      'use key=value, several of them with commas, each key once: web/app=frontend,tier=edge',
    ),
  'bad-port': (fact) =>
    said(
      `\`${fact('port')}\` in \`${fact('text')}\` is not a port`,
      'a port is 1-65535 or a port name, optionally with /udp or /sctp: kube-dns:53/udp',
    ),
  'bad-icmp-type': (fact) =>
    said(
      `\`${fact('type')}\` in \`${fact('text')}\` is not a type of ICMP messages`,
      'a type is 1-255: shop/cart/icmp asks about a ping, type 8',
    ),
  'icmp-has-no-port': (fact) => said(`\`${fact('text')}\` has port ${fact('port')}, and ICMP has no ports`, `ask about ${fact('end')}`),
  'bad-address': (fact) => said(`\`${fact('address')}\` is not an IP address`, 'use 10.0.0.7 or [2001:db8::1], without leading zeros'),
  'bad-range': (fact) => said(`\`${fact('range')}\` is not an address range`, 'use CIDR notation: 203.0.113.0/24'),
  'unknown-kind': (fact) =>
    said(
      `\`${fact('kind')}\` in \`${fact('text')}\` is not a kind`,
      nearest(fact) || 'use pod, deploy, sts, ds, job, cronjob, rs, svc or node',
    ),
  'too-many-parts': (fact) => said(`\`${fact('text')}\` has too many parts`, 'use namespace/kind/name:port'),
  'several-hosts': (fact) => said(`\`${fact('text')}\` names several hosts: ${fact('hosts')}`, 'ask about one of them'),
  'not-a-network-name': (fact) => said(`\`${fact('text')}\` does not go over a network (${fact('scheme')})`),
  'unknown-name': (fact) =>
    said(
      `nothing in the input is called \`${fact('namespace')}/${fact('name')}\``,
      [nearest(fact), elsewhere(fact)].filter((part) => part !== '').join(' ') || 'netverdict map lists what the input contains',
    ),
  'unknown-namespace': (fact) =>
    said(
      `namespace \`${fact('namespace')}\` is not in the input`,
      [nearest(fact), elsewhere(fact)].filter((part) => part !== '').join(' ') || 'add its manifests; -f can be repeated',
    ),
  'unknown-node': (fact) =>
    said(`node \`${fact('name')}\` is not in the input`, nearest(fact) || 'read the nodes as well: kubectl get nodes -o yaml'),
  'ambiguous-name': (fact) =>
    said(`\`${fact('name')}\` could be any of these: ${fact('candidates')}`, `say which one, e.g. ${fact('candidates').split(', ')[0]}`),
  'port-needed': (fact) => said(`which port of ${fact('to')}? The input does not declare one`, `add a port: ${fact('to')}:8080`),
  'service-as-source': (fact) => said(`Service ${fact('service')} does not open connections`, 'name the workload or pod that does'),
  'not-readable': (fact) =>
    said(`nothing that netverdict is allowed to read is called \`${fact('name')}\`; it cannot read ${fact('resources')} there`, RBAC_HINT),
};

function nearest(fact: Fact): string {
  return fact('nearest') && `did you mean ${fact('nearest')}?`;
}

function elsewhere(fact: Fact): string {
  return fact('elsewhere') && `there is ${fact('elsewhere')}`;
}
