// `diff` for a comment on a pull request: a headline, a table, a picture of what changes, and the rest folded away.
import { changedDeparturesDocument } from '../answer/departures.ts';
import { printPlace } from '../explain/place.ts';
import type { DiffRow } from '../question/diff.ts';
import { endGroupName, shortName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
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
  portChange,
  unreadParts,
  unreadWords,
  unseenGroups,
} from './diff-report.ts';
import { mermaidText } from './mermaid-text.ts';
import { harmless } from './paint.ts';

/** Comments on GitHub end at 65,536 characters. */
const MOST_CHARACTERS = 60_000;
const MOST_ROWS = 40;
const MOST_EDGES = 30;

const MARKS = { opened: '🟢 opened', closed: '🔴 closed', changed: '🟡 changed', undecided: '⚪ left open' } as const;

/** With a marker in front, by which a program finds its own comment again. Ends with a line break. */
export function diffMarkdown(report: DiffReport): string {
  const groups = rowGroups(report);
  const full = page(report, groups, MOST_ROWS, MOST_EDGES);
  return full.length <= MOST_CHARACTERS ? full : page(report, groups, 10, 0);
}

const COMMENT_MARKER = '<!-- netverdict diff -->';

function page(report: DiffReport, groups: readonly RowGroup[], mostRows: number, mostEdges: number): string {
  const { base, head, answer } = report;
  return [
    COMMENT_MARKER,
    `### netverdict diff: ${countWords(report)}`,
    '',
    `\`${code(base)}\` → \`${code(head)}\` · CNI profile: ${text(answer.profile)}`,
    '',
    ...alarms(report),
    ...table(report, groups, mostRows),
    ...reasonLines(report, groups),
    ...picture(report.rows, mostEdges),
    ...folded('What this input cannot show', unseen(report)),
    ...folded('When it is applied', applying(report)),
    '',
  ].join('\n');
}

/** What a reviewer must not overlook: what is uncovered, and policies that mean nobody any more. */
function alarms(report: DiffReport): string[] {
  const lost = isolationGroups(report).filter(({ change }) => change !== 'gained');
  const lines = [
    ...unreadParts(report)
      .slice(0, 10)
      .map((part) => `- ⚠️ ${text(unreadWords(part, report))}`),
    ...lost.map((group) => {
      const words = text(isolationWords(group.change, group.directions, report));
      return `- ⚠️ **${text(andMore(group.subjects, 8))}** ${words} (${reasonWords(group, 2)})`;
    }),
    ...changedDepartureWords(changedDeparturesDocument(report.answer.departures)).map(({ text: words, rows }) => {
      const some = rows.length === 0 ? '' : `: ${text(andMore(rows, 4))}`;
      return `- ⚠️ ${text(words)}${some}`;
    }),
    ...report.answer.inert.slice(0, 10).map((one) => `- ⚠️ ${text(inertWords(one))} (\`${code(printPlace(inertOrigin(one)))}\`)`),
  ];
  const left = report.answer.inert.length - 10;
  return lines.length === 0 ? [] : [...lines, ...(left > 0 ? [`- and ${left} more policies or peers that mean nobody any more`] : []), ''];
}

