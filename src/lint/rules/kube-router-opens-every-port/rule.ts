// Rules whose port names no pod declares: by the API they open nothing, for kube-router everything (semantics D.5, `unresolved`).
import { isLive, type Pod } from '../../../model/cluster.ts';
import { podPeerMatches, subjectMatches } from '../../../policy/peer-matches.ts';
import { isMeant } from '../../../policy/port-matches.ts';
import type { LintContext } from '../../context.ts';
import { defineRule } from '../../rule.ts';
import { type RuleSpot, rulesInForce } from '../../walk.ts';

export const kubeRouterOpensEveryPort = defineRule({
  id: 'kube-router-opens-every-port',
  catalogue: ['NP061'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  fixable: true,
  since: '0.1.0',
  messages: ['unresolved'],
  check(context, report) {
    if (context.semantics.departures !== 'kube-router') return;
    for (const spot of rulesInForce(context)) {
      const { rule, policy, name } = spot;
      if (rule.ports === 'every-port' || rule.peers === 'anyone' || policy.tier !== 'namespaced') continue;
      const names = rule.ports.flatMap((port) => (port.kind === 'named' ? [port] : []));
      if (names.length === 0 || names.length < rule.ports.length || !rule.peers.some(({ kind }) => kind === 'pods')) continue;
      const pods = lookedAt(context, spot);
      const isDeclared = pods.some((pod) =>
        pod.ports.some((own) => own.role === 'main' && names.some((port) => isMeant(own, port.name, port.protocol))),
      );
      if (pods.length === 0 || isDeclared) continue;
      // Without policyTypes the rules say which directions are governed, so that none of them may go.
      const isSure = policy.types.written && rule.peers.every(({ kind }) => kind === 'pods');
      const facts = { policy: policy.ref, name, ports: names.map((port) => port.name).join(', ') };
      const fix = isSure ? { fix: { edits: [{ kind: 'remove' as const, at: rule.origin }], keepsMeaning: false } } : {};
      report('unresolved', facts, names[0]?.origin ?? rule.origin, fix);
    }
  },
});

/** The pods in which kube-router looks the names of a rule up. */
function lookedAt({ cluster }: LintContext, { rule, policy, direction }: RuleSpot): readonly Pod[] {
  const live = cluster.pods.filter((pod) => isLive(pod) && !pod.hostNetwork);
  if (direction === 'ingress') return live.filter((pod) => subjectMatches(cluster, policy.subject, pod));
  const selectors = rule.peers === 'anyone' ? [] : rule.peers.filter((peer) => peer.kind === 'pods');
  return live.filter((pod) => selectors.some((peer) => podPeerMatches(cluster, peer, { kind: 'pod', pod })));
}
