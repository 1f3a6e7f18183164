// Around the ingress controller: how a client outside reaches it, and which Ingress stands before a destination.
import type { Cluster, Ingress } from '../model/cluster.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Aim } from './aim.ts';
import { arriving } from './arrival.ts';
import { selects } from './endpoints.ts';
import type { PortPart } from './name.ts';
import type { Note } from './obstacle.ts';
import { type Leg, legsBetween } from './party.ts';
import { waysThrough } from './service.ts';
import { podsOf, type Source } from './source.ts';

/** From a client outside to the controller's pods, through the Service that exposes them. */
export function entryLegs(
  cluster: Cluster,
  semantics: Semantics,
  source: Source,
  carriers: Source,
  { port, host }: { readonly port: PortPart['port']; readonly host: string },
): { readonly legs: readonly Leg[]; readonly notes: readonly Note[] } {
  const unchecked = { legs: [], notes: [{ code: 'entry-not-checked', facts: { host } } as const] };
  const pods = podsOf(carriers);
  if (podsOf(source).length > 0 || source.end.kind === 'ingress-controller') return unchecked;
  for (const service of cluster.services.values()) {
    if (!pods.some((pod) => selects(service, pod))) continue;
    const [way] = waysThrough(cluster, service, { port, protocol: 'TCP' });
    if (way === undefined || way.targets.length === 0 || way.servicePort === undefined) continue;
    const { parties, notes } = arriving(cluster, semantics, source, { service, node: undefined }, way.targets);
    return { legs: legsBetween(cluster, parties, way.targets, 'TCP', 'entry'), notes };
  }
  return unchecked;
}

/** The Ingress whose backend the destination is, so that its class can choose the controller. */
export function ingressBefore(cluster: Cluster, aim: Aim): Ingress | undefined {
  const leads = (namespace: string, name: string) => {
    if (aim.kind === 'service') return aim.service.namespace === namespace && aim.service.name === name;
    const service = cluster.services.get(`${namespace}/${name}`);
    return aim.kind === 'pods' && service !== undefined && aim.pods.some((pod) => selects(service, pod));
  };
  return cluster.ingresses.find((ingress) => ingress.rules.some(({ namespace, service }) => leads(namespace, service)));
}
