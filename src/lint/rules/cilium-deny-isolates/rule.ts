// A policy that only denies also closes everything else in that direction.
import { at } from '../../../model/origin.ts';
import { DIRECTIONS } from '../../../model/policy.ts';
import { dig, get, listOf } from '../../../objects/read.ts';
import { ciliumSpecs } from '../../cilium.ts';
import { defineRule } from '../../rule.ts';

export const ciliumDenyIsolates = defineRule({
  id: 'cilium-deny-isolates',
  catalogue: [],
  severity: 'warning',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['isolates'],
  check(context, report) {
    for (const { policy, spec, origin } of ciliumSpecs(context)) {
      for (const direction of DIRECTIONS) {
        const denies = listOf(get(spec, `${direction}Deny`));
        if (denies.length === 0 || listOf(get(spec, direction)).length > 0) continue;
        if (dig(spec, 'enableDefaultDeny', direction) !== undefined) continue;
        report('isolates', { policy: policy.ref, direction }, at(origin, `${direction}Deny`));
      }
    }
  },
});
