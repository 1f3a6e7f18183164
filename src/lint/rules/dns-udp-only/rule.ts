// DNS that is open over UDP and closed over TCP.
import { at } from '../../../model/origin.ts';
import type { RuleRef } from '../../../model/policy.ts';
import { dnsChecks } from '../../dns-checks.ts';
import { defineRule } from '../../rule.ts';
import { livePodsIn } from '../../seen.ts';
import { type RuleSpot, rulesInForce } from '../../walk.ts';

export const dnsUdpOnly = defineRule({
  id: 'dns-udp-only',
  catalogue: ['NP051'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['udpOnly'],
  check(context, report) {
    const named = new Set<unknown>();
    const speak = ({ policy, rule, name }: Omit<RuleSpot, 'direction'>) => {
      if (named.has(rule) || rule.ports === 'every-port') return;
      const udp = rule.ports.find((port) => port.protocol === 'UDP' && port.kind === 'range');
      if (udp?.kind !== 'range') return;
      named.add(rule);
      const edit = { kind: 'add-item', at: at(rule.origin, 'ports'), value: { protocol: 'TCP', port: udp.from } } as const;
      report('udpOnly', { policy: policy.ref, name, port: udp.from }, udp.origin, { fix: { edits: [edit], keepsMeaning: false } });
    };
    for (const { check } of dnsChecks(context)) {
      if (!check.notes.includes('dns-udp-only')) continue;
      const tcpDeniedHere = check.resolver?.tcp.legs.some(({ answer }) => answer.verdict.egress.outcome === 'denied') === true;
      const allowing = check.resolver?.udp.legs.flatMap(({ answer }): readonly RuleRef[] =>
        answer.verdict.egress.outcome === 'allowed' ? answer.verdict.egress.rules : [],
      );
      for (const { policy, rule } of tcpDeniedHere ? (allowing ?? []) : []) speak({ policy, rule, name: `egress[${rule.index}]` });
    }
    // Policies alone, without the pods they are for: a rule for UDP 53 in a namespace where no rule opens TCP 53.
    for (const spot of rulesInForce(context)) {
      const { policy, direction, rule } = spot;
      if (
        direction === 'ingress' ||
        policy.namespace === undefined ||
        livePodsIn(context, policy.namespace).length > 0 ||
        !opens53(spot, 'UDP')
      )
        continue;
      const hasTcp = rulesInForce(context).some(
        (other) => other.direction === 'egress' && other.policy.namespace === policy.namespace && opens53(other, 'TCP'),
      );
      if (!hasTcp && rule.ports !== 'every-port') speak(spot);
    }
  },
});

function opens53({ rule }: RuleSpot, protocol: 'UDP' | 'TCP'): boolean {
  if (rule.ports === 'every-port') return true;
  return rule.ports.some(
    (port) => port.protocol === protocol && (port.kind === 'protocol' || (port.kind === 'range' && port.from <= 53 && 53 <= port.to)),
  );
}
