// An ipBlock for the nodes so that probes work, which they do anyway.

import type { Pod } from '../../../model/cluster.ts';
import { printCidr } from '../../../net/cidr.ts';
import { dig, listOf } from '../../../objects/read.ts';
import { inBlock, isPrivate } from '../../addresses.ts';
import { subjectPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const ruleForKubeletNeedless = defineRule({
  id: 'rule-for-kubelet-needless',
  catalogue: ['NP082'],
  severity: 'note',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['needless'],
  check(context, report) {
    for (const { policy, direction, rule, peer, peerName } of peersInForce(context)) {
      if (direction === 'egress' || peer.kind !== 'block' || peer.cidr.prefixBits === 0) continue;
      const isNamedSo = /kubelet|probe|liveness|readiness/i.test(policy.name) && isPrivate(peer.cidr);
      const holds = inBlock(context, peer);
      const isForProbes =
        holds.nodes && !holds.pods && rule.ports !== 'every-port' && opensOnlyProbes(subjectPods(context, policy), rule.ports);
      if (isNamedSo || isForProbes) report('needless', { policy: policy.ref, name: peerName, cidr: printCidr(peer.cidr) }, peer.origin);
    }
  },
});

type Ports = readonly { readonly kind: string; readonly name?: string; readonly from?: number; readonly to?: number }[];

function opensOnlyProbes(pods: readonly Pod[], ports: Ports): boolean {
  const probed = new Set(pods.slice(0, 50).flatMap(probePorts));
  return (
    probed.size > 0 &&
    ports.every((port) => (port.kind === 'named' ? probed.has(port.name ?? '') : port.from === port.to && probed.has(port.from ?? 0)))
  );
}

/** Ports and port names that the kubelet asks. */
function probePorts(pod: Pod): (string | number)[] {
  return listOf(dig(pod.spec, 'containers')).flatMap((container) =>
    ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe) =>
      ['httpGet', 'tcpSocket', 'grpc'].flatMap((kind) => {
        const port = dig(container, probe, kind, 'port');
        return typeof port === 'string' || typeof port === 'number' ? [port] : [];
      }),
    ),
  );
}
