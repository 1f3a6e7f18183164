// `ingress: [{}]`: everyone in a NetworkPolicy, no one in a CiliumNetworkPolicy (semantics C).

import { at } from '../../../model/origin.ts';
import { DIRECTIONS } from '../../../model/policy.ts';
import { get, isObject, listOf } from '../../../objects/read.ts';
import { ciliumSpecs } from '../../cilium.ts';
import { defineRule } from '../../rule.ts';

export const emptyRuleDeniesOnCilium = defineRule({
  id: 'empty-rule-denies-on-cilium',
  catalogue: ['NP106'],
  severity: 'error',
  needs: ['policies'],
  since: '0.1.0',
  messages: ['nobody'],
  check(context, report) {
    for (const { policy, spec, origin } of ciliumSpecs(context)) {
      for (const direction of DIRECTIONS) {
        const rules = listOf(get(spec, direction));
        for (const [i, rule] of rules.entries()) {
          if (!isObject(rule) || Object.keys(rule).length > 0 || DENIES.test(policy.name)) continue;
          const all = direction === 'ingress' ? 'fromEntities: [all]' : 'toEntities: [all]';
          // Alone it is the usual way to deny on Cilium; beside other rules it does nothing, so something else was meant.
          const isUsual = rules.length === 1 && !ALLOWS.test(policy.name);
          const extra = isUsual ? ({ severity: 'note' } as const) : {};
          report('nobody', { policy: policy.ref, name: `${direction}[${i}]`, all }, at(origin, direction, i), extra);
        }
      }
    }
  },
});

const DENIES = /deny|block|isolat|lock|quarantine/i;
const ALLOWS = /allow|open|permit|public/i;
