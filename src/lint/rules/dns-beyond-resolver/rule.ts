// DNS queries that may go to other servers than the resolver, where the house wants them to go only there.
import type { BlockPeer, Peer, PodPeer, Rule } from '../../../model/policy.ts';
import { type Cidr, cidrContains, hostCidr, parseCidr } from '../../../net/cidr.ts';
import { parseIp } from '../../../net/ip.ts';
import { isEmptyIps } from '../../../net/ip-set.ts';
import type { LintContext } from '../../context.ts';
import { dnsServers } from '../../dns-checks.ts';
import { isDnsRule } from '../../meaning.ts';
import { peerPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { peersOf, rulesInForce } from '../../walk.ts';

export const dnsBeyondResolver = defineRule({
  id: 'dns-beyond-resolver',
  catalogue: ['NP053'],
  severity: 'warning',
  offByDefault: true,
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['anyone', 'block', 'pods'],
  check(context, report) {
    const allowed = [NODE_LOCAL, ...(context.house.resolvers ?? [])].flatMap((text) => cidrOf(text) ?? []);
    for (const spot of rulesInForce(context)) {
      const { policy, direction, rule, name } = spot;
      if (direction === 'ingress' || !opensDns(rule)) continue;
      if (rule.peers === 'anyone') report('anyone', { policy: policy.ref, name }, rule.origin);
      for (const { peer, peerName } of peersOf(spot)) {
        const message = beyond(context, rule, peer, allowed);
        if (message !== undefined) report(message, { policy: policy.ref, name: peerName }, peer.origin);
      }
    }
  },
});

/** Where NodeLocal DNSCache listens on every node. */
const NODE_LOCAL = '169.254.0.0/16';

function cidrOf(text: string): Cidr | undefined {
  const ip = parseIp(text);
  return ip === undefined ? parseCidr(text) : hostCidr(ip);
}

function opensDns({ ports }: Rule): boolean {
  if (ports === 'every-port') return true;
  return ports.some(
    (port) => port.protocol !== 'SCTP' && (port.kind === 'protocol' || (port.kind === 'range' && port.from <= 53 && 53 <= port.to)),
  );
}

/** A rule for pods that leaves the ports open is about their own ports; one for port 53 is about DNS. */
function beyond(context: LintContext, rule: Rule, peer: Peer, allowed: readonly Cidr[]): 'block' | 'pods' | undefined {
  if (peer.kind === 'block') return isResolver(peer, allowed) ? undefined : 'block';
  return peer.kind === 'pods' && isDnsRule(rule) && !areResolver(context, peer) ? 'pods' : undefined;
}

function isResolver({ cidr, addresses }: BlockPeer, allowed: readonly Cidr[]): boolean {
  return isEmptyIps(addresses) || allowed.some((outer) => cidrContains(outer, cidr));
}

function areResolver(context: LintContext, peer: PodPeer): boolean {
  const pods = peerPods(context, peer);
  const servers = new Set(dnsServers(context.cluster));
  if (pods.length > 0) return pods.every((pod) => servers.has(pod));
  // The DNS of the cluster is in few inputs: then the labels by which the usual ones are known must be asked for.
  return (peer.pods?.requirements ?? []).some(
    ({ key, operator, values }) =>
      (operator === 'In' && values.length > 0 && values.every((value) => USUAL.has(`${key}=${value}`))) ||
      key === 'dns.operator.openshift.io/daemonset-dns',
  );
}

const USUAL: ReadonlySet<string> = new Set([
  'app.kubernetes.io/name=coredns',
  'k8s-app=coredns',
  'k8s-app=kube-dns',
  'k8s-app=node-local-dns',
]);
