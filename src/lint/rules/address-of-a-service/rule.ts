// An ipBlock for a Service's own address: policies see the pods behind it.
import type { Cluster, Service } from '../../../model/cluster.ts';
import type { Edit, Plain } from '../../../model/edit.ts';
import type { BlockPeer } from '../../../model/policy.ts';
import { cidrHas, printCidr } from '../../../net/cidr.ts';
import { type Ip, printIp } from '../../../net/ip.ts';
import { ipSetHas } from '../../../net/ip-set.ts';
import { type LintContext, perRun } from '../../context.ts';
import { isDnsRule } from '../../meaning.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const addressOfAService = defineRule({
  id: 'address-of-a-service',
  catalogue: ['NP052', 'NP085'],
  severity: 'error',
  needs: ['policies', 'cluster', 'profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['service', 'serviceRange', 'usualDns'],
  check(context, report) {
    const cell = context.semantics.ipBlockMatchesServiceAddress;
    if (cell === 'yes') return;
    const severity = cell === 'no' ? 'error' : 'warning';
    for (const { peer, rule, direction } of peersInForce(context)) {
      if (peer.kind !== 'block' || direction === 'ingress') continue;
      const isOneAddress = peer.cidr.prefixBits === (peer.cidr.first.family === 4 ? 32 : 128);
      if (!isOneAddress && serviceAddresses(context).length === 0) continue;
      const cidr = printCidr(peer.cidr);
      const found = serviceIn(context, peer);
      if (found !== undefined) {
        const facts = { cidr, service: found.service.ref, address: printIp(found.address) };
        const fix = isOneAddress ? fixFor(peer, found.service.namespace, found.service.selector) : {};
        report(isOneAddress ? 'service' : 'serviceRange', facts, peer.origin, { severity, related: [found.service.origin], ...fix });
      } else if (isOneAddress && isDnsRule(rule) && USUAL_DNS.has(cidr) && !hasServiceAddresses(context.cluster)) {
        report('usualDns', { cidr }, peer.origin, {
          severity: 'warning',
          ...fixFor(peer, 'kube-system', new Map([['k8s-app', 'kube-dns']])),
        });
      }
    }
  },
});

/** kubeadm, EKS (two ranges), k3s and RKE2, AKS, OpenShift. */
const USUAL_DNS: ReadonlySet<string> = new Set([
  '10.96.0.10/32',
  '10.100.0.10/32',
  '172.20.0.10/32',
  '10.43.0.10/32',
  '10.0.0.10/32',
  '172.30.0.10/32',
]);

function hasServiceAddresses({ services }: Cluster): boolean {
  return [...services.values()].some(({ clusterIps }) => clusterIps.length > 0);
}

interface ServiceAddress {
  readonly service: Service;
  readonly address: Ip;
}

const serviceAddresses = perRun(({ cluster }): readonly ServiceAddress[] =>
  [...cluster.services.values()].flatMap((service) => service.clusterIps.map((address) => ({ service, address }))),
);

const answers = perRun((_context) => new Map<string, ServiceAddress | undefined>());

/** A Service in the block, if the block holds no other address that we know and is no larger than a service range usually is. */
function serviceIn(context: LintContext, peer: BlockPeer): ServiceAddress | undefined {
  if (peer.cidr.prefixBits < (peer.cidr.first.family === 4 ? 12 : 48)) return undefined;
  const known = answers(context);
  const key = printCidr(peer.cidr);
  if (!known.has(key)) {
    const inside = serviceAddresses(context).find(({ address }) => ipSetHas(peer.addresses, address));
    known.set(key, inside === undefined || holdsOthers(context, peer) ? undefined : inside);
  }
  return known.get(key);
}

function holdsOthers({ cluster }: LintContext, { cidr }: BlockPeer): boolean {
  const isInside = (ip: Ip) => cidrHas(cidr, ip);
  return (
    cluster.pods.some(({ addresses }) => addresses.some(isInside)) ||
    [...cluster.nodes.values()].some(({ addresses }) => addresses.some(isInside))
  );
}

function fixFor(peer: BlockPeer, namespace: string, selector: ReadonlyMap<string, string> | undefined) {
  if (selector === undefined || selector.size === 0) return {};
  const value: Plain = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: Object.fromEntries(selector) },
  };
  const edits: Edit[] = [{ kind: 'set-value', at: peer.origin, value }];
  return { fix: { edits, keepsMeaning: false } };
}
