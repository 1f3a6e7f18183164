// Ends of a map that a HostEndpoint of Calico's covers (policy/host-endpoints.ts): open, as long as nobody evaluates the policies for nodes.
import type { Pod } from '../model/cluster.ts';
import type { Direction } from '../model/policy.ts';
import { podEnd } from '../policy/end.ts';
import { hostEndpointDoubts } from '../policy/host-endpoints.ts';
import type { MapEnd } from './map-ends.ts';
import { DESTINATION, type PortAnswering, type PortAnswers, SOURCE } from './port-answers.ts';
import type { Reach } from './reach.ts';

/** undefined: no HostEndpoint has a say about this subject and this peer, which is nearly always so. `peer` undefined: the outside. */
export type HostAnswering = (direction: Direction, subject: MapEnd, peer: MapEnd | undefined) => PortAnswers | undefined;

export function hostAnswering({ cluster, semantics }: Reach, asking: PortAnswering): HostAnswering {
  if (cluster.hostEndpoints === undefined || semantics.enforces === 'no') return () => undefined;
  const answer = (direction: Direction, pods: readonly Pod[], peer: Pod | undefined): PortAnswers | undefined => {
    const end = direction === 'egress' ? SOURCE : DESTINATION;
    for (const pod of pods) {
      // One is enough to leave the row open: a DaemonSet has as many as there are nodes.
      const [first] = hostEndpointDoubts(cluster, semantics, direction, podEnd(pod), peer === undefined ? undefined : podEnd(peer));
      if (first !== undefined) return asking.soften(asking.closed, [{ ...first, ...('end' in first && { end }) }]);
    }
    return undefined;
  };
  const known = { egress: new Map<MapEnd, PortAnswers | undefined>(), ingress: new Map<MapEnd, PortAnswers | undefined>() };
  return (direction, subject, peer) => {
    if (!subject.isNode) return undefined;
    const [own, ...others] = subject.nodes;
    const isLocal = own !== undefined && others.length === 0 && peer?.nodes.size === 1 && peer.nodes.has(own);
    if (isLocal) return answer(direction, subject.pods, peer.pods[0]);
    const found = known[direction];
    if (!found.has(subject)) found.set(subject, answer(direction, subject.pods, undefined));
    return found.get(subject);
  };
}
