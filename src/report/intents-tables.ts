// `test` for an auditor: the matrix of zones, then the other intents, as Markdown or CSV.
import type { IntentDocument, IntentsReportDocument } from '../answer/documents/intents-report.ts';
import { cellWords, ZONE_TITLES } from '../words/en/zones.ts';
import { csvField, markdownText } from './map-formats.ts';

/** Ends with a line break. */
export function intentsMarkdown(report: IntentsReportDocument): string {
  return tablesOf(report)
    .map(([head = [], ...rows]) =>
      [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(markdownText).join(' | ')} |\n`).join(''),
    )
    .join('\n');
}

/** RFC 4180; an empty line between the two tables. */
export function intentsCsv(report: IntentsReportDocument): string {
  return tablesOf(report)
    .map((rows) => rows.map((row) => `${row.map(csvField).join(',')}\r\n`).join(''))
    .join('\r\n');
}

type Table = readonly (readonly string[])[];

function tablesOf({ intents }: IntentsReportDocument): readonly Table[] {
  const pairs = intents.filter(({ zones }) => zones !== undefined);
  const others = intents.filter(({ zones }) => zones === undefined);
  return [...(pairs.length === 0 ? [] : [matrix(pairs)]), ...(others.length === 0 ? [] : [list(others)])];
}

function matrix(pairs: readonly IntentDocument[]): Table {
  const names = [...new Set(pairs.flatMap(({ zones }) => (zones === undefined ? [] : [zones.from, zones.to])))];
  const cells = new Map(pairs.map((pair) => [`${pair.zones?.from} ${pair.zones?.to}`, words(pair)]));
  return [
    [ZONE_TITLES.corner, ...names],
    ...names.map((from) => [from, ...names.map((to) => cells.get(`${from} ${to}`) ?? ZONE_TITLES.itself)]),
  ];
}

function list(intents: readonly IntentDocument[]): Table {
  return [
    [ZONE_TITLES.intent, ZONE_TITLES.place, ZONE_TITLES.expected, ZONE_TITLES.result],
    ...intents.map(({ name, at, expect, holds, checks }) => [
      name,
      `${at.file}:${at.line}`,
      String(expect),
      holds ? ZONE_TITLES.holds : (checks.find((check) => !check.holds)?.text ?? ''),
    ]),
  ];
}

function words({ zones, holds, checks: [check] }: IntentDocument): string {
  const { counterExample, undecidedBecause = [] } = check?.promise ?? {};
  const reason = counterExample === undefined ? undecidedBecause.map(({ text }) => text).join('; ') : counterExample.text;
  const text = reason === '' ? (check?.text ?? '') : reason;
  return cellWords({ allowed: zones?.allowed ?? [], holds, isUndecided: check?.code === 'undecided', text });
}
