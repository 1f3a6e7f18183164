// So many policies on one pod that it is hard to see what they allow together.
import { DIRECTIONS } from '../../../model/policy.ts';
import { isolationOfClass, podsByClass } from '../../reached.ts';
import { defineRule } from '../../rule.ts';

export const manyPoliciesOnOnePod = defineRule({
  id: 'many-policies-on-one-pod',
  catalogue: ['NP136'],
  severity: 'note',
  needs: ['cluster'],
  since: '0.1.0',
  messages: ['many'],
  check(context, report) {
    const named = new Set<string>();
    for (const [number, [pod]] of podsByClass(context).entries()) {
      if (pod === undefined || named.has(pod.workload)) continue;
      const policies = new Set(DIRECTIONS.flatMap((direction) => isolationOfClass(context, direction, number).policies));
      if (policies.size <= MANY) continue;
      named.add(pod.workload);
      report('many', { pod: pod.workload, count: policies.size }, pod.origin, {
        related: [...policies].slice(0, 3).map(({ origin }) => origin),
      });
    }
  },
});

const MANY = 15;
