// Which names of DNS a rule means, by the text alone: whose address an answer brought is known at run time only.
import type { Cluster } from '../model/cluster.ts';
import type { DnsNamesPeer, Rule } from '../model/policy.ts';
import { leavesOf } from '../program/terms.ts';

/**
 * Does the pattern mean the name? Case and a dot at the end do not count.
 * `labels`: `*.example.com` stands for one label or more before `example.com` (ClusterNetworkPolicy: domainNames).
 * `characters`: `*` stands for any characters but a dot, alone for every name, and `**.` in front for labels at any depth (Cilium: pkg/fqdn/matchpattern).
 */
export function nameMatches(pattern: string, name: string, wildcard: NonNullable<DnsNamesPeer['wildcard']>): boolean {
  const [wanted, asked] = [plain(pattern), plain(name)];
  if (wildcard === 'labels') {
    if (!wanted.startsWith('*.')) return wanted === asked;
    return asked.length > wanted.length - 1 && asked.endsWith(wanted.slice(1)) && !asked.startsWith('.');
  }
  if (wanted === '*') return true;
  if (wanted.startsWith('**.')) {
    const rest = wanted.slice(3).split('.');
    const labels = asked.split('.');
    const tail = labels.slice(-rest.length);
    return labels.length > rest.length && rest.every((label, i) => labelMatches(label, tail[i] ?? ''));
  }
  const [labels, own] = [wanted.split('.'), asked.split('.')];
  return labels.length === own.length && labels.every((label, i) => labelMatches(label, own[i] ?? ''));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** `*`: any characters, also none. Greedy from the left, so that its time grows with the length and not with the number of stars. */
function labelMatches(pattern: string, label: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return pattern === label;
  if (!label.startsWith(first) || !label.endsWith(last) || label.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of others) {
    const found = label.indexOf(part, at);
    if (found < 0 || found + part.length > label.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** The names that a rule means: `['api.example.com', '*.pay.example.com']`; [] where it means none. */
export function namesIn({ peers }: Pick<Rule, 'peers'>): readonly string[] {
  return leavesOf(peers).flatMap((peer) => (peer.kind === 'dns-names' ? peer.names : []));
}

/** Does one of the rule's names mean this one? */
export function meansName({ peers }: Pick<Rule, 'peers'>, name: string): boolean {
  return leavesOf(peers).some(
    (peer) => peer.kind === 'dns-names' && peer.wildcard !== undefined && someNameMatches(peer.names, name, peer.wildcard),
  );
}

function someNameMatches(patterns: readonly string[], name: string, wildcard: NonNullable<DnsNamesPeer['wildcard']>): boolean {
  return patterns.some((pattern) => nameMatches(pattern, name, wildcard));
}

const byCluster = new WeakMap<Cluster['policies'], boolean>();

/** Does any rule mean names of DNS? Only then it matters by which name an address was asked for. */
export function namesMatter({ policies }: Cluster): boolean {
  const known = byCluster.get(policies);
  if (known !== undefined) return known;
  const found = policies.some(
    ({ egress }) =>
      egress !== 'not-governed' &&
      egress.some(({ peers }) => leavesOf(peers).some((peer) => peer.kind === 'dns-names' && peer.wildcard !== undefined)),
  );
  byCluster.set(policies, found);
  return found;
}
