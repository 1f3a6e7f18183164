// A map that a person can read: sources that reach the same are told once, a whole namespace is one word, the outside is called so.
import { cellQuestion } from '../explain/sentence.ts';
import type { Doubt } from '../policy/verdict.ts';
import type { UndecidedRow } from '../reach/connections.ts';
import type { Departing } from '../reach/departing.ts';
import { columns } from './columns.ts';
import { departingLines } from './departing-text.ts';
import { fold } from './fold.ts';
import { andMore, type MapGroup, shortName } from './map-groups.ts';
import type { Paint } from './paint.ts';
import { portsWords } from './ports.ts';

export interface MapFacts {
  readonly profile: string;
  readonly workloads: number;
  readonly connections: number;
  /** What the enforcer of the profile does otherwise. */
  readonly departing: Departing;
}

/** Ends with a line break. */
export function mapText(groups: readonly MapGroup[], undecided: readonly UndecidedRow[], facts: MapFacts, paint: Paint): string {
  const lines = groups.flatMap((group) => groupLines(group, paint));
  const { workloads, connections } = facts;
  const count = `${workloads} ${workloads === 1 ? 'workload' : 'workloads'}, ${connections} allowed ${connections === 1 ? 'connection' : 'connections'}; what is not listed is not allowed`;
  return `${[...lines, ...fold(paint.dim(count), paint.width, 2), ...undecidedLines(undecided, facts.profile, paint), ...departingLines(facts.departing, paint)].join('\n')}\n`;
}

function groupLines(group: MapGroup, paint: Paint): string[] {
  const many = group.sources.length > 1 ? `  ${paint.dim(`(${group.alike} alike)`)}` : '';
  return [
    ...fold(`${paint.bold(andMore(group.sources, 8))}${many}`, paint.width, 2),
    ...columns(
      group.targets.map((target) => [andMore(target.names, 6), portsWords(target.ports)]),
      paint.width - 4,
    ).map((line) => `  ${isRowStart(line) ? paint.dim('→') : ' '} ${paint.plain(line)}`),
    '',
  ];
}

/** A folded row goes on with blanks. */
function isRowStart(line: string): boolean {
  return !line.startsWith(' ');
}

/** What the profile leaves open stands apart, in one paragraph, with what would decide it. */
function undecidedLines(rows: readonly UndecidedRow[], profile: string, paint: Paint): string[] {
  if (rows.length === 0) return [];
  const kinds = new Map<string, { readonly what: string; readonly pairs: Set<string> }>();
  for (const row of rows) {
    for (const doubt of row.because) {
      const key = doubt.code === 'profile-differs' ? `${doubt.code} ${doubt.cell}` : doubt.code;
      const kind = kinds.get(key) ?? { what: doubtWords(doubt), pairs: new Set() };
      kind.pairs.add(`${shortName(row.from)} → ${shortName(row.to)}`);
      kinds.set(key, kind);
    }
  }
  const hint =
    profile === 'kubernetes'
      ? 'choose your CNI with --cni to decide what is up to it'
      : 'more of the input (addresses, nodes, readable policies) would decide it';
  const head = `${rows.length} ${rows.length === 1 ? 'connection is' : 'connections are'} left open; ${hint}`;
  return [
    '',
    ...fold(paint.yellow(head), paint.width, 2),
    ...[...kinds.values()].flatMap(({ what, pairs }) => fold(`  ${paint.plain(`? ${what}  ${andMore([...pairs], 4)}`)}`, paint.width, 4)),
  ];
}

function doubtWords(doubt: Doubt): string {
  switch (doubt.code) {
    case 'profile-differs':
      return cellQuestion(doubt.cell);
    case 'policy-unreadable':
      return 'a policy that cannot be read may touch it:';
    case 'address-unknown':
      return 'the address of a pod is not in the input, and an ipBlock may cover it:';
    case 'tunnel-source':
      return 'pods of other nodes see the address of a node or of its tunnel, which a rule tells apart:';
    case 'node-unknown':
      return 'whether both ends share a node is not in the input:';
    case 'named-port-in-init-container':
      return 'a port is named by an init container or sidecar only:';
    case 'rule-unclear':
      return 'whether a rule matches cannot be told from the input:';
    case 'host-endpoint':
      return 'a HostEndpoint of Calico’s covers the node, whose policies are not evaluated:';
    case 'families-differ':
      return 'IPv4 and IPv6 get different verdicts:';
    case 'equal-priority':
      return 'two policies have the same priority, and either may come first:';
    case 'nodes-unknown':
      return 'a rule means nodes, and the input has no Node objects:';
    case 'name-unresolved':
      return 'a rule means a DNS name, and which addresses it has shows at run time only:';
  }
}
