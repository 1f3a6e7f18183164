// `diff` for a comment on a pull request: a headline, a table, a picture of what changes, and the rest folded away.

import { type GroupReasons, isolationGroups, type RowGroup, rowGroups } from '../answer/diff-groups.ts';
import { closesSomething } from '../answer/diff-results.ts';
import type { ConnectivityDiff, DiffChange } from '../answer/documents/connectivity-diff.ts';
import { accessEndWords, accessWords } from '../words/en/access.ts';
import {
  andCount,
  CHANGE_MARKS,
  causeWords,
  changedCount,
  countWords,
  DIFF_PAGE,
  editCount,
  establishedWords,
  isolationSubject,
  isolationWords,
  moreEdits,
  moreInert,
  orderGap,
  orderHead,
  orderWords,
  othersWords,
  pageHead,
  passingWords,
  pictureWords,
  portChange,
  unreadWords,
} from '../words/en/diff.ts';
import { DRIFT_TITLE, driftWords, settingsDifferWords } from '../words/en/drift.ts';
import { endGroupName, shortName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
import { adviceWords, cellWords, MOVE_LABELS, MOVE_TITLES } from '../words/en/move.ts';
import { walkWords } from '../words/en/rollout.ts';
import { changedDepartureWords } from './departing-text.ts';
import { escaped as text } from './markdown.ts';
import { mermaidText } from './mermaid-text.ts';
import { harmless } from './paint.ts';
import { printPlace } from './places.ts';

/** Comments on GitHub end at 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const MOST_ROWS = 40;
const MOST_EDGES = 30;

/** With a marker in front, by which a program finds its own comment again. Ends with a line break. */
export function diffMarkdown(diff: ConnectivityDiff): string {
  const groups = rowGroups(diff);
  const full = page(diff, groups, MOST_ROWS, MOST_EDGES);
  return full.length <= MOST_CHARACTERS ? full : page(diff, groups, 10, 0);
}

const COMMENT_MARKER = '<!-- netverdict diff -->';

function page(diff: ConnectivityDiff, groups: readonly RowGroup[], mostRows: number, mostEdges: number): string {
  const { base, head, profile, changes } = diff;
  return [
    COMMENT_MARKER,
    `### netverdict diff: ${countWords(diff)}`,
    '',
    pageHead(`\`${code(base)}\``, `\`${code(head)}\``, text(profile)),
    '',
    ...alarms(diff),
    ...table(diff, groups, mostRows),
    ...reasonLines(diff, groups),
    ...picture(changes, mostEdges),
    ...moved(diff),
    ...folded(DRIFT_TITLE, drifted(diff)),
    ...folded(DIFF_PAGE.unseen, unseen(diff)),
    ...folded(DIFF_PAGE.applying, applying(diff)),
    '',
  ].join('\n');
}

/** Of a move to another CNI: what to write instead, what lint says of the new one, and what else it does otherwise. */
function moved({ move }: ConnectivityDiff): readonly string[] {
  if (move === undefined) return [];
  const { instead, findings, cells } = move;
  const others = cells.filter(({ connections }) => connections === 0);
  return [
    ...(instead.length === 0 ? [] : ['', ...instead.map((advice) => `- **${MOVE_LABELS.instead}**: ${text(adviceWords(advice))}`)]),
    ...folded(
      MOVE_TITLES.findings,
      findings.slice(0, 20).map(({ rule, text: words, at }) => `- ${rule}: ${text(words)}${at ? ` \`${code(printPlace(at))}\`` : ''}`),
    ),
    ...folded(
      MOVE_TITLES.others,
      others.map((cell) => `- ${text(cellWords(cell))}`),
    ),
  ];
}

/** What a reviewer must not overlook: what is uncovered, and policies that match nothing any more. */
function alarms(diff: ConnectivityDiff): string[] {
  const { base, head, unread = [], inert, departures, orderedTiers, settingsDiffer = [] } = diff;
  const lost = isolationGroups(diff).filter(({ change }) => change !== 'gained');
  const lines = [
    ...(diff.access ?? [])
      .filter(({ outcome }) => outcome !== 'nothing-opened')
      .map(({ rows, ...each }) => {
        const shown = rows.map(
          ({ from, to, because }) =>
            `\`${code(accessEndWords(from))}\` → \`${code(accessEndWords(to))}\` (${reasonWords({ causes: because, others: [] }, 2)})`,
        );
        return [text(accessWords(each)), ...shown].join('<br>');
      }),
    ...(diff.inOrder === undefined || diff.inOrder.outcome === 'safe'
      ? []
      : [
          [text(walkWords(diff.inOrder)), ...[...diff.inOrder.troubles, ...diff.inOrder.doubts].map((each) => text(each.text))].join(
            '<br>',
          ),
        ]),
    ...(settingsDiffer.length === 0 ? [] : [text(settingsDifferWords(settingsDiffer, head))]),
    ...unread.slice(0, 10).map((part) => text(unreadWords(part, part.state === 'base' ? base : head))),
    ...lost.map((group) => {
      const subjects = andMore(group.subjects.map(isolationSubject), 8);
      const words = text(isolationWords(group.change, group.directions, orderedTiers === true));
      return `**${text(subjects)}** ${words} (${reasonWords(group, 2)})`;
    }),
    ...changedDepartureWords(departures).map(({ text: words, rows }) => {
      const some = rows.length === 0 ? '' : `: ${text(andMore(rows, 4))}`;
      return `${text(words)}${some}`;
    }),
    ...inert.slice(0, 10).map((one) => `${text(one.text)} (\`${code(printPlace(one.at))}\`)`),
  ].map((line) => `- ⚠️ ${line}`);
  const left = inert.length - 10;
  return lines.length === 0 ? [] : [...lines, ...(left > 0 ? [`- ${moreInert(left)}`] : []), ''];
}

