// toFQDNs learns addresses from DNS answers that pass Cilium's proxy: without a DNS rule it never opens anything.
import { at } from '../../../model/origin.ts';
import { dig, get, listOf } from '../../../objects/read.ts';
import { ciliumEntries, ciliumSpecs } from '../../cilium.ts';
import { defineRule } from '../../rule.ts';

export const ciliumNamesWithoutDnsRule = defineRule({
  id: 'cilium-names-without-dns-rule',
  catalogue: [],
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['unlearnt'],
  check(context, report) {
    const specs = ciliumSpecs(context);
    const entries = specs.flatMap((spec) => ciliumEntries(spec).map((entry) => ({ spec, entry })));
    const isDns = (toPorts: unknown) => listOf(dig(toPorts, 'rules', 'dns')).length > 0;
    if (entries.some(({ entry }) => listOf(get(entry.entry, 'toPorts')).some(isDns))) return;
    for (const { spec, entry } of entries)
      if (listOf(get(entry.entry, 'toFQDNs')).length > 0)
        report('unlearnt', { policy: spec.policy.ref, name: entry.name }, at(entry.origin, 'toFQDNs'));
  },
});
