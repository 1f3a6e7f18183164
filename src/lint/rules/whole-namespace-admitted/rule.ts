// A peer that means every pod of a namespace, where the house wants pods to be named.
import type { PodPeer } from '../../../model/policy.ts';
import { printSelector } from '../../../model/selector.ts';
import { means } from '../../config.ts';
import type { LintContext } from '../../context.ts';
import { listed } from '../../list-words.ts';
import { meantNamespaces } from '../../peer-fit.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const wholeNamespaceAdmitted = defineRule({
  id: 'whole-namespace-admitted',
  catalogue: ['NP037'],
  summary: 'a peer that names a namespace and no pods, beside those in `lint.house.wholeNamespaces`',
  severity: 'warning',
  offByDefault: true,
  turnedOnBy: 'wholeNamespaces',
  needs: ['policies'],
  since: '0.1.0',
  messages: {
    ingress: { text: '`{policy}` {peer} admits every pod of {namespaces}', hint: 'add a podSelector to this peer that names the clients' },
    egress: { text: '`{policy}` {peer} allows every pod of {namespaces}', hint: 'add a podSelector to this peer that names the servers' },
  },
  check(context, report) {
    const { wholeNamespaces = [] } = context.house;
    for (const { policy, peer, peerName, direction } of peersInForce(context)) {
      if (peer.kind !== 'pods' || (peer.pods?.requirements.length ?? 0) > 0) continue;
      const names = namesOf(context, peer);
      if (names.length > 0 && names.every((name) => wholeNamespaces.some((pattern) => means(pattern, name)))) continue;
      report(direction, { policy: policy.ref, peer: peerName, namespaces: wordsOf(peer) }, peer.origin);
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

function wordsOf({ namespace }: PodPeer): string {
  if (namespace.by === 'name') return `its own namespace \`${namespace.name}\``;
  if (namespace.by === 'any' || namespace.selector.requirements.length === 0) return 'every namespace';
  const [only, ...others] = namespace.selector.requirements;
  if (only?.key === 'kubernetes.io/metadata.name' && only.operator === 'In' && others.length === 0)
    return `${only.values.length === 1 ? 'namespace' : 'namespaces'} ${listed(only.values)}`;
  return `the namespaces with \`${printSelector(namespace.selector)}\``;
}
