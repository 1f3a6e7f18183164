// policyTypes that isolate by accident, or leave out a direction whose rules were meant.

import type { Cluster } from '../../model/cluster.ts';
import { at } from '../../model/origin.ts';
import { get, listOf } from '../../objects/read.ts';
import type { Blocked } from '../blocked.ts';
import type { PlacedEdit } from '../edited-value.ts';
import type { Draft } from '../lever.ts';

const TYPE = { ingress: 'Ingress', egress: 'Egress' } as const;

/** Read from the causes of the denial: only what is likely no wish of the one who wrote it. */
export function policyTypeLevers(cluster: Cluster, { causes, direction }: Blocked): readonly Draft[] {
  const other = direction === 'ingress' ? 'egress' : 'ingress';
  return causes.flatMap(({ code, facts }): Draft[] => {
    const policy = cluster.policies.find(({ ref, kind }) => ref === facts.policy && kind === 'NetworkPolicy');
    if (policy === undefined) return [];
    const spec = at(policy.origin, 'spec');
    const written = get(policy.value, 'spec');
    const draft = (edits: readonly PlacedEdit[], types: readonly string[]): Draft => ({
      levers: [{ code: 'policy-types', facts: { policy: policy.ref, types }, at: policy.types.origin }],
      steps: [{ kind: 'edit', object: { kind: 'policy', policy }, edits }],
    });
    if (code === 'policy-types-defaulted') {
      const types = [TYPE[other]];
      const isThere = typeof written === 'object' && written !== null && Object.hasOwn(written, 'policyTypes');
      const place = at(spec, 'policyTypes');
      return [
        draft(
          isThere
            ? [{ kind: 'set-value', at: place, value: types }]
            : [{ kind: 'add-entry', at: spec, key: 'policyTypes', value: types, after: 'podSelector' }],
          types,
        ),
      ];
    }
    const list = listOf(get(written, 'policyTypes'));
    if (code === 'egress-types-without-rules' && list.includes(TYPE[other])) {
      const edits = list.flatMap((type, i): PlacedEdit[] =>
        type === TYPE[direction] ? [{ kind: 'remove', at: at(spec, 'policyTypes', i) }] : [],
      );
      return [draft(edits, [TYPE[other]])];
    }
    if (code === 'rules-ignored-by-policy-types') {
      return [draft([{ kind: 'add-item', at: at(spec, 'policyTypes'), value: TYPE[direction] }], [...list.map(String), TYPE[direction]])];
    }
    return [];
  });
}
