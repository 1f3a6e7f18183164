// NodeLocal DNSCache is there, and the policies only know the DNS pods behind it.
import { printIp } from '../../../net/ip.ts';
import { type DnsFinding, dnsChecks } from '../../dns-checks.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';

export const dnsNodeLocalMissed = defineRule({
  id: 'dns-node-local-missed',
  catalogue: ['NP054'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['cache', 'pods'],
  check(context, report) {
    const groups = new Map<string, DnsFinding[]>();
    for (const finding of dnsChecks(context)) {
      const { resolver, outcome } = finding.check;
      if (outcome !== 'denied' || resolver?.kind !== 'node-local') continue;
      const key = `${finding.pods[0]?.namespace} ${resolver.ref}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [finding]);
      else group.push(finding);
    }
    for (const findings of groups.values()) {
      const [first] = findings;
      const resolver = first?.check.resolver;
      if (first === undefined || resolver === undefined) continue;
      const pods = findings.flatMap((finding) => finding.pods);
      const facts = {
        pods: firstNames(pods.map(({ workload }) => workload)),
        namespace: pods[0]?.namespace ?? '',
        addresses: resolver.addresses.map(printIp).join(', '),
        first: `${printIp(resolver.addresses[0] ?? { family: 4, value: 0xa9fe140a })}/32`,
        server: resolver.ref,
      };
      report(resolver.addresses.length > 0 ? 'cache' : 'pods', facts, first.policies[0]?.origin);
    }
  },
});
