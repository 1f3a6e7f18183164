// `map --exposure` for a terminal: who else could reach each workload, or be reached by it. Workloads that are exposed alike are told once.
import type { ConnectivityMap, MapExposedDeparture, MapExposedPeer, MapExposure } from '../answer/documents/connectivity-map.ts';
import { type ExposureGroup, exposureGroups } from '../answer/exposure.ts';
import { plainRows } from '../answer/map.ts';
import { departureHead, departureReason, toDo } from '../words/en/departures.ts';
import { shortName } from '../words/en/ends.ts';
import {
  byAddressWords,
  EXPOSURE_TITLES,
  exposedPeerWords,
  leftOutWords,
  NO_POLICY,
  NOTHING_ELSE,
  uncertainWords,
} from '../words/en/exposure.ts';
import { andMore } from '../words/en/lists.ts';
import { alikeWords } from '../words/en/map.ts';
import { openPortsWords, portsWords } from '../words/en/ports.ts';
import { columns } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function exposureText(map: ConnectivityMap, paint: Paint): string {
  const { exposure = [], exposureLeftOut = [] } = map;
  const lines: string[] = [];
  for (const direction of ['ingress', 'egress'] as const) {
    lines.push(paint.bold(EXPOSURE_TITLES[direction]), '');
    for (const group of exposureGroups(exposure, plainRows(map), direction)) lines.push(...groupLines(group, direction, paint), '');
  }
  if (exposureLeftOut.length > 0) {
    lines.push(...fold(paint.dim(leftOutWords(andMore(exposureLeftOut.map(shortName).sort(), 6))), paint.width, 2));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function groupLines({ ends, exposure, ranges }: ExposureGroup, direction: MapExposure['direction'], paint: Paint): string[] {
  const { isolated, unreadable = [], byAddress = [], peers, departures = [] } = exposure;
  const names = `${andMore(ends.map(shortName).sort(), 8)}${ends.length > 1 ? ` ${alikeWords(ends.length)}` : ''}`;
  const rows = [
    ...peers.map((peer) => [exposedPeerWords(peer.peer), openPortsWords(peer)]),
    ...ranges.map(({ range, allowed }) => [shortName(range), portsWords(allowed)]),
  ];
  const arrow = direction === 'ingress' ? '←' : '→';
  return [
    ...fold(`${paint.bold(names)}${isolated ? '' : `  ${paint.yellow(NO_POLICY)}`}`, paint.width, 2),
    ...(unreadable.length === 0 ? [] : fold(`  ${paint.yellow(`? ${uncertainWords(andMore(unreadable, 3))}`)}`, paint.width, 4)),
    ...(byAddress.length === 0 ? [] : fold(`  ${paint.yellow(`? ${byAddressWords(andMore(byAddress, 3))}`)}`, paint.width, 4)),
    ...(rows.length === 0 && unreadable.length === 0 && byAddress.length === 0 ? [`  ${paint.green(NOTHING_ELSE)}`] : []),
    ...columns(rows, paint.width - 4).map((line) => `  ${line.startsWith(' ') ? ' ' : paint.dim(arrow)} ${paint.plain(line)}`),
    ...departures.flatMap((departure) => departureLines(departure, paint)),
  ];
}

function departureLines({ shapes, rules, ...peer }: MapExposedDeparture, paint: Paint): string[] {
  const { why, repair } = departureReason(shapes);
  return [
    ...fold(`  ${paint.red(`${departureHead('open')}: ${peerWords(peer)}`)}`, paint.width, 4),
    ...fold(`    ${paint.plain(`${why} (${rules.join(', ')}); ${toDo(repair)}`)}`, paint.width, 6),
  ];
}

function peerWords(peer: MapExposedPeer): string {
  return `${exposedPeerWords(peer.peer)}  ${openPortsWords(peer)}`;
}
