// Ports of a rule: one more, another number, another protocol; or the name that a rule has, given to the container's port.

import type { Difference } from '../../explain/difference.ts';
import { templateOf } from '../../manifest/workloads.ts';
import type { Cluster, Pod } from '../../model/cluster.ts';
import type { Plain } from '../../model/edit.ts';
import { at, type Origin } from '../../model/origin.ts';
import { type PortRule, printRuleRef, type RuleRef } from '../../model/policy.ts';
import { dig, get, listOf } from '../../objects/read.ts';
import type { Connection } from '../../policy/end.ts';
import type { PlacedEdit } from '../edited-value.ts';
import type { Draft, Lever, LeverCode } from '../lever.ts';
import type { Step } from '../step.ts';

const PORT_CODES: ReadonlySet<string> = new Set([
  'port-differs',
  'protocol-differs',
  'named-port-missing',
  'named-port-is-other',
  'end-port-ignored',
]);

/** Is it the ports of the rule that differ? */
export function isAboutPort({ code }: Difference): boolean {
  return PORT_CODES.has(code);
}

/** `{ port: 8080, protocol: 'TCP' }`, as it is written into rules. */
export function portFor({ port, protocol }: Pick<Connection, 'port' | 'protocol'>): { readonly port: number; readonly protocol: string } {
  return { port, protocol };
}

/** Every way to make the ports of this rule mean the connection's port. [] when they do already. */
export function portLevers(cluster: Cluster, ref: RuleRef, connection: Connection, servicePort: number | undefined): readonly Draft[] {
  const { rule } = ref;
  if (rule.ports === 'every-port') return [];
  return [...rule.ports.flatMap((entry) => entryLevers(cluster, ref, entry, connection, servicePort)), addPort(ref, connection)];
}

function addPort(ref: RuleRef, connection: Connection): Draft {
  const place = at(ref.rule.origin, 'ports');
  return draft(ref, 'add-port', { port: connection.port, protocol: connection.protocol }, place, [
    { kind: 'add-item', at: place, value: portFor(connection) },
  ]);
}

function entryLevers(
  cluster: Cluster,
  ref: RuleRef,
  entry: PortRule,
  { port, protocol, destination }: Connection,
  servicePort: number | undefined,
): readonly Draft[] {
  const { origin } = entry;
  const facts = { port, protocol, was: was(entry) };
  if (entry.kind === 'protocol')
    return entry.protocol === protocol ? [] : [draft(ref, 'set-protocol', facts, origin, protocolEdit(ref, entry, protocol))];
  if (entry.kind === 'range') {
    const isHere = entry.from <= port && port <= entry.to;
    if (isHere) return entry.protocol === protocol ? [] : [draft(ref, 'set-protocol', facts, origin, protocolEdit(ref, entry, protocol))];
    // A range that somebody wrote is not turned into one port.
    if (entry.from !== entry.to || entry.protocol !== protocol) return [];
    const isService = entry.from === servicePort;
    return [
      draft(ref, 'set-port', { ...facts, ...(isService ? { servicePort } : {}) }, origin, [
        { kind: 'set-value', at: at(origin, 'port'), value: port },
      ]),
    ];
  }
  const pod = destination.kind === 'pod' ? destination.pod : undefined;
  const isNamed =
    pod?.ports.some((declared) => declared.name === entry.name && declared.port === port && declared.protocol === protocol) === true;
  const drafts: Draft[] = [];
  if (isNamed && entry.protocol !== protocol) drafts.push(draft(ref, 'set-protocol', facts, origin, protocolEdit(ref, entry, protocol)));
  if (entry.protocol === protocol && !isNamed) {
    drafts.push(draft(ref, 'set-port', facts, origin, [{ kind: 'set-value', at: at(origin, 'port'), value: port }]));
    if (pod !== undefined) drafts.push(...nameContainerPort(cluster, pod, entry.name, port, protocol));
  }
  return drafts;
}

function was(entry: PortRule): string {
  return entry.kind === 'named' ? entry.name : entry.kind === 'range' ? String(entry.from) : 'any';
}

function protocolEdit(ref: RuleRef, { origin }: PortRule, protocol: string): readonly PlacedEdit[] {
  const written = dig(ref.policy.value, 'spec', ref.direction);
  const entry = listOf(get(listOf(written)[ref.rule.index], 'ports'))[Number(origin.path.at(-1))];
  const isThere = typeof entry === 'object' && entry !== null && Object.hasOwn(entry, 'protocol');
  return isThere
    ? [{ kind: 'set-value', at: at(origin, 'protocol'), value: protocol }]
    : [{ kind: 'add-entry', at: origin, key: 'protocol', value: protocol }];
}

function draft(ref: RuleRef, code: LeverCode, facts: Lever['facts'], place: Origin, edits: readonly PlacedEdit[]): Draft {
  const lever: Lever = { code, facts: { rule: printRuleRef(ref), ...facts }, at: place };
  return { levers: [lever], steps: [{ kind: 'edit', object: { kind: 'policy', policy: ref.policy }, edits }] };
}

/** A container's port without a name gets the one that the rule uses; one that is not declared is declared. Nobody's name is taken away. */
export function nameContainerPort(cluster: Cluster, pod: Pod, name: string, port: number, protocol: string): readonly Draft[] {
  const workload = cluster.workloads.get(pod.workload);
  if (workload === undefined || !workload.written || workload.kind === 'Job' || workload.kind === 'Pod') return [];
  if (pod.ports.some((declared) => declared.name === name)) return [];
  const template = templateOf(workload.kind, workload.value, workload.origin);
  if (template === undefined) return [];
  const edit = containerEdit(get(template.value, 'spec'), at(template.origin, 'spec'), name, port, protocol);
  if (edit === undefined) return [];
  const follow = workload.pods.flatMap((own): Step[] => {
    const same = own.template ? undefined : containerEdit(own.spec, at(own.origin, 'spec'), name, port, protocol);
    return same === undefined ? [] : [{ kind: 'edit', object: { kind: 'pod', pod: own }, edits: [same], byController: true }];
  });
  const facts = { workload: `${workload.namespace}/${workload.name}`, kind: workload.kind, name, port, protocol };
  return [
    {
      levers: [{ code: 'name-container-port', facts, at: edit.at }],
      steps: [{ kind: 'edit', object: { kind: 'workload', workload }, edits: [edit] }, ...follow],
    },
  ];
}

function containerEdit(spec: unknown, origin: Origin, name: string, port: number, protocol: string): PlacedEdit | undefined {
  const containers = listOf(get(spec, 'containers'));
  for (const [i, container] of containers.entries()) {
    for (const [j, declared] of listOf(get(container, 'ports')).entries()) {
      if (get(declared, 'containerPort') !== port || (get(declared, 'protocol') ?? 'TCP') !== protocol) continue;
      // Its own name may be what a Service looks for.
      return get(declared, 'name') === undefined
        ? { kind: 'add-entry', at: at(origin, 'containers', i, 'ports', j), key: 'name', value: name }
        : undefined;
    }
  }
  const value: Plain = { name, containerPort: port, ...(protocol === 'TCP' ? {} : { protocol }) };
  const first = containers[0];
  if (typeof first !== 'object' || first === null) return undefined;
  const place = at(origin, 'containers', 0, 'ports');
  if (Array.isArray(get(first, 'ports'))) return { kind: 'add-item', at: place, value };
  return Object.hasOwn(first, 'ports')
    ? { kind: 'set-value', at: place, value: [value] }
    : { kind: 'add-entry', at: at(origin, 'containers', 0), key: 'ports', value: [value] };
}
