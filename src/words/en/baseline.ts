// What `baseline` says beside its policies.
import { andMore, counted } from './lists.ts';
import { portsWords } from './ports.ts';

/** `3 policies for shop, web`. */
export function baselineHead(policies: number, namespaces: readonly string[]): string {
  return `${counted(policies, 'policy', 'policies')} for ${andMore(namespaces, 5)}`;
}

/** `checked: 4 of 5 declared connections allowed, nothing else`. */
export function checkedWords({ allowed, declared }: { readonly allowed: number; readonly declared: number }, besides: number): string {
  const others = besides === 0 ? 'nothing else' : `${counted(besides, 'pair')} besides`;
  return `checked: ${allowed} of ${counted(declared, 'declared connection')} allowed, ${others}`;
}

interface Declared {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly because: string;
  readonly outcome: string;
}

export function stillClosedWords({ from, to, protocol, port, outcome, because }: Declared): string {
  return `${from} → ${to}:${port}/${protocol} is ${outcome} (${because}), because of an existing policy or the CNI`;
}

export function withoutDnsWords(workloads: readonly string[]): string {
  return `without DNS: ${andMore(workloads, 6)}`;
}

export function alsoOpenWords({ from, to, allowed }: { from: string; to: string; allowed: Parameters<typeof portsWords>[0] }): string {
  return `also open: ${from} → ${to} ${portsWords(allowed)}, because no label tells them apart`;
}

export function moreWords(count: number): string {
  return `and ${count} more`;
}

/** `names`: `shop/cart: api.example.com (cart.yaml:17)`. */
export function openKindWords(code: keyof typeof OPEN_NEED_WORDS, names: readonly string[]): string {
  return `${OPEN_NEED_WORDS[code]}: ${andMore(names, 6)}`;
}

export function silentWords(workloads: readonly string[]): string {
  return `closed except for DNS, because nothing is declared for them: ${andMore(workloads, 8)}`;
}

export function presentWords(policies: readonly string[]): string {
  return `already there, and still allowing what they allow: ${andMore(policies, 6)}`;
}

/** A comment that the linter reads. */
export function acceptedComment({ rule, reason }: { readonly rule: string; readonly reason: string }): string {
  return `netverdict-ignore ${rule}: ${reason}`;
}

export const OPEN_NEED_WORDS = {
  'outside-host': 'not opened, because a NetworkPolicy cannot name hosts (write an ipBlock, or use your CNI’s own policies)',
  'which-port': 'opened on every port of the Service, because no port is named',
  'no-such-port': 'not opened, because the Service has no such port',
  'no-pods': 'not opened, because no pod in the input is behind the Service',
  'controller-unknown':
    'opened to every address, because the ingress controller is not in the input (narrow it: --ingress-controller NAMESPACE)',
  'scraper-unknown': 'opened to every pod of the cluster, because no Prometheus is in the input (narrow it: --monitoring NAMESPACE)',
  'api-server-closed':
    'not opened, because the addresses of the API server are not in the input (--api-server ADDRESS), or this CNI does not match them by ipBlock',
  'api-server-unknown':
    'opened to every address on this port, because the addresses of the API server are not in the input (narrow it: --api-server ADDRESS), or this CNI does not match them',
  'node-addresses':
    'in the host network, so the addresses of the nodes are opened (a new node needs its own; on an overlay the tunnel addresses, too)',
  'node-unknown': 'in the host network, whose addresses are not known or not matched by this CNI, so every address is opened',
  'host-network': 'in the host network, so no policy applies to it',
  'no-labels': 'not opened, because its pods have no label to select them by',
  'resolver-on-node': 'asks the resolver of its node, which no manifest names',
} as const;

export const DNS_TAKEN = {
  auto: 'DNS is not in the input, so the usual kube-dns is assumed (change it with --dns openshift or --dns node-local)',
  'kube-dns': 'DNS is not in the input, so kube-dns is assumed, as requested',
  openshift: 'DNS is not in the input, so that of OpenShift is assumed, whose pods listen on 5353 (change it with --dns kube-dns)',
  'node-local': 'DNS is not in the input, so NodeLocal DNSCache on 169.254.20.10 is assumed, with kube-dns behind it',
} as const;
