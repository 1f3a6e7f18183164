// Egress rules with a port name and no peer: kube-router opens the name's numbers to every destination (semantics D.5, `everyone`).
import type { Edit } from '../../../model/edit.ts';
import { at } from '../../../model/origin.ts';
import { dig } from '../../../objects/read.ts';
import { defineRule } from '../../rule.ts';
import { rulesInForce } from '../../walk.ts';

export const kubeRouterOpensNameToEveryone = defineRule({
  id: 'kube-router-opens-name-to-everyone',
  catalogue: ['NP063'],
  severity: 'error',
  needs: ['profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['everyone'],
  check(context, report) {
    if (context.semantics.departures !== 'kube-router') return;
    for (const { rule, policy, name, direction } of rulesInForce(context)) {
      if (direction === 'ingress' || rule.peers !== 'anyone' || rule.ports === 'every-port' || policy.tier !== 'namespaced') continue;
      const [named, ...others] = [...rule.ports].sort((a, b) => Number(b.kind === 'named') - Number(a.kind === 'named'));
      if (named?.kind !== 'named') continue;
      const value = [{ namespaceSelector: {} }];
      const written = dig(policy.value, 'spec', 'egress');
      const isWritten = Array.isArray(written) && dig(written[rule.index], 'to') !== undefined;
      const edit: Edit = isWritten
        ? { kind: 'set-value', at: at(rule.origin, 'to'), value }
        : { kind: 'add-entry', at: rule.origin, key: 'to', value };
      // Numbers beside the name mean every destination, which a peer would take away.
      const fix = others.every(({ kind }) => kind === 'named') ? { fix: { edits: [edit], keepsMeaning: false } } : {};
      report('everyone', { policy: policy.ref, name, port: named.name, namespace: policy.namespace ?? '' }, named.origin, fix);
    }
  },
});
