// A named port that no pod has.
import { at } from '../../../model/origin.ts';
import { nearest } from '../../../profile/nearest.ts';
import { declaredPorts, destinationsOf } from '../../declared-ports.ts';
import { listed } from '../../list-words.ts';
import { podsOf } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const portNobodyListensOn = defineRule({
  id: 'port-nobody-listens-on',
  catalogue: ['NP061'],
  summary: 'a rule opens a named port that no pod has',
  severity: 'error',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: {
    nobody: {
      text: 'port `{port}` is not a named port of any pod that `{policy}` {name} speaks about, so it opens nothing (they have {declared})',
      hint: '{advice}',
    },
    some: { text: 'port `{port}` of `{policy}` {name} is not a named port of {pods}; on those pods it opens nothing' },
  },
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
          const advice = near === undefined ? 'name a port that the pods have, or write the number' : `did you mean \`${near}\`?`;
          report('nobody', { ...facts, declared: listed(names, 5) || 'none', advice }, origin, fix);
          continue;
        }
        // Another rule speaks of a name that is there with another protocol, or in a sidecar only.
        if (!has.some(({ protocol }) => protocol === port.protocol)) continue;
        const pods = podsOf(context, set);
        if (having.get(`${port.protocol} ${port.name}`) === pods.length) continue;
        const lacking = pods.filter((pod) => !pod.ports.some((own) => own.name === port.name && own.protocol === port.protocol));
        report('some', { ...facts, pods: listed(lacking.map(({ workload }) => workload)) }, origin, { severity: 'note' });
      }
    }
  },
});
