// A cluster-wide policy that denies all egress to pods, with nothing for DNS before it: NetworkPolicies cannot open again what it denies.
import { adminPolicies, hasEveryAddress, isEveryPod, subjectsOf } from '../../admin-rules.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';

export const adminDenyShutsDns = defineRule({
  id: 'admin-deny-shuts-dns',
  catalogue: ['NP122'],
  severity: 'error',
  needs: ['policies', 'cluster'],
  since: '0.1.0',
  messages: ['dns'],
  check(context, report) {
    const all = adminPolicies(context.cluster);
    for (const admin of all) {
      if (admin.tier !== 'Admin') continue;
      for (const rule of admin.rules) {
        const isAll = rule.action === 'deny' && rule.direction === 'egress' && rule.ports === undefined && rule.peers.some(isEveryPod);
        const isAllAddresses =
          rule.action === 'deny' && rule.direction === 'egress' && rule.ports === undefined && rule.peers.some(hasEveryAddress);
        if (!isAll && !isAllAddresses) continue;
        // Whether what stands before it means DNS is for a person to say, as these kinds are not evaluated here.
        const before = [
          ...admin.rules.slice(0, admin.rules.indexOf(rule)),
          ...all.flatMap((other) => (other.tier === 'Admin' && (other.priority ?? 0) < (admin.priority ?? 0) ? other.rules : [])),
        ];
        if (before.some(({ direction, action }) => direction === 'egress' && action !== 'deny')) continue;
        const pods = subjectsOf(context.cluster, admin);
        if (pods.length === 0) continue;
        const names = firstNames(pods.map(({ workload }) => workload).sort());
        report('dns', { policy: admin.policy.ref, name: rule.name, pods: names }, rule.origin);
        break;
      }
    }
  },
});
