// Policies that isolate the DNS pods themselves: the whole cluster asks them.
import type { Pod } from '../../../model/cluster.ts';
import type { Direction } from '../../../model/policy.ts';
import { podEnd } from '../../../policy/end.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import type { LintContext } from '../../context.ts';
import { dnsServers } from '../../dns-checks.ts';
import { firstNames } from '../../facts.ts';
import { type Isolation, isolationOf, podsByClass, reachIn } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { spotsOf } from '../../walk.ts';

export const dnsPodsShut = defineRule({
  id: 'dns-pods-shut',
  catalogue: ['NP056'],
  severity: 'error',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['clients', 'everybody', 'upstream'],
  check(context, report) {
    const done = new Set<string>();
    for (const server of dnsServers(context.cluster)) {
      if (server.hostNetwork || done.has(server.workload)) continue;
      done.add(server.workload);
      const facts = { server: server.workload };
      const port = server.ports.find(({ protocol, name }) => protocol === 'UDP' && (name?.startsWith('dns') ?? false))?.port ?? 53;
      const ingress = shut(context, 'ingress', server);
      if (ingress !== undefined) {
        const clients = deniedNamespaces(context, server, port);
        const [first] = ingress.policies;
        const opens = ingress.policies.some((policy) => spotsOf(policy, 'ingress').length > 0);
        const said = { ...facts, policy: first?.ref ?? '', port };
        if (!opens) report('everybody', said, first?.origin);
        else if (clients.length > 0) report('clients', { ...said, namespaces: firstNames(clients) }, first?.origin);
      }
      const egress = shut(context, 'egress', server);
      const leaves = egress?.policies.some((policy) =>
        spotsOf(policy, 'egress').some(({ rule }) => rule.peers === 'anyone' || rule.peers.some(({ kind }) => kind === 'block')),
      );
      if (egress !== undefined && leaves === false) {
        report('upstream', { ...facts, policy: egress.policies[0]?.ref ?? '' }, egress.policies[0]?.origin, { severity: 'warning' });
      }
    }
  },
});

function shut(context: LintContext, direction: Direction, pod: Pod): Isolation | undefined {
  const isolation = isolationOf(context, direction, pod);
  return isolation.isolated && isolation.certain ? isolation : undefined;
}

/** Namespaces with a pod that the DNS pods do not let in. */
function deniedNamespaces(context: LintContext, server: Pod, port: number): readonly string[] {
  const reach = reachIn(context);
  const found = new Set<string>();
  for (const [client] of podsByClass(context)) {
    if (client === undefined || found.has(client.namespace) || client.workload === server.workload) continue;
    const verdict = fastVerdict(reach, { source: podEnd(client), destination: podEnd(server), protocol: 'UDP', port });
    if (verdict.ingress.outcome === 'denied') found.add(client.namespace);
  }
  return [...found].sort();
}
