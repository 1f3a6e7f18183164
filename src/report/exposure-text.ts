// Exposure for people and for programs: who else could reach a workload, or be reached by it.
import { DEPARTING_VERSIONS, shapeWords } from '../explain/departure-words.ts';
import { type Direction, printRuleRef } from '../model/policy.ts';
import type { ConnectionRow } from '../reach/connections.ts';
import { type ExposedPeer, type Exposure, exposureKey } from '../reach/exposure.ts';
import type { ExposedDeparture } from '../reach/exposure-departing.ts';
import { columns } from './columns.ts';
import { fold } from './fold.ts';
import { andMore, shortName } from './map-groups.ts';
import type { Paint } from './paint.ts';
import { portsDocument, portsWords } from './ports.ts';

/** An entry, and what the enforcer behind the profile lets through beyond it. */
export interface ToldExposure {
  readonly exposure: Exposure;
  readonly departures: readonly ExposedDeparture[];
}

/**
 * `outside`: the map's rows with ranges outside the cluster. `silent`: workloads without a pod that policies could concern. Workloads
 * that are exposed alike are told once. Ends with a line break.
 */
export function exposureText(
  exposures: readonly ToldExposure[],
  outside: readonly ConnectionRow[],
  silent: readonly string[],
  paint: Paint,
): string {
  const lines: string[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    lines.push(
      paint.bold(
        direction === 'ingress' ? 'What else could reach them: pods that are not in the input, the internet' : 'What else they could reach',
      ),
      '',
    );
    for (const group of groups(exposures, outside, direction)) lines.push(...groupLines(group, direction, paint), '');
  }
  if (silent.length > 0) {
    lines.push(
      ...fold(paint.dim(`left out, in their node’s network or not running: ${andMore(silent.map(shortName).sort(), 6)}`), paint.width, 2),
    );
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function groupLines({ workloads, exposure, departures, ranges }: Group, direction: Direction, paint: Paint): string[] {
  const names = `${andMore(workloads.map(shortName).sort(), 8)}${workloads.length > 1 ? ` (${workloads.length} alike)` : ''}`;
  const unsure = exposure.unreadable.length === 0 ? '' : `not certain: ${andMore(exposure.unreadable, 3)} cannot be read`;
  const rows = [
    ...exposure.peers.map((peer) => [peerWords(peer), openWords(peer)]),
    ...ranges.map(([range, ports]) => [shortName(range), ports]),
  ];
  return [
    ...fold(`${paint.bold(names)}${exposure.isolated ? '' : `  ${paint.yellow('no policy in this direction')}`}`, paint.width, 2),
    ...(unsure === '' ? [] : fold(`  ${paint.yellow(`? ${unsure}`)}`, paint.width, 4)),
    ...(rows.length === 0 && unsure === '' ? [`  ${paint.green('nothing else')}`] : []),
    ...columns(rows, paint.width - 4).map(
      (line) => `  ${line.startsWith(' ') ? ' ' : paint.dim(direction === 'ingress' ? '←' : '→')} ${paint.plain(line)}`,
    ),
    ...departures.flatMap((departure) => departureLines(departure, paint)),
  ];
}

function departureLines({ shape, rule, peer }: ExposedDeparture, paint: Paint): string[] {
  const { why, repair } = shapeWords(shape);
  return [
    ...fold(
      `  ${paint.red(`${DEPARTING_VERSIONS} lets this through although the policies deny it: ${peerWords(peer)}  ${openWords(peer)}`)}`,
      paint.width,
      4,
    ),
    ...fold(`    ${paint.plain(`${why} (${printRuleRef(rule)}); to do: ${repair}`)}`, paint.width, 6),
  ];
}

interface Group extends ToldExposure {
  readonly workloads: readonly string[];
  readonly ranges: readonly (readonly [string, string])[];
}

function groups(exposures: readonly ToldExposure[], outside: readonly ConnectionRow[], direction: Direction): Group[] {
  const found = new Map<string, ToldExposure & { readonly workloads: string[]; readonly ranges: [string, string][] }>();
  const isRange = (end: string) => /^[0-9a-f.:]+-[0-9a-f.:]+$/.test(end);
  const ranges = new Map<string, [string, string][]>();
  for (const { from, to, allowed } of outside) {
    const [range, workload] = direction === 'ingress' ? [from, to] : [to, from];
    if (!isRange(range)) continue;
    const own = ranges.get(workload);
    if (own === undefined) ranges.set(workload, [[range, portsWords(allowed)]]);
    else own.push([range, portsWords(allowed)]);
  }
  for (const { exposure, departures } of exposures.filter((each) => each.exposure.direction === direction)) {
    const own = ranges.get(exposure.pods?.[0] ?? exposure.workload) ?? ranges.get(exposure.workload) ?? [];
    const beyond = departures.map(({ shape, rule, peer }) => `${shape} ${printRuleRef(rule)} ${peerWords(peer)} ${openWords(peer)}`);
    const key = `${exposureKey(exposure)} ${JSON.stringify([own, beyond])}`;
    const group = found.get(key);
    if (group === undefined) found.set(key, { workloads: [...namesOf(exposure)], exposure, departures, ranges: own });
    else group.workloads.push(...namesOf(exposure));
  }
  return [...found.values()];
}

/** The workload, or those of its pods that the exposure is about. */
function namesOf({ workload, pods }: Exposure): readonly string[] {
  return pods ?? [workload];
}

function peerWords(peer: ExposedPeer): string {
  if (peer.kind === 'entire-cluster') return 'every pod in the cluster';
  const pods = peer.pods === '' ? 'every pod' : `pods with ${peer.pods}`;
  if (peer.namespace !== undefined) return `${pods} in namespace ${peer.namespace}`;
  return peer.namespaces === '' ? `${pods} in every namespace` : `${pods} in namespaces with ${peer.namespaces}`;
}

function openWords({ allowed, named }: ExposedPeer): string {
  return [portsWords(allowed), ...(named.length > 0 ? [`ports named ${named.join(', ')}`] : [])].filter((part) => part !== '').join(' · ');
}

/** An item of `exposure` in a ConnectivityMap document. */
export function exposureDocument({ exposure, departures }: ToldExposure): unknown {
  const { workload, pods, direction, isolated, unreadable, peers } = exposure;
  return {
    workload,
    ...(pods === undefined ? {} : { pods }),
    direction,
    isolated,
    ...(unreadable.length === 0 ? {} : { unreadable }),
    peers: peers.map(peerDocument),
    ...(departures.length === 0
      ? {}
      : { departures: departures.map(({ shape, rule, peer }) => ({ ...peerDocument(peer), shapes: shape, rules: [printRuleRef(rule)] })) }),
  };
}

function peerDocument(peer: ExposedPeer) {
  return {
    peer: peer.kind === 'entire-cluster' ? 'entire-cluster' : { namespace: peer.namespace, namespaces: peer.namespaces, pods: peer.pods },
    allowed: portsDocument(peer.allowed),
    ...(peer.named.length === 0 ? {} : { named: peer.named }),
  };
}