function reasonWords({ causes, others }: GroupReasons, most: number): string {
  const told = causes.slice(0, most).map((cause) => {
    const place = printPlace(cause.at);
    return `${text(causeWords(cause))}${place === '' ? '' : ` \`${code(place)}\``}`;
  });
  const left = causes.length > most ? [moreEdits(causes.length - most)] : [];
  return [...told, ...left, ...(others.length === 0 ? [] : [text(othersWords(others))])].join('; ');
}

function table(diff: ConnectivityDiff, groups: readonly RowGroup[], most: number): string[] {
  const cells = groups.flatMap((group) =>
    group.lines.flatMap(({ sample, groups: alike }) =>
      alike.flatMap(({ sources, to }) =>
        to.map(({ targets }) => {
          const ends = [sources, targets].map((list) => text(andMore(list.map(endGroupName), 4)));
          return `| ${[CHANGE_MARKS[group.change], ...ends, text(portChange(sample)), reasonCell(group, diff)].join(' | ')} |`;
        }),
      ),
    ),
  );
  if (cells.length === 0) return [];
  const more = cells.length > most ? [`| … | ${andCount(cells.length - most)} | | | |`] : [];
  const head = `|${DIFF_PAGE.columns.map((name) => (name === '' ? ' ' : ` ${name} `)).join('|')}|`;
  return [head, '|---|---|---|---|---|', ...cells.slice(0, most), ...more, ''];
}

/** The line, for a click; the words are below the table. */
function reasonCell({ causes, others, passing }: RowGroup, { workloads }: ConnectivityDiff): string {
  if (passing !== undefined) return text(passingWords(passing, workloads));
  const [first] = causes;
  const more = causes.length + others.length - 1;
  if (first === undefined) return others.length === 0 ? '' : editCount(others.length);
  const place = printPlace(first.at);
  const words = place === '' ? text(`${first.kind} ${first.name}`) : `\`${code(place)}\``;
  return more > 0 ? `${words} ${andCount(more)}` : words;
}

const STROKES = {
  opened: 'stroke:#2a7d2a,stroke-width:2px',
  closed: 'stroke:#b02a2a,stroke-width:2px,stroke-dasharray:4',
  changed: 'stroke:#b8860b,stroke-width:2px',
  undecided: 'stroke:#888,stroke-dasharray:2',
} as const;

/** Only what changes: the whole map of an application is no picture for a review. */
function picture(rows: readonly DiffChange[], most: number): string[] {
  if (rows.length === 0 || most === 0) return [];
  const shown = rows.slice(0, most);
  const ids = new Map<string, string>();
  for (const { from, to } of shown) for (const end of [from, to]) if (!ids.has(end)) ids.set(end, `n${ids.size}`);
  const edges = shown.map((row) => {
    const arrow = row.change === 'closed' ? ['-.', '.->'] : ['--', '-->'];
    return `  ${ids.get(row.from)} ${arrow[0]} "${mermaidText(portChange(row))}" ${arrow[1]} ${ids.get(row.to)}`;
  });
  const styles = shown.map(({ change }, i) => `  linkStyle ${i} ${STROKES[change]}`);
  return [
    pictureWords(shown.length, rows.length),
    '',
    '```mermaid',
    'flowchart LR',
    ...[...ids].map(([end, id]) => `  ${id}["${mermaidText(shortName(end))}"]`),
    ...edges,
    ...styles,
    '```',
    '',
  ];
}

function reasons({ workloads }: ConnectivityDiff, groups: readonly RowGroup[]): string[] {
  return groups.slice(0, 60).flatMap(({ change, causes, others, passing, rows }) => {
    const why = passing === undefined ? reasonWords({ causes, others }, 6) : text(passingWords(passing, workloads));
    return why === '' ? [] : [`- ${changedCount(rows.length, change)}: ${why}`];
  });
}

/** A few reasons are read at once; many are looked up. */
const MOST_REASONS_SHOWN = 4;

function reasonLines(diff: ConnectivityDiff, groups: readonly RowGroup[]): string[] {
  const lines = reasons(diff, groups);
  if (lines.length === 0) return [];
  return lines.length <= MOST_REASONS_SHOWN ? [...lines, ''] : folded(DIFF_PAGE.reasons, lines);
}

function applying(diff: ConnectivityDiff): string[] {
  const { order, establishedConnections, profile } = diff;
  const gap = order?.cutAnyway[0];
  return [
    ...(order === undefined
      ? []
      : [
          `- ${text(orderHead(order.cutInAnotherOrder[0]))}:`,
          ...orderWords(order.apply).map((words) => `  ${text(words)}`),
          ...(gap === undefined ? [] : [`  ${text(orderGap(gap))}`]),
        ]),
    ...(closesSomething(diff) ? [`- ${text(establishedWords(establishedConnections, profile))}`] : []),
  ];
}

function unseen(diff: ConnectivityDiff): string[] {
  return diff.unseen.slice(0, 20).map((one) => `- ${text(one.text)} (\`${code(printPlace(one.at))}\`)`);
}

function drifted({ drift = [] }: ConnectivityDiff): string[] {
  const lines = drift.slice(0, MOST_ROWS).map((each) => {
    const place = printPlace(each.at);
    return `- ${text(driftWords(each))}${place === '' ? '' : ` (\`${code(place)}\`)`}`;
  });
  return drift.length > MOST_ROWS ? [...lines, `- ${moreEdits(drift.length - MOST_ROWS)}`] : lines;
}

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

function code(words: string): string {
  return harmless(words).replaceAll('`', '').replaceAll('|', '\\|');
}
