// A pod whose configuration names a host outside the cluster, and whose policies let it out to no address.
import { type DeclaredNeed, declaredNeeds } from '../../declared-needs.ts';
import { firstNames } from '../../facts.ts';
import { admitsAddresses, openingAt } from '../../openings.ts';
import { isolationOfClass, workloadsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const outsideServiceOutOfReach = defineRule({
  id: 'outside-service-out-of-reach',
  catalogue: ['NP079'],
  severity: 'note',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['outside'],
  check(context, report) {
    for (const [number, pods] of workloadsByClass(context).entries()) {
      const { isolated, certain } = isolationOfClass(context, 'egress', number);
      if (!isolated || !certain) continue;
      for (const pod of pods) {
        const shut = outsideHosts(declaredNeeds(context, pod)).filter(
          ({ port }) => !admitsAddresses(openingAt(context, 'egress', pod, 'TCP', port)),
        );
        if (shut.length === 0) continue;
        const { policies } = openingAt(context, 'egress', pod, 'TCP', 443);
        report('outside', { pod: pod.workload, hosts: firstNames(shut.map(({ host }) => host)) }, policies[0]?.origin, {
          related: [pod.origin],
        });
      }
    }
  },
});

function outsideHosts(needs: readonly DeclaredNeed[]): readonly { readonly host: string; readonly port: number }[] {
  return needs.flatMap(({ host, port, service, written }) => {
    if (service !== undefined && service.type !== 'ExternalName') return [];
    const usual = written.startsWith('http://') ? 80 : 443;
    return [{ host: service?.externalName ?? host, port: port ?? usual }];
  });
}
