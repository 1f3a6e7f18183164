// Subjects of the scaling form: pods with the same policies are one class, and what the rules of those policies open for it.
import type { Pod } from '../model/cluster.ts';
import { type Direction, ownRules, type Policy } from '../model/policy.ts';
import { type IpSet, printIpSet } from '../net/ip-set.ts';
import { NO_PORTS, printPorts, unionPorts } from '../net/port-set.ts';
import { isolates } from '../program/stages.ts';
import type { Numbering } from './ids.ts';
import { type Members, type Ports, partsOf, portsOf, type RuleParts, resolve } from './members.ts';
import { hash, short } from './names.ts';
import type { PodSpec } from './peer-classes.ts';
import type { Opening } from './port-groups.ts';

/** Pods with the same policies and, for ingress, the same numbers behind the names that those policies use. */
export interface SubjectClass {
  readonly id: number;
  readonly pods: Pod[];
  readonly rules: readonly RuleParts[];
}

/** `names`: of every policy, unique in the table. */
export function subjectClasses(
  members: Members,
  subjects: readonly Pod[],
  direction: Direction,
  ids: Numbering,
  names: ReadonlyMap<Policy, string>,
): SubjectClass[] {
  const groups = new Map<
    readonly Policy[],
    Common & { readonly rules: readonly RuleParts[]; readonly classes: Map<string, SubjectClass> }
  >();
  const ofUnion = new Map<readonly Policy[], readonly Policy[]>();
  for (const pod of subjects) {
    const all = members.policiesOn(direction, pod);
    const policies = ofUnion.get(all) ?? all.filter((policy) => policy.tier === 'namespaced' && isolates(policy, direction));
    ofUnion.set(all, policies);
    if (policies.length === 0) continue;
    let group = groups.get(policies);
    if (group === undefined) {
      const rules = policies.flatMap((policy) => ownRules(policy, direction).map((rule) => partsOf(members, policy, direction, rule)));
      group = { ...commonOf(members.semantics, direction, policies, names), rules, classes: new Map() };
      groups.set(policies, group);
    }
    const meaning = meaningOf(group, pod);
    const known = group.classes.get(meaning);
    if (known !== undefined) known.pods.push(pod);
    else
      group.classes.set(meaning, {
        id: ids.idOf(`${short(direction)}-subject`, hash(`${group.policies}${meaning}`)),
        pods: [pod],
        rules: group.rules,
      });
  }
  return [...groups.values()].flatMap((group) => [...group.classes.values()]);
}

/** What policies have in common for a pod that all of them select. */
interface Common {
  readonly policies: string;
  /** Names of ports in ingress rules: what they are is asked of each pod. */
  readonly named: Ports['named'];
}

function commonOf(
  semantics: Members['semantics'],
  direction: Direction,
  policies: readonly Policy[],
  names: ReadonlyMap<Policy, string>,
): Common {
  const ports =
    direction === 'egress' ? [] : policies.flatMap((policy) => ownRules(policy, direction)).map((rule) => portsOf(semantics, rule));
  const named = new Map(
    ports.flatMap((one) => (one === 'every-port' ? [] : one.named)).map((port) => [`${port.name}/${port.protocol}`, port]),
  );
  return {
    policies: policies.map((policy) => names.get(policy) ?? '').join(' '),
    named: [...named.keys()].sort().map((text) => named.get(text) as Ports['named'][number]),
  };
}

function meaningOf({ named }: Common, pod: Pod): string {
  return named.map((port) => ` ${port.name}/${port.protocol}=${printPorts(resolve([port], pod)[port.protocol])}`).join('');
}

/** The signature of a pod that these policies select, as subjectClasses would have it. */
export function subjectSignature(
  semantics: Members['semantics'],
  direction: Direction,
  policies: readonly Policy[],
  names: ReadonlyMap<Policy, string>,
  pod: Pod,
): string {
  const common = commonOf(semantics, direction, policies, names);
  return hash(`${common.policies}${meaningOf(common, pod)}`);
}

/** Whom an opening is for. */
export type Target =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'block'; readonly addresses: IpSet }
  | ({ readonly kind: 'pods' } & PodSpec);

/** What one rule opens for one class, peer by peer. Named ports of an ingress rule are numbers here already; of an egress rule, not yet. */
export function openingsOf(
  members: Members,
  subject: SubjectClass,
  { ref, peers, ports }: RuleParts,
): { readonly to: Target; readonly opening: Opening }[] {
  const [example] = subject.pods;
  const named = ports === 'every-port' ? [] : ports.named;
  const resolved = ref.direction === 'ingress' && example !== undefined ? resolve(named, example) : undefined;
  const opening: Opening = ports === 'every-port' ? ports : resolved === undefined ? ports.numbers : unionPorts(ports.numbers, resolved);
  const later = ref.direction === 'egress' ? named : [];
  if (peers === 'anyone') {
    return [
      { to: { kind: 'anyone' }, opening },
      // A name can only be meant of a pod.
      ...(later.length === 0
        ? []
        : [
            {
              to: { kind: 'pods', key: '*', pods: members.pods, meaning: 'every-pod', within: undefined, named: later } as const,
              opening: NOTHING,
            },
          ]),
    ];
  }
  if (peers.holders !== undefined) throw new Error('the scaling form asks for pods and blocks only: compile the explaining form');
  const within = later.length === 0 || members.semantics.ipBlockMatchesPod === 'no' ? undefined : peers.blocks;
  return [
    ...(peers.pods ?? []).map((list) => ({ to: { kind: 'pods', ...list, within: undefined, named: later } as const, opening })),
    ...(peers.blocks === undefined ? [] : [{ to: { kind: 'block', addresses: peers.blocks } as const, opening }]),
    ...(within === undefined
      ? []
      : [
          {
            to: { kind: 'pods', key: `in ${printIpSet(within)}`, pods: members.pods, meaning: 'every-pod', within, named: later } as const,
            opening: NOTHING,
          },
        ]),
  ];
}

const NOTHING: Opening = NO_PORTS;
