// For what is blocked, every edit that may mend it: the near misses put right, one more peer, rule or policy, the policyTypes, DNS.
// Nothing is checked here; suggest.ts does that.
import type { NearMiss } from '../explain/near-miss.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Policy } from '../model/policy.ts';
import { subjectMatches } from '../policy/peer-matches.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Route } from '../route/route.ts';
import type { Blocked } from './blocked.ts';
import { peersFor } from './identity.ts';
import type { Draft, Lever } from './lever.ts';
import { allowedAbove } from './levers/cluster-wide.ts';
import { addPeer, peerLevers, rangeOf, splitPeer } from './levers/peers.ts';
import { policyTypeLevers } from './levers/policy-types.ts';
import { isAboutPort, portLevers } from './levers/ports.ts';
import { addRule, newPolicy, policyName, subjectLabels, type WantedRule, wantedRule } from './levers/rules.ts';
import { joined } from './step.ts';

/** Misses that are looked at, for each blocked direction of a leg. */
const MOST_MISSES = 6;
/** In things that differ (near-miss.ts): a rule that is farther off, or much farther than the nearest, was written for somebody else. */
const FARTHEST = 2.5;
const FARTHER_THAN_NEAREST = 1.25;
/** Of the ways to put several differences right together. */
const MOST_TOGETHER = 6;

/** Every draft once, near misses first. */
export function draftsFor(cluster: Cluster, semantics: Semantics, found: Route, blocked: readonly Blocked[]): readonly Draft[] {
  const drafts: Draft[] = [];
  const groups = alike(cluster, blocked);
  const groupOf = new Map(groups.flatMap((group) => group.map((each) => [each, group] as const)));
  for (const each of blocked) {
    const nearest = each.misses[0]?.distance ?? 0;
    const near = each.misses
      .filter(({ differences, distance }) => differences.length > 0 && distance <= Math.min(FARTHEST, nearest + FARTHER_THAN_NEAREST))
      .slice(0, MOST_MISSES);
    for (const miss of near) {
      drafts.push(...mendedMisses(cluster, found, each, miss));
      drafts.push(...splitPeer(miss));
    }
    const rules = new Map(each.misses.filter(hasRightPort).map((miss) => [miss.ref.rule, miss]));
    for (const miss of [...rules.values()].slice(0, MOST_MISSES / 2))
      drafts.push(...addPeer(cluster, groupOf.get(each) ?? [each], miss.ref, miss.at));
    drafts.push(...policyTypeLevers(cluster, each));
  }
  for (const group of groups) drafts.push(...wholeRules(cluster, found, group), ...allowedAbove(cluster, semantics, group));
  drafts.push(...onePolicy(cluster, groups));
  const byKey = new Map(drafts.map((draft) => [stepsKey(draft), draft]));
  return [...byKey.values()];
}

export function stepsKey({ steps }: Pick<Draft, 'steps'>): string {
  const texts = joined(steps).map((step) =>
    step.kind === 'create'
      ? JSON.stringify([step.namespace, step.value])
      : JSON.stringify(step.edits.map((edit) => ({ ...edit, at: [edit.at.document.file, edit.at.document.start, edit.at.path] }))),
  );
  return texts.sort().join('\n');
}

function hasRightPort({ differences }: NearMiss): boolean {
  return !differences.some(isAboutPort);
}

/** All that differs put right at once; [] when one of the differences cannot be. */
function mendedMisses(cluster: Cluster, found: Route, blocked: Blocked, miss: NearMiss): readonly Draft[] {
  const servicePort = found.service?.servicePort?.port;
  const ways = miss.differences.map((difference) =>
    isAboutPort(difference)
      ? portLevers(cluster, miss.ref, blocked.connection, servicePort)
      : peerLevers(cluster, blocked, miss, difference),
  );
  let together: readonly Draft[] = [{ levers: [], steps: [] }];
  for (const way of ways) {
    together = together.flatMap((before) =>
      way.map((own) => ({ levers: [...before.levers, ...own.levers], steps: [...before.steps, ...own.steps] })),
    );
    together = together.slice(0, MOST_TOGETHER);
  }
  const isTaken = (ways.length > 1 && meansSomebody(cluster, miss)) || opensDns(miss);
  return together.filter(({ levers, steps }) => steps.length > 0 && !(isTaken && levers.some(replaces)));
}

