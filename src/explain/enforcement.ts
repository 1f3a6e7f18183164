// Causes that are not in the policies but in who enforces them: nothing is enforced, not on this node, or otherwise than the API says.
import type { Cluster } from '../model/cluster.ts';
import { printRuleRef, type Rule } from '../model/policy.ts';
import { decide } from '../policy/decide.ts';
import { departs, departureOf, printShapes } from '../policy/departures.ts';
import type { Connection } from '../policy/end.ts';
import { kubeRouterOn } from '../policy/kube-router.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Cause } from './causes.ts';
import { lacksOnWindows, specialPlace, unpoliced, type WindowsLack } from './unpoliced.ts';

/** Where the pods run: some plugins do not police Windows or Fargate, or do less there. */
export function onNode(cluster: Cluster, semantics: Semantics, { source, destination }: Connection, { egress, ingress }: Verdict): Cause[] {
  const sides = [
    { direction: 'egress', subject: source, verdict: egress },
    { direction: 'ingress', subject: destination, verdict: ingress },
  ] as const;
  const denying = sides.filter(({ verdict }) => verdict.outcome === 'denied');
  return sides.flatMap(({ direction, subject, verdict }): Cause[] => {
    if (subject.kind !== 'pod') return [];
    const { pod } = subject;
    const place = unpoliced(cluster, semantics, pod);
    if (place !== undefined && verdict.outcome === 'denied') {
      const passes = denying.every((side) => side.subject.kind === 'pod' && unpoliced(cluster, semantics, side.subject.pod) !== undefined);
      return [{ code: 'pod-not-policed', direction, facts: { profile: semantics.name, pod: pod.ref, place, passes: String(passes) } }];
    }
    if (specialPlace(cluster, pod) !== 'windows' || verdict.outcome !== 'allowed') return [];
    const lacking = verdict.rules.flatMap((ref) =>
      lacksOnWindows(semantics)
        .filter((lack) => uses(ref.rule, lack))
        .map((lack) => ({ ref, lack })),
    );
    const [first] = lacking;
    // A rule beside it that asks for nothing special lets the packet in all the same.
    if (first === undefined || verdict.rules.some((rule) => !lacking.some(({ ref }) => ref === rule))) return [];
    const lacks = [...new Set(lacking.map(({ lack }) => lack))];
    const facts = { profile: semantics.name, pod: pod.ref, rule: printRuleRef(first.ref), lacks };
    return [{ code: 'windows-lacks', direction, facts, at: first.ref.rule.origin }];
  });
}

function uses({ ports, peers }: Rule, lack: WindowsLack): boolean {
  switch (lack) {
    case 'named ports':
      return ports !== 'every-port' && ports.every(({ kind }) => kind === 'named');
    case 'SCTP':
      return ports !== 'every-port' && ports.every(({ protocol }) => protocol === 'SCTP');
    case 'except':
      return peers !== 'anyone' && peers.every((peer) => peer.kind === 'block' && peer.except.length > 0);
  }
}

/** With what the policies would say if they were enforced, and the switch that keeps the plugin from it. */
export function unenforcedCause(cluster: Cluster, semantics: Semantics, connection: Connection): Cause {
  const enforcing: Semantics = { ...semantics, enforces: 'yes', written: [...(semantics.written ?? []), 'enforces'] };
  const { egress, ingress } = decide(cluster, enforcing, connection);
  const deniedBy = [egress, ingress].flatMap((side) => (side.outcome === 'denied' ? side.policies.map(({ ref }) => ref) : []));
  const { switchedOff } = semantics;
  const facts = {
    profile: semantics.name,
    ...(switchedOff !== undefined && { switchedOff: switchedOff.setting, setTo: switchedOff.value }),
    ...(deniedBy.length > 0 && { deniedBy: [...new Set(deniedBy)] }),
  };
  return { code: 'cni-does-not-enforce', facts };
}

/** What the enforcer behind this profile does otherwise; `[]` where it does what the verdict says, as far as is known. */
export function departing(cluster: Cluster, semantics: Semantics, connection: Connection, verdict: Verdict): Cause[] {
  if (!departs(semantics)) return [];
  const departure = departureOf(kubeRouterOn(cluster), connection, verdict);
  if (departure === undefined) return [];
  const [first] = departure.rules;
  const facts = {
    profile: semantics.name,
    enforced: departure.enforced,
    departure: printShapes(departure),
    rules: departure.rules.map((ref) => printRuleRef(ref)),
  };
  return [{ code: 'enforcer-departs', facts, ...(first === undefined ? {} : { at: first.rule.origin }) }];
}
