// The whole map of a case by brute force: every ordered pair of workloads and address ranges, every port atom, asked one by one.
import type { Pod } from '../../src/model/cluster.ts';
import { firstOf, type IpRange, lastOf, printRange } from '../../src/net/ip-set.ts';
import { ALL_PORTS, type PortSet } from '../../src/net/port-set.ts';
import { type End, podEnd } from '../../src/policy/end.ts';
import { type CorpusCase, isFocusName } from './corpus-case.ts';
import type { CaseCluster } from './ends-of-case.ts';
import { parseAllowed } from './notation.ts';

/** A row or column of a map. Several ends: the pods of a workload, the first and last address of a range. */
export interface Party {
  /** As the corpus writes it: `default/cart[Deployment]`, `10.0.0.0-10.0.0.255`. */
  readonly name: string;
  readonly ends: readonly End[];
  readonly range?: IpRange;
  /** Some of its pods are in their node's network. */
  readonly hostNetwork: boolean;
}

function workloadParty(name: string, pods: readonly Pod[]): Party {
  return { name, ends: pods.map(podEnd), hostNetwork: pods.some(({ hostNetwork }) => hostNetwork) };
}

/** The outside world at both ends of the range, whoever may have those addresses. */
export function rangeParty(range: IpRange): Party {
  const addresses = [...new Map([firstOf(range), lastOf(range)].map((ip) => [ip.value, ip])).values()];
  return { name: printRange(range), ends: addresses.map((address) => ({ kind: 'outside', address })), range, hostNetwork: false };
}

/** Every ordered pair that a map lists: none of a workload with itself, none between two ranges (corpus README, peculiarity 15). */
export function pairsOf(parties: readonly Party[], { selves = false } = {}): { readonly from: Party; readonly to: Party }[] {
  return parties.flatMap((from) =>
    parties.filter((to) => (selves || from !== to) && (from.range === undefined || to.range === undefined)).map((to) => ({ from, to })),
  );
}

export function partiesOf({ podsByCorpusName }: CaseCluster, level: 'pod' | 'workload'): Party[] {
  if (level === 'workload') return [...podsByCorpusName].map(([name, pods]) => workloadParty(name, pods));
  return [...podsByCorpusName.values()].flat().map((pod) => workloadParty(pod.ref, [pod]));
}

/** Does the report that the options ask for speak of this pair? */
export function isInFocus(options: CorpusCase['options'], from: Named, to: Named): boolean {
  const { focusWorkloads, focusWorkloadPeers, focusDirection } = options;
  if (focusWorkloads === undefined) return true;
  const isFocus = ({ name }: Named) => focusWorkloads.some((wanted) => isFocusName(wanted, name));
  const isOther = ({ name }: Named) => focusWorkloadPeers?.some((wanted) => isFocusName(wanted, name)) ?? true;
  return (focusDirection !== 'egress' && isFocus(to) && isOther(from)) || (focusDirection !== 'ingress' && isFocus(from) && isOther(to));
}

type Named = Pick<Party, 'name'>;

/** `tcp-80` of the option focusConn as a set of ports; every port where the option is absent. */
export function portsInFocus({ focusConn }: CorpusCase['options']): PortSet {
  if (focusConn === undefined) return ALL_PORTS;
  const [protocol = '', port = ''] = focusConn.split('-');
  return parseAllowed(`${protocol.toUpperCase()} ${port}`).ports;
}