/** Whatever it says besides, the pods look names up by it: nothing in it is replaced. */
function opensDns({ ref }: NearMiss): boolean {
  const { ports } = ref.rule;
  return (
    ports !== 'every-port' &&
    ports.some((entry) =>
      entry.kind === 'range' ? entry.from === 53 && entry.to === 53 : entry.kind === 'named' && /^dns(-|$)/.test(entry.name),
    )
  );
}

/** A rule that means other pods and differs in two things was written for them: it may get more, and loses nothing. */
function replaces({ code }: Lever): boolean {
  return code === 'selector-value' || code === 'namespace-by-name' || code === 'set-port' || code === 'set-protocol';
}

function meansSomebody(cluster: Cluster, { ref, peer }: NearMiss): boolean {
  const own = ref.rule.peers === 'anyone' ? undefined : ref.rule.peers[peer ?? 0];
  if (own?.kind !== 'pods') return false;
  const subject = { namespace: own.namespace, pods: own.pods ?? { requirements: [], origin: own.origin } };
  return cluster.pods.some((pod) => subjectMatches(cluster, subject, pod));
}

/** Blocked legs of one subject, direction and peer: one rule can mean them all. */
function alike(cluster: Cluster, blocked: readonly Blocked[]): readonly (readonly [Blocked, ...Blocked[]])[] {
  const groups = new Map<string, [Blocked, ...Blocked[]]>();
  for (const each of blocked) {
    const peer =
      each.peer.kind !== 'pod' ? each.peer.kind : JSON.stringify(peersFor(cluster, '', { end: each.peer, range: rangeOf(each) }));
    const key = [each.direction, each.subject.workload, peer, each.part === 'dns'].join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()];
}

function wholeRules(cluster: Cluster, found: Route, group: readonly [Blocked, ...Blocked[]]): readonly Draft[] {
  const [first] = group;
  const rule = wantedRule(cluster, group, first.subject.namespace);
  if (rule === undefined) return [];
  const isDns = first.part === 'dns' && first.direction === 'egress';
  const policies = [...first.policies].sort(byNarrowness).slice(0, 4);
  const name = policyNameFor(cluster, first, rule, isDns);
  return [
    ...policies.map((policy) => addRule(policy, rule, isDns ? 'add-dns-rule' : 'add-rule')),
    ...subjectLabels(cluster, first, isDns ? undefined : found.service?.service).map((labels) =>
      newPolicy(cluster, first, labels, [rule], name, isDns ? 'new-dns-policy' : 'new-policy'),
    ),
  ];
}

/** The way and DNS in one policy, for a subject that may send nothing. */
function onePolicy(cluster: Cluster, groups: readonly (readonly [Blocked, ...Blocked[]])[]): readonly Draft[] {
  const sending = groups.filter(([{ direction }]) => direction === 'egress');
  return sending.flatMap(([dns, ...more]): Draft[] => {
    const { part, subject } = dns;
    const way = sending.find(([other]) => other.part !== 'dns' && other.subject.workload === subject.workload);
    if (part !== 'dns' || way === undefined) return [];
    const rules = [way, [dns, ...more] as const].flatMap((group) => wantedRule(cluster, group, subject.namespace) ?? []);
    const [labels] = subjectLabels(cluster, dns, undefined);
    const name = policyName('allow', cluster.workloads.get(subject.workload)?.name ?? subject.name, 'egress');
    return labels === undefined || rules.length < 2 ? [] : [newPolicy(cluster, dns, labels, rules, name)];
  });
}

/** A policy that asks for more labels selects fewer pods. */
function byNarrowness(a: Policy, b: Policy): number {
  return b.subject.pods.requirements.length - a.subject.pods.requirements.length || (a.ref < b.ref ? -1 : 1);
}

function policyNameFor(cluster: Cluster, { subject, peer, direction }: Blocked, rule: WantedRule, isDns: boolean): string {
  const short = (workload: string) => cluster.workloads.get(workload)?.name ?? workload;
  const own = short(subject.workload);
  if (isDns) return policyName('allow-dns', own);
  const other = peer.kind === 'pod' ? short(peer.pod.workload).replace(/[{}]/g, '') : peer.kind === 'node' ? 'node' : 'outside';
  const [only] = rule.ports.length === 1 ? rule.ports : [];
  // Two connections of one question may differ in their protocol alone, and are applied one after the other.
  const port = only === undefined ? [] : only.protocol === 'TCP' ? [String(only.port)] : [String(only.port), only.protocol];
  return direction === 'ingress' ? policyName('allow', other, 'to', own, ...port) : policyName('allow', own, 'to', other, ...port);
}
