// A policy without a namespace, in an input whose pods live in other namespaces than the one it falls into.
import { at } from '../../../model/origin.ts';
import { matches } from '../../../model/selector.ts';
import { firstNames } from '../../facts.ts';
import { subjectPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsByNamespace, livePodsIn } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';
import { writtenNamespace } from '../../written.ts';

export const namespaceNotWritten = defineRule({
  id: 'namespace-not-written',
  catalogue: ['NP012'],
  severity: 'warning',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['podsElsewhere', 'contextDecides'],
  check(context, report) {
    if (context.givenNamespace !== undefined) return;
    for (const policy of readablePolicies(context)) {
      if (writtenNamespace(policy) !== undefined || policy.namespace === undefined) continue;
      if (livePodsIn(context, policy.namespace).length > 0 && subjectPods(context, policy).length > 0) continue;
      const others = [...livePodsByNamespace(context)].filter(([namespace]) => namespace !== policy.namespace);
      const facts = { policy: policy.name, namespace: policy.namespace };
      const { pods } = policy.subject;
      const where = pods.requirements.length === 0 ? [] : others.filter(([, list]) => list.some((pod) => matches(pods, pod.labels)));
      const [only, ...more] = where.map(([namespace]) => namespace);
      if (only === undefined) {
        if (others.length > 0 && livePodsIn(context, policy.namespace).length === 0)
          report('contextDecides', facts, policy.origin, { severity: 'note' });
        continue;
      }
      const edit = { kind: 'add-entry', at: at(policy.origin, 'metadata'), key: 'namespace', value: only, after: 'name' } as const;
      const fix = more.length === 0 ? { fix: { edits: [edit], keepsMeaning: false } } : {};
      report('podsElsewhere', { ...facts, elsewhere: firstNames([only, ...more]) }, policy.origin, fix);
    }
  },
});
