// A named port that no pod has.
import { at } from '../../../model/origin.ts';
import { nearest } from '../../../profile/nearest.ts';
import { declaredPorts, destinationsOf } from '../../declared-ports.ts';
import { firstNames } from '../../facts.ts';
import { podsOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const portNobodyListensOn = defineRule({
  id: 'port-nobody-listens-on',
  catalogue: ['NP061'],
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['nobody', 'some'],
  check(context, report) {
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port') continue;
      for (const port of rule.ports) {
        if (port.kind !== 'named') continue;
        const set = destinationsOf(context, spot);
        if (set.members.length === 0) continue;
        const facts = { port: port.name, policy: policy.ref, name };
        const origin = at(port.origin, 'port');
        const { byName, having } = declaredPorts(context, set);
        const has = byName.get(port.name) ?? [];
        if (has.length === 0) {
          const names = [...byName.keys()];
          const [near, ...more] = nearest(port.name, names);
          const edit = { kind: 'set-value', at: origin, value: near ?? '' } as const;
          const fix =
            near !== undefined && more.length === 0 && near[0] === port.name[0] ? { fix: { edits: [edit], keepsMeaning: false } } : {};
          const advice = near === undefined ? {} : { advice: near };
          report('nobody', { ...facts, declared: firstNames(names, 5), ...advice }, origin, fix);
          continue;
        }
        // Another rule speaks of a name that is there with another protocol, or in a sidecar only.
        if (!has.some(({ protocol }) => protocol === port.protocol)) continue;
        const pods = podsOf(context, set);
        if (having.get(`${port.protocol} ${port.name}`) === pods.length) continue;
        const lacking = pods.filter((pod) => !pod.ports.some((own) => own.name === port.name && own.protocol === port.protocol));
        report('some', { ...facts, pods: firstNames(lacking.map(({ workload }) => workload)) }, origin, { severity: 'note' });
      }
    }
  },
});
