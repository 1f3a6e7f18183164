// `diff` for a terminal: the count, what is uncovered, then opened, closed and changed connections under the edit that does it.
import { changedDeparturesDocument } from '../answer/departures.ts';
import type { Origin } from '../model/origin.ts';
import { endGroupName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
import { columns } from './columns.ts';
import { changedDepartureWords } from './departing-text.ts';
import { type GroupReasons, isolationGroups, type RowGroup, rowGroups } from './diff-groups.ts';
import {
  causePlace,
  causeWords,
  closesSomething,
  countWords,
  type DiffReport,
  establishedWords,
  gapWords,
  inertOrigin,
  inertWords,
  isolationWords,
  orderWords,
  othersWords,
  passingWords,
  peerOrigin,
  unreadParts,
  unreadWords,
  unseenGroups,
} from './diff-report.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';

/** `most`: lines of connections that are shown under one reason. Ends with a line break. */
export function diffText(report: DiffReport, paint: Paint, most: number): string {
  const { text, folder } = withShortPlaces((place) => lines(report, paint, most, place));
  const tail = folder === '' ? [] : ['', paint.dim(`files are in ${folder}`)];
  return `${[...text, ...tail].flatMap((line) => fold(line, paint.width, 4)).join('\n')}\n`;
}

function lines(report: DiffReport, paint: Paint, most: number, place: PrintPlace): readonly string[] {
  const { base, head, answer } = report;
  const mind = [
    ...inertLines(report, paint, place),
    ...unseenLines(report, paint, place),
    ...orderLines(report, paint),
    ...establishedLines(report, paint),
  ];
  return [
    `${paint.bold(`${base} → ${head}`)}   ${paint.plain(countWords(report))}   ${paint.dim(`cni: ${answer.profile}`)}`,
    ...unreadParts(report)
      .slice(0, 10)
      .map((part) => `${paint.red('!')} ${paint.plain(unreadWords(part, report))}`),
    ...isolationLines(report, paint, place),
    ...rowGroups(report).flatMap((group) => groupLines(report, group, paint, most, place)),
    ...departureLines(report, paint, most),
    ...(mind.length === 0 ? [] : ['', ...mind]),
  ];
}

function departureLines({ answer: { departures } }: DiffReport, paint: Paint, most: number): readonly string[] {
  return changedDepartureWords(changedDeparturesDocument(departures)).flatMap(({ text, repair, rows }) => [
    '',
    `${paint.red('!')} ${paint.plain(text)}`,
    ...rows.slice(0, most).map((row) => `    ${paint.plain(row)}`),
    ...(rows.length > most ? [`    ${paint.dim(`… and ${rows.length - most} more lines; --verbose shows them`)}`] : []),
    ...(repair === undefined ? [] : [`  ${paint.dim(`to do: ${repair}`)}`]),
  ]);
}

function isolationLines(report: DiffReport, paint: Paint, place: PrintPlace): readonly string[] {
  const groups = isolationGroups(report);
  const titles = {
    lost: paint.red('✗ isolation lost'),
    unsure: paint.yellow('? isolation unclear'),
    gained: paint.green('✓ isolation gained'),
  };
  return (['lost', 'unsure', 'gained'] as const).flatMap((change) => {
    const own = groups.filter((group) => group.change === change);
    if (own.length === 0) return [];
    return [
      '',
      titles[change],
      ...own.flatMap((group) => [
        `  ${paint.bold(andMore(group.subjects, 12))}   ${paint.plain(isolationWords(change, group.directions, report))}`,
        ...becauseLines(group, paint, place, '    '),
      ]),
    ];
  });
}

const TITLES = {
  opened: '+ opened',
  closed: '- closed',
  changed: '~ changed',
  undecided: '? left open by the profile or the input',
} as const;

function groupLines(
  report: DiffReport,
  { change, causes, others, passing, rows, lines: byPorts }: RowGroup,
  paint: Paint,
  most: number,
  place: PrintPlace,
): readonly string[] {
  const color = { opened: paint.green, closed: paint.red, changed: paint.yellow, undecided: paint.dim }[change];
  const cells = byPorts.flatMap(({ ports, groups }) =>
    groups.flatMap(({ sources, to }) =>
      to.map(({ targets }) => [andMore(sources.map(endGroupName), 6), `→ ${andMore(targets.map(endGroupName), 6)}`, ports]),
    ),
  );
  const more = cells.length > most ? [`    ${paint.dim(`… and ${cells.length - most} more lines; --verbose shows them`)}`] : [];
  return [
    '',
    `${color(TITLES[change])}   ${paint.dim(`${rows.length} ${rows.length === 1 ? 'connection' : 'connections'}`)}`,
    ...(passing === undefined
      ? becauseLines({ causes, others }, paint, place, '  ')
      : [`  ${paint.dim('because')} ${paint.plain(passingWords(passing, report))}`]),
    ...columns(cells.slice(0, most), paint.width - 4).map((line) => `    ${paint.plain(line)}`),
    ...more,
  ];
}

function becauseLines({ causes, others }: GroupReasons, paint: Paint, place: PrintPlace, indent: string): readonly string[] {
  const told = causes.slice(0, 6).map((cause) => {
    const where = placeWords(causePlace(cause).at, place);
    return `${paint.plain(causeWords(cause))}${where === '' ? '' : `   ${paint.cyan(where)}`}`;
  });
  const mixed = others.length === 0 ? [] : [paint.plain(othersWords(others))];
  return [...told, ...mixed].map((words, i) => `${indent}${paint.dim(i === 0 ? 'because' : '    and')} ${words}`);
}

function placeWords(origin: Origin | undefined, place: PrintPlace): string {
  return place(origin);
}

function inertLines({ answer }: DiffReport, paint: Paint, place: PrintPlace): readonly string[] {
  return answer.inert
    .slice(0, 20)
    .map((inert) => `${paint.yellow('inert')}    ${paint.plain(inertWords(inert))}   ${paint.cyan(place(inertOrigin(inert)))}`);
}

function unseenLines(report: DiffReport, paint: Paint, place: PrintPlace): readonly string[] {
  return unseenGroups(report)
    .slice(0, 6)
    .map(({ words, first }) => `${paint.yellow('unseen')}   ${paint.plain(words)}   ${paint.cyan(place(peerOrigin(first)))}`);
}

function orderLines({ answer }: DiffReport, paint: Paint): readonly string[] {
  const { order } = answer;
  if (order === undefined) return [];
  const [risk] = order.risks;
  const [gap] = order.gaps;
  return [
    `${paint.yellow('order')}    ${paint.plain(`matters: applied in another order, ${risk === undefined ? 'a connection' : gapWords(risk)} is cut for a while although it is allowed before and after`)}`,
    ...orderWords(order).map((words) => `         ${paint.plain(words)}`),
    ...(gap === undefined
      ? []
      : [
          `         ${paint.plain(`even so ${gapWords(gap)} is cut until the last of them is there, because the first policy on a pod isolates it: apply all in one go, or put an allow-all policy on these pods first and delete it last`)}`,
        ]),
  ];
}

function establishedLines(report: DiffReport, paint: Paint): readonly string[] {
  const { answer } = report;
  return closesSomething(report)
    ? [`${paint.yellow('open')}     ${paint.plain(establishedWords(answer.established, answer.profile))}`]
    : [];
}
