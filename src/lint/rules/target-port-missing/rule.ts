// A Service whose targetPort is a name that no pod behind it has, so that it has no endpoint on that port.
import type { Edit } from '../../../model/edit.ts';
import { at } from '../../../model/origin.ts';
import { nearest } from '../../../profile/nearest.ts';
import { targetPortOf } from '../../../route/endpoints.ts';
import { firstNames } from '../../facts.ts';
import { defineRule } from '../../rule.ts';
import { servicePods } from '../../service-pods.ts';

export const targetPortMissing = defineRule({
  id: 'target-port-missing',
  catalogue: ['NP061'],
  severity: 'warning',
  needs: ['cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['none', 'noneNamed', 'some'],
  check(context, report) {
    for (const service of context.cluster.services.values()) {
      // Endpoints say what the cluster made of it, and manual ones need no container port.
      if (service.type === 'ExternalName' || (service.endpoints ?? []).length > 0) continue;
      const pods = servicePods(context, service);
      if (pods.length === 0) continue;
      for (const port of service.ports) {
        const { targetPort, protocol } = port;
        if (typeof targetPort === 'number') continue;
        const without = pods.filter((pod) => targetPortOf(pod, port) === undefined);
        if (without.length === 0) continue;
        const where = port.origin;
        const facts = {
          service: service.ref,
          port: `${port.port}/${protocol}`,
          protocol,
          name: targetPort,
          pods: firstNames(without.map(({ workload }) => workload)),
        };
        const related = [without[0]?.origin];
        if (without.length < pods.length) {
          report('some', facts, where, { related });
          continue;
        }
        const names = pods.flatMap(({ ports }) => ports.filter((own) => own.protocol === protocol && own.role !== 'init'));
        const known = [...new Set(names.flatMap(({ name }) => name ?? []))].sort();
        const [meant, ...others] = nearest(targetPort, known);
        const edit: Edit[] =
          meant !== undefined && others.length === 0 ? [{ kind: 'set-value', at: at(where, 'targetPort'), value: meant }] : [];
        const fix = edit.length > 0 ? { fix: { edits: edit, keepsMeaning: false } } : {};
        if (known.length === 0) report('noneNamed', facts, where, { related });
        else report('none', { ...facts, known: firstNames(known) }, where, { related, ...fix });
      }
    }
  },
});
