// Pods that cannot reach their DNS server: asked per pod, over the union of its policies and the resolver it really uses.

import type { Pod } from '../../../model/cluster.ts';
import type { Origin } from '../../../model/origin.ts';
import type { LintContext } from '../../context.ts';
import { declaredNeeds } from '../../declared-needs.ts';
import { type DnsFinding, dnsChecks } from '../../dns-checks.ts';
import { firstNames } from '../../facts.ts';
import { defineRule, type Severity } from '../../rule.ts';
import { spotsOf } from '../../walk.ts';

export const dnsDenied = defineRule({
  id: 'dns-denied',
  catalogue: ['NP050'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['denied', 'tcpOnly'],
  check(context, report) {
    const groups = new Map<string, { pods: Pod[]; first: DnsFinding; severity: Severity }>();
    for (const finding of dnsChecks(context)) {
      if (!isDeniedHere(finding)) continue;
      const [pod] = finding.pods;
      if (pod === undefined) continue;
      const severity = severityOf(context, finding);
      const key = JSON.stringify([pod.namespace, finding.check.resolver?.ref, severity, finding.check.resolver?.tcp.outcome]);
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { pods: [...finding.pods], first: finding, severity });
      else group.pods.push(...finding.pods);
    }
    for (const { pods, first, severity } of groups.values()) {
      const { resolver } = first.check;
      const [pod] = pods;
      if (resolver === undefined || pod === undefined) continue;
      const number = resolver.ports[0]?.port ?? 53;
      const facts = {
        pods: firstNames(pods.map(({ workload }) => workload).sort()),
        namespace: pod.namespace,
        server: resolver.ref,
        ports: resolver.ports.map(({ protocol, port }) => `${port}/${protocol}`).join(', ') || '53/UDP',
        number,
      };
      const message = resolver.tcp.outcome === 'allowed' ? 'tcpOnly' : 'denied';
      const related: Origin[] = pods.slice(0, 1).map((each) => each.origin);
      report(message, facts, first.policies[0]?.origin, { severity, related });
    }
  },
});

/** Denied by the policies on the asking pod; where the DNS pods are shut, dns-pods-shut speaks, and of caches dns-node-local-missed. */
function isDeniedHere({ check }: DnsFinding): boolean {
  const { resolver, outcome } = check;
  if (outcome !== 'denied' || resolver === undefined || resolver.kind === 'node-local') return false;
  return resolver.udp.legs.some(({ answer }) => answer.verdict.egress.outcome === 'denied');
}

/** A pod that may send nothing at all is closed on purpose, unless its own configuration names something to call. */
function severityOf(context: LintContext, { pods, policies }: DnsFinding): Severity {
  const rules = policies.flatMap((policy) => spotsOf(policy, 'egress'));
  if (pods.some((pod) => declaredNeeds(context, pod).length > 0)) return 'error';
  if (rules.length === 0) return 'note';
  const isByAddress = rules.every(({ rule }) => rule.peers !== 'anyone' && rule.peers.every((peer) => peer.kind === 'block'));
  return isByAddress ? 'warning' : 'error';
}
