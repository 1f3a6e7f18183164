// New rules and new policies: just this peer on just this port. And the rule that everybody forgets, for DNS.

import type { Cluster } from '../../model/cluster.ts';
import type { Plain } from '../../model/edit.ts';
import { at, type Origin } from '../../model/origin.ts';
import type { Direction, Policy } from '../../model/policy.ts';
import { get, isObject } from '../../objects/read.ts';
import type { Blocked } from '../blocked.ts';
import type { PlacedEdit } from '../edited-value.ts';
import { type LabelSet, labelsOfService, labelsOfWorkload, selectorFor } from '../identity.ts';
import type { Draft, LeverCode } from '../lever.ts';
import type { NewPolicy, Step } from '../step.ts';
import { peersOfGroup } from './peers.ts';
import { portFor } from './ports.ts';

export const PEERS = { ingress: 'from', egress: 'to' } as const;
export const TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

/** What a rule for these blocked legs would say. All have one subject, one direction and one peer; only their ports differ. */
export interface WantedRule {
  readonly direction: Direction;
  readonly peers: readonly Plain[];
  readonly peerName: string;
  readonly ports: readonly { readonly port: number; readonly protocol: string }[];
}

export function wantedRule(cluster: Cluster, blocked: readonly [Blocked, ...Blocked[]], namespace: string): WantedRule | undefined {
  const [first] = blocked;
  const named = peersOfGroup(cluster, namespace, blocked);
  if (named === undefined) return undefined;
  const asked = blocked.flatMap(({ connection: { port, protocol }, dialled }) =>
    [port, ...(dialled === undefined ? [] : [dialled.port])].map((each) => ({ port: each, protocol })),
  );
  const ports = new Map(asked.map((each) => [`${each.port}/${each.protocol}`, portFor(each)]));
  return { direction: first.direction, peers: named.peers, peerName: named.name, ports: [...ports.values()] };
}

function ruleValue({ direction, peers, ports }: WantedRule): Plain {
  return { ...(peers.length > 0 && { [PEERS[direction]]: peers }), ...(ports.length > 0 && { ports }) };
}

/** One more rule in a policy that isolates the subject already. */
export function addRule(policy: Policy, rule: WantedRule, code: LeverCode = 'add-rule'): Draft {
  const { direction } = rule;
  const facts = { policy: policy.ref, direction, peer: rule.peerName, ports: portNames(rule) };
  const edits = addToSpec(policy, direction, ruleValue(rule));
  return { levers: [{ code, facts, at: policy.origin }], steps: [{ kind: 'edit', object: { kind: 'policy', policy }, edits }] };
}

function addToSpec(policy: Policy, direction: Direction, value: Plain): readonly PlacedEdit[] {
  const spec = get(policy.value, 'spec');
  const place = at(policy.origin, 'spec', direction);
  const rules = get(spec, direction);
  if (Array.isArray(rules) && rules.length > 0) return [{ kind: 'add-item', at: place, value }];
  if (isObject(spec) && Object.hasOwn(spec, direction)) return [{ kind: 'set-value', at: place, value: [value] }];
  return [{ kind: 'add-entry', at: at(policy.origin, 'spec'), key: direction, value: [value] }];
}

function portNames({ ports }: WantedRule): readonly string[] {
  return ports.map(({ port, protocol }) => `${port}/${protocol}`);
}

/** The labels by which a new policy could select the subject: its workload's, and those of the Service that was asked for. */
export function subjectLabels(
  cluster: Cluster,
  blocked: Blocked,
  service: Parameters<typeof labelsOfService>[0] | undefined,
): readonly LabelSet[] {
  const own = labelsOfWorkload(cluster, blocked.subject);
  const behind =
    service === undefined || blocked.direction === 'egress' || service.namespace !== blocked.subject.namespace
      ? undefined
      : labelsOfService(service);
  return behind === undefined || JSON.stringify(behind) === JSON.stringify(own) ? [own] : [own, behind];
}

