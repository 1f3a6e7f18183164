// Whom a rule of Cilium is for: pods by their endpoint labels, or nodes.
import { at, type Origin } from '../../model/origin.ts';
import type { Subject } from '../../model/policy.ts';
import { get } from '../../objects/read.ts';
import { NAMESPACE_KEY } from './labels.ts';
import { meansIdentity, nobody, podsMeant, termsOf } from './selectors.ts';
import { type Around, nodeIdentity } from './surroundings.ts';

/** undefined: a policy for nodes where the host firewall is off, so for nobody. */
export function subjectOf(rule: unknown, place: Origin, namespace: string | undefined, around: Around): Subject | undefined {
  const nodeSelector = get(rule, 'nodeSelector');
  if (nodeSelector !== undefined) {
    if (!around.settings.hostFirewall) return undefined;
    const terms = termsOf(nodeSelector, at(place, 'nodeSelector'));
    const meant = around.nodes.filter((node) =>
      meansIdentity(terms, new Map([...nodeIdentity(node)].map(([key, label]) => [`k8s:${key}`, label]))),
    );
    return { namespace: { by: 'any' }, pods: nobody(place), nodes: meant.map(({ name }) => name) };
  }
  const origin = at(place, 'endpointSelector');
  const written = termsOf(get(rule, 'endpointSelector'), origin);
  // A foreign namespace in matchLabels is overwritten; anywhere else it stays, and nobody is in two namespaces.
  const terms =
    namespace === undefined
      ? written
      : written.filter(({ source, key, requirement }) => !(source === 'k8s' && key === NAMESPACE_KEY && isMatchLabel(requirement.origin)));
  const meant = podsMeant(terms, around, origin);
  if (meant === undefined)
    return { namespace: namespace === undefined ? { by: 'any' } : { by: 'name', name: namespace }, pods: nobody(origin) };
  if (namespace === undefined) return meant;
  const own = { by: 'name', name: namespace } as const;
  if (meant.namespace.by === 'any') return { ...meant, namespace: own };
  if (meant.namespace.by === 'name') return meant.namespace.name === namespace ? meant : { namespace: own, pods: nobody(origin) };
  const requirements = [
    ...meant.namespace.selector.requirements,
    { key: 'kubernetes.io/metadata.name', operator: 'In' as const, values: [namespace], origin },
  ];
  return { ...meant, namespace: { by: 'labels', selector: { requirements, origin } } };
}

function isMatchLabel({ path }: Origin): boolean {
  return path.at(-2) === 'matchLabels';
}
