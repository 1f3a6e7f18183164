// Ports of v1alpha1 that the API server takes and that match no packet: a range that ends before it starts, a protocol that there is not.
import { at, type Origin } from '../../../model/origin.ts';
import { PROTOCOLS } from '../../../net/port-set.ts';
import { get, integerOf, isObject, listOf } from '../../../objects/read.ts';
import { type AdminRule, adminPolicies } from '../../admin-rules.ts';
import { defineRule } from '../../rule.ts';

export const adminPortMatchesNothing = defineRule({
  id: 'admin-port-matches-nothing',
  catalogue: [],
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['reversed', 'protocol'],
  check(context, report) {
    for (const { policy, rules } of adminPolicies(context.cluster)) {
      // v1alpha2 refuses both.
      if (policy.kind === 'ClusterNetworkPolicy') continue;
      for (const rule of rules) {
        for (const { written, origin } of portsOf(rule)) {
          const facts = { policy: policy.ref, name: rule.name };
          const [from, to] = [integerOf(get(written, 'start')), integerOf(get(written, 'end'))];
          if (from !== undefined && to !== undefined && to < from)
            report('reversed', { ...facts, start: from, end: to }, at(origin, 'end'));
          const protocol = get(written, 'protocol') ?? 'TCP';
          if (typeof protocol === 'string' && !(PROTOCOLS as readonly string[]).includes(protocol))
            report('protocol', { ...facts, protocol }, at(origin, 'protocol'));
        }
      }
    }
  },
});

function portsOf({ ports, origin }: AdminRule): readonly { readonly written: unknown; readonly origin: Origin }[] {
  return listOf(ports).flatMap((entry, i) =>
    ['portNumber', 'portRange'].flatMap((key) => {
      const written = get(entry, key);
      return isObject(written) ? [{ written, origin: at(origin, 'ports', i, key) }] : [];
    }),
  );
}
