// A map that a person can read: sources that reach the same are told once, a whole namespace is one word, the outside is called so.
import type { UndecidedRow } from '../reach/connections.ts';
import { andMore, type MapGroup, shortName, type TargetGroup } from './map-groups.ts';
import type { Paint } from './paint.ts';
import { portsWords } from './ports.ts';

export interface MapFacts {
  readonly profile: string;
  readonly workloads: number;
  readonly connections: number;
}

/** Ends with a line break. */
export function mapText(groups: readonly MapGroup[], undecided: readonly UndecidedRow[], facts: MapFacts, paint: Paint): string {
  const lines = groups.flatMap((group) => groupLines(group, paint));
  const count = `${facts.workloads} ${facts.workloads === 1 ? 'workload' : 'workloads'}, ${facts.connections} allowed ${facts.connections === 1 ? 'connection' : 'connections'} between different ends; what is not listed is not allowed`;
  return `${[...lines, paint.dim(count), ...undecidedLines(undecided, facts.profile, paint)].join('\n')}\n`;
}

function groupLines(group: MapGroup, paint: Paint): string[] {
  const names = group.sources.map((source) => shortName(source));
  const many = names.length > 1 ? `  ${paint.dim(`(${names.length} alike)`)}` : '';
  const width = Math.min(70, Math.max(...group.targets.map((target) => targetWords(target).length)));
  return [
    `${paint.bold(andMore(names, 6))}${many}`,
    ...group.targets.map(
      (target) => `  ${paint.dim('→')} ${paint.plain(targetWords(target).padEnd(width))}  ${paint.green(portsWords(target.ports))}`,
    ),
    '',
  ];
}

function targetWords({ names }: TargetGroup): string {
  return andMore(names, 6);
}

/** What the profile leaves open stands apart, in one paragraph, with what would decide it. */
function undecidedLines(rows: readonly UndecidedRow[], profile: string, paint: Paint): string[] {
  if (rows.length === 0) return [];
  const kinds = new Map<string, Set<string>>();
  for (const row of rows) {
    for (const doubt of row.because) {
      const what = doubt.code === 'profile-differs' ? `${doubt.code} (${doubt.cell})` : doubt.code;
      kinds.set(what, (kinds.get(what) ?? new Set()).add(`${shortName(row.from)} → ${shortName(row.to)}`));
    }
  }
  const hint =
    profile === 'kubernetes'
      ? 'choose your CNI with --cni to decide what is up to it'
      : 'more of the input (addresses, nodes, readable policies) would decide it';
  return [
    '',
    paint.yellow(`${rows.length} ${rows.length === 1 ? 'connection is' : 'connections are'} left open; ${hint}`),
    ...[...kinds].map(([what, pairs]) => `  ${paint.plain(`${what}: ${andMore([...pairs], 4)}`)}`),
  ];
}
