// The AWS VPC CNI sees the Service's address, and opens it only where the Service itself has the labels of the peer.

import type { Service } from '../../../model/cluster.ts';
import { matches, printSelector } from '../../../model/selector.ts';
import { peerPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicesOfPod } from '../../service-pods.ts';
import { peersInForce, type RuleSpot } from '../../walk.ts';

export const awsServiceNotOpened = defineRule({
  id: 'aws-service-not-opened',
  catalogue: ['NP103'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['labels', 'ports'],
  check(context, report) {
    if (context.semantics.ipBlockMatchesServiceAddress !== 'yes') return;
    const services = servicesOfPod(context);
    for (const spot of peersInForce(context)) {
      const { direction, peer, policy, peerName } = spot;
      if (direction === 'ingress' || peer.kind !== 'pods' || peer.pods === undefined || peer.pods.requirements.length === 0) continue;
      const selector = peer.pods;
      const inFront = [...new Set(peerPods(context, peer).flatMap((pod) => services.get(pod) ?? []))].filter(({ headless }) => !headless);
      const [first] = inFront;
      if (first === undefined) continue;
      const facts = { peer: `\`${policy.ref}\` ${peerName}`, labels: printSelector(selector) };
      const opened = inFront.filter((service) => matches(selector, service.selector ?? new Map()));
      if (opened.length === 0) {
        const own = [...(first.selector ?? [])].map(([key, value]) => `${key}=${value}`).join(', ');
        report('labels', { ...facts, service: first.ref, selector: own }, selector.origin, { related: [first.selectorOrigin] });
        continue;
      }
      const shut = opened.flatMap((service) => shutPorts(service, spot))[0];
      if (shut !== undefined) report('ports', { ...facts, ...shut.facts }, peer.origin, { related: [shut.origin] });
    }
  },
});

/** Ports of the Service that differ from the container's, where the rule opens only the latter. */
function shutPorts(service: Service, { rule }: RuleSpot) {
  const { ports } = rule;
  if (ports === 'every-port') return [];
  const opens = (port: number, protocol: string) =>
    ports.some(
      (own) => own.protocol === protocol && (own.kind === 'protocol' || (own.kind === 'range' && own.from <= port && port <= own.to)),
    );
  return service.ports.flatMap(({ port, targetPort, protocol, origin }) =>
    typeof targetPort === 'number' && targetPort !== port && opens(targetPort, protocol) && !opens(port, protocol)
      ? [{ facts: { service: service.ref, target: targetPort, port }, origin }]
      : [],
  );
}
