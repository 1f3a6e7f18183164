// A policy without a namespace, in an input whose pods live in other namespaces than the one it falls into.
import { at } from '../../../model/origin.ts';
import { matches } from '../../../model/selector.ts';
import { listed } from '../../list-words.ts';
import { subjectPods } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { livePodsByNamespace, livePodsIn } from '../../seen.ts';
import { readablePolicies } from '../../walk.ts';
import { writtenNamespace } from '../../written.ts';

export const namespaceNotWritten = defineRule({
  id: 'namespace-not-written',
  catalogue: ['NP012'],
  summary: 'a policy without a namespace that falls into the wrong one',
  severity: 'warning',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: {
    podsElsewhere: {
      text: '`{policy}` says no namespace and falls into `{namespace}`, where it selects nothing; pods with these labels are in {elsewhere}',
      hint: 'write the namespace into the metadata',
    },
    contextDecides: {
      text: '`{policy}` says no namespace: whoever applies it decides by kubectl’s context which pods it isolates',
      hint: 'write the namespace into the metadata',
    },
  },
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
      report('podsElsewhere', { ...facts, elsewhere: listed([only, ...more]) }, policy.origin, fix);
    }
  },
});
