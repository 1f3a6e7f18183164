// A map that a person can read: sources that reach the same are told once, a whole namespace is one word, the outside is called so.
import type { ConnectivityMap } from '../answer/documents/connectivity-map.ts';
import { openQuestions, plainRows } from '../answer/map.ts';
import { groupRows, type MapGroup } from '../answer/map-groups.ts';
import { endGroupName, shortName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
import { alikeWords, mapCountWords, openQuestionWords, undecidedHead } from '../words/en/map.ts';
import { portsWords } from '../words/en/ports.ts';
import { columns } from './columns.ts';
import { departingLines } from './departing-text.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';

/** Ends with a line break. */
export function mapText(map: ConnectivityMap, paint: Paint): string {
  const { workloads = {}, connections } = map;
  const lines = groupRows([...plainRows(map)], workloads).flatMap((group) => groupLines(group, paint));
  const count = Object.values(workloads).reduce((sum, each) => sum + each, 0);
  return `${[
    ...lines,
    ...fold(paint.dim(mapCountWords(count, connections.length)), paint.width, 2),
    ...undecidedLines(map, paint),
    ...departingLines(map, paint),
  ].join('\n')}\n`;
}

function groupLines({ sources, alike, to }: MapGroup, paint: Paint): string[] {
  const many = sources.length > 1 ? `  ${paint.dim(alikeWords(alike))}` : '';
  return [
    ...fold(`${paint.bold(andMore(sources.map(endGroupName), 8))}${many}`, paint.width, 2),
    ...columns(
      to.map(({ targets, ports }) => [andMore(targets.map(endGroupName), 6), portsWords(ports)]),
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
function undecidedLines(map: ConnectivityMap, paint: Paint): string[] {
  const { undecided = [], profile = '' } = map;
  if (undecided.length === 0) return [];
  return [
    '',
    ...fold(paint.yellow(undecidedHead(undecided.length, profile)), paint.width, 2),
    ...openQuestions(map).flatMap((question) => {
      const pairs = [...new Set(question.pairs.map(({ from, to }) => `${shortName(from)} → ${shortName(to)}`))];
      return fold(`  ${paint.plain(`? ${openQuestionWords(question)}  ${andMore(pairs, 4)}`)}`, paint.width, 4);
    }),
  ];
}
