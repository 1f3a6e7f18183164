// A node port or host port in a rule for pods; policies see the port of the pod.
import { portOrigin } from '../../../model/cluster.ts';
import { at, type Origin } from '../../../model/origin.ts';
import type { PortRule } from '../../../model/policy.ts';
import { targetPortOf } from '../../../route/endpoints.ts';
import type { LintContext } from '../../context.ts';
import { declaredPorts, declares, destinationsOf } from '../../declared-ports.ts';
import { podsOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicesOfPod } from '../../service-pods.ts';
import { type RuleSpot, rulesInForce } from '../../walk.ts';

export const nodePortInsteadOfTargetPort = defineRule({
  id: 'node-port-instead-of-target-port',
  catalogue: ['NP060'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nodePort', 'hostPort'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name, direction } = spot;
      if (rule.ports === 'every-port') continue;
      // A pod that may send to a node's address and its node port needs just this number.
      if (direction === 'egress' && (rule.peers === 'anyone' || rule.peers.some(({ kind }) => kind === 'block'))) continue;
      for (const port of rule.ports) {
        if (port.kind !== 'range' || port.from !== port.to) continue;
        const wrong = wrongPort(context, spot, port);
        if (wrong === undefined) continue;
        const { target, owner, of, origin } = wrong;
        const edit = { kind: 'set-value', at: at(port.origin, 'port'), value: target } as const;
        const facts = { policy: policy.ref, name, port: port.from, target, owner };
        report(of, facts, at(port.origin, 'port'), { related: [origin], fix: { edits: [edit], keepsMeaning: false } });
      }
    }
  },
});

interface Wrong {
  readonly of: 'nodePort' | 'hostPort';
  readonly owner: string;
  readonly target: number;
  readonly origin: Origin;
}

function wrongPort(context: LintContext, spot: RuleSpot, port: Extract<PortRule, { kind: 'range' }>): Wrong | undefined {
  const set = destinationsOf(context, spot);
  if (set.members.length === 0 || declares(declaredPorts(context, set), port.protocol, port.from)) return undefined;
  const services = servicesOfPod(context);
  for (const pod of podsOf(context, set)) {
    const host = pod.ports.find(({ hostPort, protocol }) => hostPort?.port === port.from && protocol === port.protocol);
    if (host !== undefined) return { of: 'hostPort', owner: pod.ref, target: host.port, origin: portOrigin(pod, host) };
    for (const service of services.get(pod) ?? []) {
      const own = service.ports.find(({ nodePort, protocol }) => nodePort === port.from && protocol === port.protocol);
      const target = own && targetPortOf(pod, own);
      if (own !== undefined && target !== undefined && target !== port.from)
        return { of: 'nodePort', owner: service.ref, target, origin: own.origin };
    }
  }
  return undefined;
}
