// `toPorts` without a peer means every peer, and so does `toServices` that no Service fits.
import type { Cluster } from '../../../model/cluster.ts';
import type { Origin } from '../../../model/origin.ts';
import { matches } from '../../../model/selector.ts';
import { selectorOf } from '../../../objects/normalise-selector.ts';
import { get, listOf, textOf } from '../../../objects/read.ts';
import { ciliumEntries, ciliumSpecs } from '../../cilium.ts';
import { defineRule } from '../../rule.ts';

const PEERS = /^(from|to)(Endpoints|CIDR|CIDRSet|Entities|Nodes|Groups|FQDNs|Services)$/;

export const ciliumPortsForEveryone = defineRule({
  id: 'cilium-ports-for-everyone',
  catalogue: [],
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['noPeer', 'noService'],
  check(context, report) {
    for (const found of ciliumSpecs(context)) {
      for (const { name, direction, isDeny, entry, origin } of ciliumEntries(found)) {
        if (listOf(get(entry, 'toPorts')).length === 0 || isDeny) continue;
        const written = Object.keys(entry).filter((key) => PEERS.test(key) && get(entry, key) !== undefined);
        const facts = { policy: found.policy.ref, name, all: direction === 'ingress' ? 'fromEntities: [all]' : 'toEntities: [all]' };
        if (written.length === 0) report('noPeer', facts, origin, { severity: 'warning' });
        else if (written.join() === 'toServices' && listOf(get(entry, 'toServices')).every((one) => !isThere(context.cluster, one)))
          report('noService', facts, origin);
      }
    }
  },
});

/** Does a Service of the input fit? */
function isThere({ services }: Cluster, wanted: unknown): boolean {
  const byName = get(wanted, 'k8sService');
  const bySelector = get(wanted, 'k8sServiceSelector');
  const namespace = textOf(get(byName ?? bySelector, 'namespace')) ?? '';
  const selector = selectorOf(get(bySelector, 'selector'), NOWHERE);
  return [...services.values()].some(
    (service) =>
      (namespace === '' || service.namespace === namespace) &&
      (byName !== undefined ? service.name === textOf(get(byName, 'serviceName')) : matches(selector, service.labels)),
  );
}

const NOWHERE: Origin = { document: { file: '', text: undefined, start: 0, end: 0, line: 0, format: 'yaml' }, path: [] };