/** The least policy that lets this through: these pods, this peer, these ports, this direction. */
export function newPolicy(
  cluster: Cluster,
  blocked: Blocked,
  labels: LabelSet,
  rules: readonly WantedRule[],
  name: string,
  code: LeverCode = 'new-policy',
): Draft {
  const { namespace } = blocked.subject;
  const directions = [...new Set(rules.map(({ direction }) => direction))].sort();
  const rulesOf = (direction: Direction) => rules.filter((rule) => rule.direction === direction).map(ruleValue);
  const unique = freeName(cluster, namespace, name);
  const value: NewPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: unique, namespace },
    spec: {
      podSelector: selectorFor(labels),
      policyTypes: (['ingress', 'egress'] as const).filter((each) => directions.includes(each)).map((each) => TYPES[each]),
      ...Object.fromEntries(
        (['ingress', 'egress'] as const).filter((each) => rulesOf(each).length > 0).map((each) => [each, rulesOf(each)]),
      ),
    },
  };
  const step: Step = { kind: 'create', name: unique, namespace, value, beside: besideWhom(cluster, blocked) };
  const facts = {
    policy: `${namespace}/${unique}`,
    subject:
      Object.entries(labels)
        .map(([key, each]) => `${key}=${each}`)
        .join(',') || 'all pods',
    direction: directions.join(' and '),
    peer: [...new Set(rules.map(({ peerName }) => peerName))].join(', '),
    ports: [...new Set(rules.flatMap(portNames))],
  };
  return { levers: [{ code, facts, at: undefined }], steps: [step] };
}

/** In the file of a policy on the same pods, else where the pods themselves are written. */
function besideWhom(cluster: Cluster, { policies, subject }: Blocked): Origin {
  const own = policies.at(-1) ?? cluster.policies.find(({ namespace }) => namespace === subject.namespace);
  return own?.origin ?? cluster.workloads.get(subject.workload)?.origin ?? subject.origin;
}

/** The name, with a number behind it where a policy is called so already. `also`: further names that are taken. */
export function freeName(cluster: Cluster, namespace: string, wanted: string, also: ReadonlySet<string> = new Set()): string {
  const taken = new Set(cluster.policies.filter((policy) => policy.namespace === namespace).map(({ name }) => name));
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(name) && !also.has(name)) return name;
  }
}

/**
 * Parts of one fix, made apart: where two make policies of one name in one namespace that say different things, the later one gets another
 * name. Applied, it would replace the first.
 */
export function withOwnNames(cluster: Cluster, parts: readonly Draft[]): readonly Draft[] {
  const made = new Map<string, Map<string, string>>();
  return parts.map((part): Draft => {
    let { levers } = part;
    const steps = part.steps.map((step): Step => {
      if (step.kind !== 'create') return step;
      const names = made.get(step.namespace) ?? new Map<string, string>();
      made.set(step.namespace, names);
      const text = JSON.stringify(step.value);
      if ((names.get(step.name) ?? text) === text) {
        names.set(step.name, text);
        return step;
      }
      const name = freeName(cluster, step.namespace, step.name, new Set(names.keys()));
      names.set(name, text);
      const [was, now] = [`${step.namespace}/${step.name}`, `${step.namespace}/${name}`];
      levers = levers.map((lever) =>
        lever.at === undefined && lever.facts.policy === was ? { ...lever, facts: { ...lever.facts, policy: now } } : lever,
      );
      return { ...step, name, value: { ...step.value, metadata: { name, namespace: step.namespace } } };
    });
    return { levers, steps };
  });
}

/** `allow-frontend-to-api`: letters that a name may have, and not more of them than it may have. */
export function policyName(...words: readonly string[]): string {
  const text = words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/-+/g, '-');
  return text.slice(0, 60).replace(/^-+|-+$/g, '');
}
