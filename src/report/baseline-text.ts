// What a person reads beside the policies of a baseline: what they let through, what they do not, and what nobody could know.
import { printPlace } from '../explain/place.ts';
import { type Baseline, closedNeeds, isWhole } from '../question/baseline.ts';
import type { DnsKind } from '../question/baseline-dns.ts';
import type { OpenNeed } from '../question/baseline-needs.ts';
import { few } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { portsWords } from './ports.ts';

/** For stderr; the policies themselves go to stdout. Ends with a line break. */
export function baselineText(baseline: Baseline, paint: Paint): string {
  const { namespaces, policies, declared, withoutDns, besides, open, present, dnsAssumed, dns, silent } = baseline;
  const failing = declared.filter(({ outcome }) => outcome !== 'allowed');
  const total = declared.length + closedNeeds(baseline).length;
  const sign = isWhole(baseline) ? paint.green('✓') : paint.red('✗');
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const lines = [
    `${sign} ${paint.bold(`${count(policies.length, 'policy', 'policies')} for ${few(namespaces, 5)}`)}   ${paint.dim(
      `checked: ${declared.length - failing.length} of ${count(total, 'declared connection', 'declared connections')} allowed, ${
        besides.length === 0 ? 'nothing else' : `${count(besides.length, 'pair', 'pairs')} besides`
      }`,
    )}`,
    ...failing.map(
      ({ from, to, protocol, port, outcome, because }) =>
        `  ${paint.red('✗')} ${paint.plain(`${from} → ${to}:${port}/${protocol} is ${outcome} (${because}): a policy that is there already, or the CNI, decides`)}`,
    ),
    ...(withoutDns.length === 0 ? [] : [`  ${paint.red('✗')} ${paint.plain(`without DNS: ${few(withoutDns, 6)}`)}`]),
    ...besides
      .slice(0, 8)
      .map(
        ({ from, to, ports }) =>
          `  ${paint.yellow('!')} ${paint.plain(`also open: ${from} → ${to} ${portsWords(ports)}, because no label tells them apart`)}`,
      ),
    ...(besides.length > 8 ? [`  ${paint.dim(`and ${besides.length - 8} more`)}`] : []),
    ...openLines(open, paint),
    ...(silent.length === 0
      ? []
      : [`  ${paint.yellow('?')} ${paint.plain(`closed but for DNS, because nothing is declared of them: ${few(silent, 8)}`)}`]),
    ...(dnsAssumed ? [`  ${paint.yellow('!')} ${paint.plain(DNS_TAKEN[dns])}`] : []),
    ...(present.length === 0
      ? []
      : [`  ${paint.yellow('!')} ${paint.plain(`already there, and they allow what they allow: ${few(present, 6)}`)}`]),
  ];
  return `${lines.flatMap((line) => fold(line, paint.width, 4)).join('\n')}\n`;
}

/** One line for each kind of thing that is not known. */
function openLines(open: readonly OpenNeed[], paint: Paint): readonly string[] {
  const kinds = new Map<OpenNeed['code'], OpenNeed[]>();
  for (const each of open) kinds.set(each.code, [...(kinds.get(each.code) ?? []), each]);
  return [...kinds].map(([code, list]) => {
    const names = list.map(({ who, what, origin }) => `${who}: ${what}${placed(printPlace(origin))}`);
    return `  ${paint.yellow('?')} ${paint.plain(`${OPEN_WORDS[code]}: ${few(names, 6)}`)}`;
  });
}

function placed(place: string): string {
  return place === '' ? '' : ` (${place})`;
}

export const OPEN_WORDS: Readonly<Record<OpenNeed['code'], string>> = {
  'outside-host': 'not opened, because a NetworkPolicy cannot name hosts (write an ipBlock, or use your CNI’s own policies)',
  'which-port': 'opened on every port of the Service, because none is said',
  'no-such-port': 'not opened, because the Service has no such port',
  'no-pods': 'not opened, because no pod of the input stands behind the Service',
  'controller-unknown':
    'opened to every address, because the ingress controller is not in the input (narrow it: --ingress-controller NAMESPACE)',
  'scraper-unknown': 'opened to every pod of the cluster, because no Prometheus is in the input (narrow it: --monitoring NAMESPACE)',
  'api-server-closed':
    'not opened, because the addresses of the API server are not in the input (--api-server ADDRESS), or this CNI does not match them by ipBlock',
  'api-server-unknown':
    'opened to every address on this port, because the addresses of the API server are not in the input (narrow it: --api-server ADDRESS), or this CNI does not match them',
  'node-addresses':
    'in the network of its node, so the addresses of the nodes are opened (a new node needs its own; on an overlay the tunnel addresses, too)',
  'node-unknown': 'in the network of its node, whose addresses are not known or not matched by this CNI, so every address is opened',
  'host-network': 'in the network of its node, so no policy holds it',
  'no-labels': 'not opened, because its pods have no label to select them by',
  'resolver-on-node': 'asks the resolver of its node, which no manifest names',
};

const DNS_TAKEN: Readonly<Record<DnsKind, string>> = {
  auto: 'DNS is not in the input: the usual kube-dns was taken (--dns openshift or --dns node-local says otherwise)',
  'kube-dns': 'DNS is not in the input: kube-dns was taken, as asked',
  openshift: 'DNS is not in the input: that of OpenShift was taken, where its pods listen on 5353 (--dns kube-dns says otherwise)',
  'node-local': 'DNS is not in the input: NodeLocal DNSCache on 169.254.20.10 was taken, and kube-dns behind it',
};
