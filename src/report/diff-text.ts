// `diff` for a terminal: the count, what is uncovered, then opened, closed and changed connections under the edit that does it.
import { type GroupReasons, isolationGroups, type RowGroup, rowGroups } from '../answer/diff-groups.ts';
import { closesSomething } from '../answer/diff-results.ts';
import type { ConnectivityDiff } from '../answer/documents/connectivity-diff.ts';
import { accessEndWords, accessWords, newNamespaceWords } from '../words/en/access.ts';
import { toDo } from '../words/en/departures.ts';
import {
  CHANGE_TITLES,
  causeWords,
  countWords,
  DIFF_LABELS,
  establishedWords,
  filesAreIn,
  ISOLATION_TITLES,
  isolationSubject,
  isolationWords,
  moreLines,
  orderGap,
  orderHead,
  orderWords,
  othersWords,
  passingWords,
  portChange,
  unreadWords,
} from '../words/en/diff.ts';
import { DRIFT_LABEL, driftWords, settingsDifferWords } from '../words/en/drift.ts';
import { endGroupName } from '../words/en/ends.ts';
import { andMore, counted } from '../words/en/lists.ts';
import { adviceWords, cellWords, MOVE_LABELS } from '../words/en/move.ts';
import { portsWords } from '../words/en/ports.ts';
import { ORDER_HINT, walkWords } from '../words/en/rollout.ts';
import { columns } from './columns.ts';
import { changedDepartureWords } from './departing-text.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';
import { troubleLines } from './rollout-text.ts';

/** `most`: lines of connections that are shown under one reason. Ends with a line break. */
export function diffText(diff: ConnectivityDiff, paint: Paint, most: number): string {
  const { text, folder } = withShortPlaces((place) => lines(diff, paint, most, place));
  const tail = folder === '' ? [] : ['', paint.dim(filesAreIn(folder))];
  return `${[...text, ...tail].flatMap((line) => fold(line, paint.width, 4)).join('\n')}\n`;
}

function lines(diff: ConnectivityDiff, paint: Paint, most: number, place: PrintPlace): readonly string[] {
  const { base, head, profile, unread = [], settingsDiffer = [] } = diff;
  const mind = [
    ...inertLines(diff, paint, place),
    ...unseenLines(diff, paint, place),
    ...orderLines(diff, paint),
    ...establishedLines(diff, paint),
  ];
  return [
    `${paint.bold(`${base} → ${head}`)}   ${paint.plain(countWords(diff))}   ${paint.dim(`cni: ${profile}`)}`,
    ...(settingsDiffer.length === 0 ? [] : [`${paint.red('!')} ${paint.plain(settingsDifferWords(settingsDiffer, head))}`]),
    ...unread.slice(0, 10).map((part) => `${paint.red('!')} ${paint.plain(unreadWords(part, part.state === 'base' ? base : head))}`),
    ...accessLines(diff, paint, place),
    ...inOrderLines(diff, paint),
    ...isolationLines(diff, paint, place),
    ...rowGroups(diff).flatMap((group) => groupLines(diff, group, { paint, most, place })),
    ...moveLines(diff, paint, most, place),
    ...departureLines(diff, paint, most),
    ...driftLines(diff, paint, most, place),
    ...(mind.length === 0 ? [] : ['', ...mind]),
  ];
}

/** What to write instead, what else the new CNI does otherwise, and what lint says of it. */
function moveLines({ move }: ConnectivityDiff, paint: Paint, most: number, place: PrintPlace): readonly string[] {
  if (move === undefined) return [];
  const { instead, cells, findings } = move;
  const others = cells.filter(({ connections }) => connections === 0);
  const labelled = [
    ...instead.map((advice) => `${label(MOVE_LABELS.instead, paint)}${paint.plain(adviceWords(advice))}`),
    ...findings
      .slice(0, most)
      .map(({ rule, text, at }) => `${label(MOVE_LABELS.found, paint)}${paint.plain(`${rule}: ${text}`)}   ${paint.cyan(place(at))}`),
    ...(findings.length > most ? [`         ${paint.dim(moreLines(findings.length - most))}`] : []),
    ...others.map((cell) => `${label(MOVE_LABELS.also, paint)}${paint.plain(cellWords(cell))}`),
  ];
  return labelled.length === 0 ? [] : ['', ...labelled];
}

