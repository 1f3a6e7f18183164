// A peer that means every pod of a namespace, where the house wants pods to be named.
import type { PodPeer } from '../../../model/policy.ts';
import { printSelector } from '../../../model/selector.ts';
import { means } from '../../config.ts';
import type { LintContext } from '../../context.ts';
import { type Facts, firstNames } from '../../facts.ts';
import { meantNamespaces } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const wholeNamespaceAdmitted = defineRule({
  id: 'whole-namespace-admitted',
  catalogue: ['NP037'],
  severity: 'warning',
  offByDefault: true,
  needs: ['policies'],
  since: '0.1.0',
  messages: ['ingress', 'egress'],
  check(context, report) {
    const { wholeNamespaces = [] } = context.house;
    for (const { policy, peer, peerName, direction } of peersInForce(context)) {
      if (peer.kind !== 'pods' || (peer.pods?.requirements.length ?? 0) > 0) continue;
      const names = namesOf(context, peer);
      if (names.length > 0 && names.every((name) => wholeNamespaces.some((pattern) => means(pattern, name)))) continue;
      report(direction, { policy: policy.ref, peer: peerName, ...meantBy(peer) }, peer.origin);
    }
  },
});

/** The namespaces that a peer names, or else those of the input that it means. [] for namespaces that are not in the input. */
function namesOf(context: LintContext, peer: PodPeer): readonly string[] {
  const { namespace } = peer;
  if (namespace.by !== 'labels') return meantNamespaces(context, peer);
  const named = namespace.selector.requirements.find(({ key, operator }) => key === 'kubernetes.io/metadata.name' && operator === 'In');
  return named?.values ?? meantNamespaces(context, peer);
}

/** `{ by: 'names', namespaces: { names: ['monitoring'], count: 1 } }`: how the peer names its namespaces. */
function meantBy({ namespace }: PodPeer): Facts {
  if (namespace.by === 'name') return { by: 'own', namespaces: firstNames([namespace.name]) };
  if (namespace.by === 'any' || namespace.selector.requirements.length === 0) return { by: 'every', namespaces: firstNames([]) };
  const [only, ...others] = namespace.selector.requirements;
  if (only?.key === 'kubernetes.io/metadata.name' && only.operator === 'In' && others.length === 0)
    return { by: 'names', namespaces: firstNames(only.values) };
  return { by: 'labels', namespaces: firstNames([printSelector(namespace.selector)]) };
}
