// A namespace selected by a label set by hand, although it only repeats the name.
import { NAME_LABEL } from '../../../manifest/to-cluster.ts';
import { matches } from '../../../model/selector.ts';
import { defineRule } from '../../rule.ts';
import { peersInForce } from '../../walk.ts';

export const namespaceLabelByHand = defineRule({
  id: 'namespace-label-by-hand',
  catalogue: ['NP040'],
  severity: 'note',
  needs: ['policies', 'cluster'],
  fixable: true,
  since: '0.1.0',
  messages: ['repeatsName'],
  check(context, report) {
    const { namespaces } = context.cluster;
    for (const { peer } of peersInForce(context)) {
      if (peer.kind !== 'pods' || peer.namespace.by !== 'labels') continue;
      const { selector } = peer.namespace;
      const [only, ...others] = selector.requirements;
      const [value, ...more] = only?.values ?? [];
      if (only === undefined || only.operator !== 'In' || value === undefined || others.length + more.length > 0 || only.key === NAME_LABEL)
        continue;
      const meant = [...namespaces.values()].filter(({ labels }) => matches(selector, labels));
      if (meant.length !== 1 || meant[0]?.name !== value) continue;
      const isPlain = only.origin.path.at(-2) === 'matchLabels';
      const edit = { kind: 'rename-key', at: only.origin, key: NAME_LABEL } as const;
      report('repeatsName', { key: only.key, value }, only.origin, isPlain ? { fix: { edits: [edit], keepsMeaning: true } } : {});
    }
  },
});