/** What `--in-order` found. */
function inOrderLines({ inOrder }: ConnectivityDiff, paint: Paint): readonly string[] {
  if (inOrder === undefined) return [];
  const { outcome, troubles, doubts } = inOrder;
  const mark = outcome === 'safe' ? paint.green('✓') : outcome === 'unsafe' ? paint.red('✗') : paint.yellow('?');
  return [
    '',
    `${mark} ${paint.bold(walkWords(inOrder))}`,
    ...troubles.flatMap((trouble) => troubleLines(trouble, paint)),
    ...doubts.map(({ text }) => `  ${paint.plain(text)}`),
    ...(outcome === 'safe' ? [] : [`  ${paint.dim(paint.plain(ORDER_HINT))}`]),
  ];
}

/** What `--no-new-access` and `--no-public-access` found. */
function accessLines({ access = [] }: ConnectivityDiff, paint: Paint, place: PrintPlace): readonly string[] {
  return access.flatMap(({ rows, undecidedBecause = [], newNamespaces = {}, ...each }) => [
    '',
    `${each.outcome === 'nothing-opened' ? paint.green('✓') : paint.red('✗')} ${paint.bold(accessWords(each))}`,
    ...rows.flatMap(({ from, to, opened, perhapsOpened, because }) => [
      `    ${paint.plain(`${accessEndWords(from)} → ${accessEndWords(to)}   ${portsWords(opened ?? perhapsOpened ?? [])}`)}`,
      ...becauseLines({ causes: because, others: [] }, paint, place, '      '),
    ]),
    ...Object.entries(newNamespaces).map(([name, labels]) => `    ${paint.dim(newNamespaceWords(name, labels))}`),
    ...undecidedBecause.map(({ text }) => `    ${paint.plain(text)}`),
  ]);
}

function driftLines({ drift = [] }: ConnectivityDiff, paint: Paint, most: number, place: PrintPlace): readonly string[] {
  if (drift.length === 0) return [];
  return [
    '',
    ...drift.slice(0, most).map((each) => `${label(DRIFT_LABEL, paint)}${paint.plain(driftWords(each))}   ${paint.cyan(place(each.at))}`),
    ...(drift.length > most ? [`         ${paint.dim(moreLines(drift.length - most))}`] : []),
  ];
}

function departureLines({ departures }: ConnectivityDiff, paint: Paint, most: number): readonly string[] {
  return changedDepartureWords(departures).flatMap(({ text, repair, rows }) => [
    '',
    `${paint.red('!')} ${paint.plain(text)}`,
    ...rows.slice(0, most).map((row) => `    ${paint.plain(row)}`),
    ...(rows.length > most ? [`    ${paint.dim(moreLines(rows.length - most))}`] : []),
    ...(repair === undefined ? [] : [`  ${paint.dim(toDo(repair))}`]),
  ]);
}

const ISOLATION_COLORS = { lost: 'red', unsure: 'yellow', gained: 'green' } as const;

function isolationLines(diff: ConnectivityDiff, paint: Paint, place: PrintPlace): readonly string[] {
  const groups = isolationGroups(diff);
  return (['lost', 'unsure', 'gained'] as const).flatMap((change) => {
    const own = groups.filter((group) => group.change === change);
    if (own.length === 0) return [];
    return [
      '',
      paint[ISOLATION_COLORS[change]](ISOLATION_TITLES[change]),
      ...own.flatMap((group) => [
        `  ${paint.bold(andMore(group.subjects.map(isolationSubject), 12))}   ${paint.plain(isolationWords(change, group.directions, diff.orderedTiers === true))}`,
        ...becauseLines(group, paint, place, '    '),
      ]),
    ];
  });
}