function reasonWords({ causes, others }: GroupReasons, most: number): string {
  const told = causes.slice(0, most).map((cause) => {
    const place = printPlace(causePlace(cause).at);
    return `${text(causeWords(cause))}${place === '' ? '' : ` \`${code(place)}\``}`;
  });
  const left = causes.length > most ? [`${causes.length - most} more edits`] : [];
  return [...told, ...left, ...(others.length === 0 ? [] : [text(othersWords(others))])].join('; ');
}

function table(report: DiffReport, groups: readonly RowGroup[], most: number): string[] {
  const cells = groups.flatMap((group) =>
    group.lines.flatMap(({ ports, groups: alike }) =>
      alike.flatMap(({ sources, to }) =>
        to.map(({ targets }) => {
          const ends = [sources, targets].map((list) => text(andMore(list.map(endGroupName), 4)));
          return `| ${[MARKS[group.change], ...ends, text(ports), reasonCell(group, report)].join(' | ')} |`;
        }),
      ),
    ),
  );
  if (cells.length === 0) return [];
  const more = cells.length > most ? [`| … | and ${cells.length - most} more | | | |`] : [];
  return ['| | from | to | ports | because of |', '|---|---|---|---|---|', ...cells.slice(0, most), ...more, ''];
}

/** The line, for a click; the words are below the table. */
function reasonCell({ causes, others, passing }: RowGroup, report: DiffReport): string {
  if (passing !== undefined) return text(passingWords(passing, report));
  const [first] = causes;
  const more = causes.length + others.length - 1;
  if (first === undefined) return others.length === 0 ? '' : `${others.length} edits`;
  const place = printPlace(causePlace(first).at);
  const words = place === '' ? text(`${first.edit.kind} ${first.edit.ref}`) : `\`${code(place)}\``;
  return more > 0 ? `${words} and ${more} more` : words;
}

const STROKES = {
  opened: 'stroke:#2a7d2a,stroke-width:2px',
  closed: 'stroke:#b02a2a,stroke-width:2px,stroke-dasharray:4',
  changed: 'stroke:#b8860b,stroke-width:2px',
  undecided: 'stroke:#888,stroke-dasharray:2',
} as const;

/** Only what changes: the whole map of an application is no picture for a review. */
function picture(rows: readonly DiffRow[], most: number): string[] {
  if (rows.length === 0 || most === 0) return [];
  const shown = rows.slice(0, most);
  const ids = new Map<string, string>();
  for (const { from, to } of shown) for (const end of [from, to]) if (!ids.has(end)) ids.set(end, `n${ids.size}`);
  const edges = shown.map((row) => {
    const arrow = row.change === 'closed' ? ['-.', '.->'] : ['--', '-->'];
    return `  ${ids.get(row.from)} ${arrow[0]} "${mermaidText(portChange(row))}" ${arrow[1]} ${ids.get(row.to)}`;
  });
  const styles = shown.map(({ change }, i) => `  linkStyle ${i} ${STROKES[change]}`);
  const left = rows.length > shown.length ? ` (the first ${shown.length} of ${rows.length})` : '';
  return [
    `Green opens, red closes, yellow changes ports${left}:`,
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

function reasons(report: DiffReport, groups: readonly RowGroup[]): string[] {
  return groups.slice(0, 60).flatMap(({ change, causes, others, passing, rows }) => {
    const what = `${rows.length} ${rows.length === 1 ? 'connection' : 'connections'} ${change === 'undecided' ? 'left open' : change}`;
    const why = passing === undefined ? reasonWords({ causes, others }, 6) : text(passingWords(passing, report));
    return why === '' ? [] : [`- ${what}: ${why}`];
  });
}

/** A few reasons are read at once; many are looked up. */
const MOST_REASONS_SHOWN = 4;

function reasonLines(report: DiffReport, groups: readonly RowGroup[]): string[] {
  const lines = reasons(report, groups);
  if (lines.length === 0) return [];
  return lines.length <= MOST_REASONS_SHOWN ? [...lines, ''] : folded('Why each of them changes', lines);
}

function applying(report: DiffReport): string[] {
  const { order, established, profile } = report.answer;
  const gap = order?.gaps[0];
  const risk = order?.risks[0];
  return [
    ...(order === undefined
      ? []
      : [
          `- The order matters: in another one ${risk === undefined ? 'a connection' : text(gapWords(risk))} is cut for a while, although it is allowed before and after:`,
          ...orderWords(order).map((words) => `  ${text(words)}`),
          ...(gap === undefined
            ? []
            : [
                `  Even so ${text(gapWords(gap))} is cut until the last of them is there; an allow-all policy on these pods, applied first and deleted last, avoids it.`,
              ]),
        ]),
    ...(closesSomething(report) ? [`- ${text(establishedWords(established, profile))}`] : []),
  ];
}

function unseen(report: DiffReport): string[] {
  return unseenGroups(report)
    .slice(0, 20)
    .map(({ words, first }) => `- ${text(words)} (\`${code(printPlace(peerOrigin(first)))}\`)`);
}

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

/** Names are strangers' data: what Markdown or HTML would obey is written as an entity. A mention would call somebody. */
function text(words: string): string {
  return harmless(words).replace(/[\\`*_[\]|<>&@#~]/g, (found) => `&#${found.charCodeAt(0)};`);
}

function code(words: string): string {
  return harmless(words).replaceAll('`', '').replaceAll('|', '\\|');
}
