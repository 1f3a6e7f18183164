// The port of the Service in a rule; policies see the port of the pod.

import type { Service, ServicePort } from '../../../model/cluster.ts';
import { at } from '../../../model/origin.ts';
import type { PortRule } from '../../../model/policy.ts';
import { targetPortOf } from '../../../route/endpoints.ts';
import type { LintContext } from '../../context.ts';
import { declaredPorts, declares, destinationsOf } from '../../declared-ports.ts';
import { podsOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicesOfPod } from '../../service-pods.ts';
import { type RuleSpot, rulesInForce } from '../../walk.ts';

export const servicePortInsteadOfTargetPort = defineRule({
  id: 'service-port-instead-of-target-port',
  catalogue: ['NP060', 'NP055'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['servicePort', 'openshiftDns'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'range' || port.from !== port.to) continue;
        const wrong = wrongPort(context, spot, port);
        if (wrong === undefined) continue;
        const { target } = wrong;
        const edit = { kind: 'set-value', at: at(port.origin, 'port'), value: target } as const;
        const fix = { fix: { edits: [edit], keepsMeaning: false } };
        const facts = { policy: policy.ref, name, port: port.from, target, service: wrong.service?.ref ?? '' };
        if (wrong.service === undefined) report('openshiftDns', facts, at(port.origin, 'port'), fix);
        else report('servicePort', facts, at(port.origin, 'port'), { related: [wrong.port?.origin], ...fix });
      }
    }
  },
});

interface Wrong {
  readonly target: number;
  readonly service?: Service;
  readonly port?: ServicePort;
}

function wrongPort(context: LintContext, spot: RuleSpot, port: Extract<PortRule, { kind: 'range' }>): Wrong | undefined {
  const set = destinationsOf(context, spot);
  if (set.members.length === 0) return isOpenshiftDns(spot, port) ? { target: 5353 } : undefined;
  if (declares(declaredPorts(context, set), port.protocol, port.from)) return undefined;
  const services = servicesOfPod(context);
  for (const pod of podsOf(context, set)) {
    for (const service of services.get(pod) ?? []) {
      if (service.headless) continue;
      for (const own of service.ports) {
        if (own.port !== port.from || own.protocol !== port.protocol) continue;
        const target = targetPortOf(pod, own);
        if (target !== undefined && target !== own.port && !opensAlready(spot, target, port.protocol))
          return { target, service, port: own };
      }
    }
  }
  return undefined;
}

function opensAlready({ rule }: RuleSpot, port: number, protocol: string): boolean {
  return (
    rule.ports === 'every-port' ||
    rule.ports.some((other) => other.protocol === protocol && (other.kind !== 'range' || (other.from <= port && port <= other.to)))
  );
}

/** The DNS pods of OpenShift are known without seeing them (semantics A.6). */
function isOpenshiftDns({ rule, direction }: RuleSpot, { from, protocol }: Extract<PortRule, { kind: 'range' }>): boolean {
  if (direction === 'ingress' || from !== 53 || rule.peers === 'anyone' || rule.ports === 'every-port') return false;
  const isThere = rule.ports.some((port) => port.kind === 'range' && port.protocol === protocol && port.from <= 5353 && 5353 <= port.to);
  return (
    !isThere &&
    rule.peers.every(
      (peer) =>
        peer.kind === 'pods' &&
        peer.namespace.by === 'labels' &&
        peer.namespace.selector.requirements.some(({ values }) => values.includes('openshift-dns')),
    )
  );
}
