// Webhooks and aggregated APIs: the API server calls these pods, and their policies do not let it in.

import type { Pod } from '../../../model/cluster.ts';
import { printIp } from '../../../net/ip.ts';
import { podEnd } from '../../../policy/end.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import { targetPortOf } from '../../../route/endpoints.ts';
import { apiServer, apiServerCalls, apiServerProxies } from '../../api-server.ts';
import type { LintContext } from '../../context.ts';
import { admitsOneOf, openingAt } from '../../openings.ts';
import { reachIn } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';

export const apiServerShutOut = defineRule({
  id: 'api-server-shut-out',
  catalogue: ['NP072', 'NP075'],
  severity: 'error',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['shut'],
  check(context, report) {
    const done = new Set<string>();
    const { addresses } = apiServer(context);
    const [address] = addresses;
    const known = address === undefined ? {} : { address: printIp(address) };
    for (const { object, kind, service, port } of apiServerCalls(context)) {
      const own = service.ports.find((candidate) => candidate.port === port) ?? (service.ports.length === 1 ? service.ports[0] : undefined);
      for (const pod of servicePods(context, service)) {
        const number = own === undefined ? port : targetPortOf(pod, own);
        if (number === undefined || pod.hostNetwork || done.has(`${pod.workload} ${number}`)) continue;
        done.add(`${pod.workload} ${number}`);
        const opening = openingAt(context, 'ingress', pod, 'TCP', number);
        if (!opening.shutsOthers || admitsOneOf(opening, addresses) || admitsProxy(context, pod, number)) continue;
        report('shut', { kind, caller: object.name, pod: pod.workload, port: number, ...known }, opening.policies[0]?.origin, {
          related: [object.origin, pod.origin],
        });
      }
    }
  },
});

/** The proxy through which a managed API server reaches pods is let in. */
function admitsProxy(context: LintContext, pod: Pod, port: number): boolean {
  return apiServerProxies(context).some(
    (proxy) =>
      fastVerdict(reachIn(context), { source: podEnd(proxy), destination: podEnd(pod), protocol: 'TCP', port }).ingress.outcome !==
      'denied',
  );
}
