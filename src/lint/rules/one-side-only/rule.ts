// A connection that a rule at one end names, and that the policies at the other end do not let through.

import type { Pod } from '../../../model/cluster.ts';
import type { Direction, PodPeer, PortRule, Rule } from '../../../model/policy.ts';
import type { Protocol } from '../../../net/port-set.ts';
import { podEnd } from '../../../policy/end.ts';
import { portsMatch } from '../../../policy/port-matches.ts';
import { printPortRules } from '../../../program/terms.ts';
import type { ClassSet } from '../../../reach/class-set.ts';
import { hasClass } from '../../../reach/class-set.ts';
import { fastVerdict } from '../../../reach/verdict-of.ts';
import type { LintContext } from '../../context.ts';
import { firstNames } from '../../facts.ts';
import { isolationOf, isolationOfClass, peerClasses, podsByClass, reachIn, subjectClasses } from '../../reached.ts';
import { defineRule } from '../../rule.ts';
import { otherDirection, type PeerSpot, peersInForce, spotsOf } from '../../walk.ts';

export const oneSideOnly = defineRule({
  id: 'one-side-only',
  catalogue: ['NP070'],
  severity: 'error',
  needs: ['cluster', 'profile'],
  since: '0.1.0',
  messages: ['denied', 'otherPorts'],
  check(context, report) {
    for (const spot of peersInForce(context)) {
      const { peer } = spot;
      // Only a peer that names pods says what was intended.
      if (peer.kind !== 'pods' || peer.pods === undefined || peer.pods.requirements.length === 0) continue;
      const denial = deniedAtTheOtherEnd(context, spot, peer);
      if (denial === undefined) continue;
      const { subject, other } = denial;
      const [from, to] = spot.direction === 'egress' ? [subject, other] : [other, subject];
      const ports = spot.rule.ports === 'every-port' ? '' : printPortRules(spot.rule.ports).join(', ');
      const facts = {
        peer: `\`${spot.policy.ref}\` ${spot.peerName}`,
        from: `\`${from.workload}\``,
        to: `\`${to.workload}\``,
        ports,
        other: otherDirection(spot.direction),
        policies: firstNames(denial.policies),
        has: denial.has.join(', '),
      };
      report(denial.has.length > 0 ? 'otherPorts' : 'denied', facts, peer.origin, { related: [denial.origin] });
    }
  },
});

/** More pairs of classes than this are not looked through one by one: a peer so wide names nothing in particular. */
const MOST = 12;

function deniedAtTheOtherEnd(context: LintContext, spot: PeerSpot, peer: PodPeer) {
  const [subjects, others] = [subjectClasses(context, spot.policy), peerClasses(context, peer)];
  if (subjects.members.length === 0 || others.members.length === 0) return undefined;
  if (subjects.members.length > MOST || others.members.length > MOST) return undefined;
  const direction = otherDirection(spot.direction);
  let denied: { subject: Pod; other: Pod; number: number } | undefined;
  for (const number of others.members) {
    const isolation = isolationOfClass(context, direction, number);
    if (!isolation.isolated || !isolation.certain) return undefined;
    for (const [subject, other] of pairs(context, subjects, number)) {
      const outcome = outcomeOf(context, spot, subject, other, direction);
      if (outcome === 'passes') return undefined;
      if (outcome === 'denied') denied ??= { subject, other, number };
    }
  }
  if (denied === undefined) return undefined;
  const { policies } = isolationOfClass(context, direction, denied.number);
  const subjectSet = subjects;
  const has = policies.flatMap((policy) =>
    spotsOf(policy, direction).flatMap(({ rule }) =>
      meansSubject(context, rule, subjectSet) && rule.ports !== 'every-port' ? printPortRules(rule.ports) : [],
    ),
  );
  return { ...denied, policies: policies.map(({ ref }) => ref), origin: policies[0]?.origin, has: [...new Set(has)] };
}

function meansSubject(context: LintContext, { peers }: Rule, subjects: ClassSet): boolean {
  if (peers === 'anyone') return true;
  return peers.some((peer) => peer.kind === 'pods' && [...subjects.members].some((number) => hasClass(peerClasses(context, peer), number)));
}

/** One pod of each subject class against one of the other class; two different pods where there are two. */
function pairs(context: LintContext, subjects: ClassSet, number: number): readonly (readonly [Pod, Pod])[] {
  const byClass = podsByClass(context);
  const others = byClass[number] ?? [];
  return [...subjects.members].flatMap((member): (readonly [Pod, Pod])[] => {
    const subject = byClass[member]?.[0];
    const other = others.find((candidate) => candidate !== subject);
    return subject === undefined || other === undefined ? [] : [[subject, other]];
  });
}

/** `nothing`: the rule opens no port of this destination that we could ask about. */
function outcomeOf(context: LintContext, spot: PeerSpot, subject: Pod, other: Pod, direction: Direction): 'passes' | 'denied' | 'nothing' {
  const [source, destination] = spot.direction === 'egress' ? [subject, other] : [other, subject];
  const reach = reachIn(context);
  const ends = { source: podEnd(source), destination: podEnd(destination) };
  const own = spot.rule.ports === 'every-port' ? [] : spot.rule.ports;
  let outcome: 'denied' | 'nothing' = 'nothing';
  // The rule's own ports first: most rules pass, and then nothing else needs to be asked.
  for (const ports of [() => firstPorts(own), () => portsToAsk(context, spot, other, destination)]) {
    for (const [protocol, port] of ports()) {
      if (portsMatch(context.semantics, spot, ends.destination, protocol, port) === 'no') continue;
      if (fastVerdict(reach, { ...ends, protocol, port })[direction].outcome !== 'denied') return 'passes';
      outcome = 'denied';
    }
  }
  // A rule for every port towards a pod that says nothing of its ports: any number will do.
  if (outcome === 'denied' || spot.rule.ports !== 'every-port') return outcome;
  return fastVerdict(reach, { ...ends, protocol: 'TCP', port: 80 })[direction].outcome === 'denied' ? 'denied' : 'passes';
}

function firstPorts(ports: readonly PortRule[]): readonly (readonly [Protocol, number])[] {
  return ports.flatMap((port) => (port.kind === 'range' ? [[port.protocol, port.from] as const] : []));
}

/** Other ports that the rule may open: those the destination declares, and those the other end's rules begin with. */
function portsToAsk(context: LintContext, spot: PeerSpot, other: Pod, destination: Pod): readonly (readonly [Protocol, number])[] {
  const direction = otherDirection(spot.direction);
  const theirs = isolationOf(context, direction, other).policies.flatMap((policy) =>
    spotsOf(policy, direction).flatMap(({ rule }) => (rule.ports === 'every-port' ? [] : rule.ports)),
  );
  const candidates = [...destination.ports.map(({ protocol, port }) => [protocol, port] as const), ...firstPorts(theirs)];
  return [...new Map(candidates.map((pair) => [pair.join(), pair])).values()];
}
