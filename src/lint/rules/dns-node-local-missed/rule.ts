// NodeLocal DNSCache is there, and the policies only know the DNS pods behind it.
import { printIp } from '../../../net/ip.ts';
import { type DnsFinding, dnsChecks } from '../../dns-checks.ts';
import { listed } from '../../list-words.ts';
import { defineRule } from '../../rule.ts';

export const dnsNodeLocalMissed = defineRule({
  id: 'dns-node-local-missed',
  catalogue: ['NP054'],
  summary: 'NodeLocal DNSCache answers the pods, and their policies do not allow it',
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: {
    cache: {
      text: '{pods} of `{namespace}` ask the cache on their node ({addresses}), and no policy on them allows it: selectors do not see a pod in its node’s network',
      hint: 'add an ipBlock for {first}, UDP and TCP 53',
    },
    pods: {
      text: '{pods} of `{namespace}` ask `{server}`, and no policy on them allows it',
      hint: 'add a peer that means these pods, UDP and TCP 53',
    },
  },
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
        pods: listed(pods.map(({ workload }) => workload)),
        namespace: pods[0]?.namespace ?? '',
        addresses: resolver.addresses.map(printIp).join(', '),
        first: `${printIp(resolver.addresses[0] ?? { family: 4, value: 0xa9fe140a })}/32`,
        server: resolver.ref,
      };
      report(resolver.addresses.length > 0 ? 'cache' : 'pods', facts, first.policies[0]?.origin);
    }
  },
});