const CHANGE_COLORS = { opened: 'green', closed: 'red', changed: 'yellow', undecided: 'dim' } as const;

interface Pen {
  readonly paint: Paint;
  readonly place: PrintPlace;
  /** Rows of a list that is cut short. */
  readonly most: number;
}

function groupLines(diff: ConnectivityDiff, group: RowGroup, { paint, most, place }: Pen): readonly string[] {
  const { change, passing, rows, lines: byPorts } = group;
  const cells = byPorts.flatMap(({ sample, groups }) =>
    groups.flatMap(({ sources, to }) =>
      to.map(({ targets }) => [andMore(sources.map(endGroupName), 6), `→ ${andMore(targets.map(endGroupName), 6)}`, portChange(sample)]),
    ),
  );
  return [
    '',
    `${paint[CHANGE_COLORS[change]](CHANGE_TITLES[change])}   ${paint.dim(counted(rows.length, 'connection'))}`,
    ...(passing === undefined
      ? becauseLines(group, paint, place, '  ')
      : [`  ${paint.dim(DIFF_LABELS.because)} ${paint.plain(passingWords(passing, diff.workloads))}`]),
    ...columns(cells.slice(0, most), paint.width - 4).map((line) => `    ${paint.plain(line)}`),
    ...(cells.length > most ? [`    ${paint.dim(moreLines(cells.length - most))}`] : []),
  ];
}

function becauseLines({ causes, others }: GroupReasons, paint: Paint, place: PrintPlace, indent: string): readonly string[] {
  const told = causes.slice(0, 6).map((cause) => {
    const where = place(cause.at);
    return `${paint.plain(causeWords(cause))}${where === '' ? '' : `   ${paint.cyan(where)}`}`;
  });
  const mixed = others.length === 0 ? [] : [paint.plain(othersWords(others))];
  return [...told, ...mixed].map((words, i) => `${indent}${paint.dim(i === 0 ? DIFF_LABELS.because : DIFF_LABELS.and)} ${words}`);
}

function label(word: string, paint: Paint): string {
  return `${paint.yellow(word)}${' '.repeat(9 - word.length)}`;
}

function inertLines({ inert }: ConnectivityDiff, paint: Paint, place: PrintPlace): readonly string[] {
  return inert.slice(0, 20).map(({ text, at }) => `${label(DIFF_LABELS.inert, paint)}${paint.plain(text)}   ${paint.cyan(place(at))}`);
}

function unseenLines({ unseen }: ConnectivityDiff, paint: Paint, place: PrintPlace): readonly string[] {
  return unseen.slice(0, 6).map(({ text, at }) => `${label(DIFF_LABELS.unseen, paint)}${paint.plain(text)}   ${paint.cyan(place(at))}`);
}

function orderLines({ order }: ConnectivityDiff, paint: Paint): readonly string[] {
  if (order === undefined) return [];
  const [gap] = order.cutAnyway;
  const indent = ' '.repeat(9);
  return [
    `${label(DIFF_LABELS.order, paint)}${paint.plain(orderHead(order.cutInAnotherOrder[0]))}`,
    ...orderWords(order.apply).map((words) => `${indent}${paint.plain(words)}`),
    ...(gap === undefined ? [] : [`${indent}${paint.plain(orderGap(gap))}`]),
  ];
}

function establishedLines(diff: ConnectivityDiff, paint: Paint): readonly string[] {
  if (!closesSomething(diff) || diff.move !== undefined) return [];
  return [`${label(DIFF_LABELS.open, paint)}${paint.plain(establishedWords(diff.establishedConnections, diff.profile))}`];
}
