// `why` for a terminal: scan it in three seconds, act on it in ten. The layout is product contract.

import type { Direction, Outcome, Place } from '../answer/documents/common.ts';
import type {
  ConnectionDocument,
  Decider,
  DnsDocument,
  ExplainedDirection,
  ExplanationDocument,
  PodsDocument,
  SymptomDocument,
} from '../answer/documents/explanation.ts';
import { exemptionSentence } from '../words/en/difference.ts';
import {
  andList,
  caseWords,
  DIRECTION,
  dnsWords,
  FITS,
  filesWords,
  LABELS,
  OUTCOMES,
  PARTS,
  profileWords,
  routeRuleWords,
  serviceWords,
} from '../words/en/why-text.ts';
import { few } from './columns.ts';
import { fixRows } from './fix-lines.ts';
import { fold, visibleWidth } from './fold.ts';
import type { Paint } from './paint.ts';
import { withShortPlaces } from './places.ts';
import { butWords, groupsOf, OUTCOME_SIGN, type PodsGroup, serviceFacts } from './why-parts.ts';
import { causeLines, missLines, shownMisses } from './why-reasons.ts';
import { HANG, inBrackets, type Pen, placeTail, row, type WhyTextOptions, wide } from './why-rows.ts';

/** One block for each destination port, the folder of the places at the end. Ends with a line break. */
export function whyText(document: ExplanationDocument, options: WhyTextOptions): string {
  const { text, folder } = withShortPlaces((place) =>
    document.connections.map((connection, i) => block(document, connection, { ...options, place }, options.commands?.[i])),
  );
  const { paint } = options;
  const limits = (document.limits ?? []).flatMap((each) => fold(row(LABELS.limit, paint.yellow(each.text)), paint.width, HANG));
  const blocks = [...text, ...(limits.length === 0 ? [] : [limits])].map((lines) => `${lines.join('\n')}\n`).join('\n');
  return folder === '' ? blocks : `${blocks}\n${row(LABELS.files, options.paint.dim(filesWords(folder)))}\n`;
}

function block(document: ExplanationDocument, connection: ConnectionDocument, pen: Pen, command: string | undefined): string[] {
  const { paint, place } = pen;
  const { rule, service, notes, advice = [], fixes = [], causes, outcome, symptom } = connection;
  const lines: string[] = [];
  if (rule !== undefined) lines.push(row(LABELS.rule, `${paint.plain(routeRuleWords(rule))}${placeTail(place(rule.at, 'object'), paint)}`));
  if (service !== undefined) lines.push(row(LABELS.service, paint.plain(serviceWords(serviceFacts(service)))));
  lines.push(...dnsLines(connection.dns, paint), ...obstacleLines(connection, pen));
  for (const note of notes) lines.push(row(LABELS.note, paint.dim(note.text)));
  const groups = groupsOf(connection);
  const shared = sharedLines(groups, pen);
  lines.push(...shared);
  for (const group of groups) lines.push(...groupLines(group, groups.length > 1, shared, pen));
  if (outcome !== 'allowed' || causes.length > 0) {
    const shown = groups.flatMap(({ first }) => shownMisses(first, pen));
    lines.push(...causeLines(connection, shown, pen));
  }
  for (const each of advice) lines.push(row(LABELS.advice, paint.cyan(each.text)));
  const folded = (rows: readonly string[]) => rows.flatMap((line) => fold(line, paint.width, hangOf(line, paint.width)));
  return [
    ...headline(document, connection, pen),
    '',
    ...folded(lines),
    ...(command === undefined ? [] : fixRows(fixes, paint, place, command)),
    ...folded(symptomLines(symptom, paint)),
  ];
}

/** What is broken goes on under the text: of a near miss, of a direction, of any other row. */
function hangOf(line: string, width: number): number {
  if (line.startsWith(' '.repeat(HANG + 2))) return HANG + 4;
  return /^ {2}(egress|ingress|dns) /.test(line) && width >= 100 ? HANG + wide('', '').length + 2 : HANG;
}

function obstacleLines({ obstacles }: ConnectionDocument, { paint, place }: Pen): string[] {
  return obstacles.flatMap(({ severity, text, hint, at }) => {
    const sign = severity === 'broken' ? paint.red('✗') : severity === 'open' ? paint.yellow('?') : paint.yellow('!');
    const label = severity === 'warning' ? LABELS.warning : LABELS.path;
    return [
      row(label, `${sign} ${paint.plain(text)}${placeTail(place(at, 'object'), paint)}`),
      ...(hint === undefined ? [] : [row('', paint.cyan(`→ ${hint}`))]),
    ];
  });
}

function symptomLines(answer: SymptomDocument | undefined, paint: Paint): string[] {
  if (answer === undefined) return [];
  const { symptom, fits, text, look } = answer;
  const color = fits === 'yes' ? paint.green : fits === 'no' ? paint.red : paint.yellow;
  return [
    '',
    row(LABELS.symptom, `${paint.bold(symptom)} ${color(FITS[fits])}: ${paint.plain(text)}`),
    ...look.map((item, i) => row(i === 0 ? LABELS.look : '', paint.plain(`- ${item}`))),
  ];
}

function colorOf(outcome: Outcome, paint: Paint): Paint['red'] {
  return outcome === 'allowed' ? paint.green : outcome === 'denied' || outcome === 'broken' ? paint.red : paint.yellow;
}

function outcomeWord(outcome: Outcome, paint: Paint): string {
  return colorOf(outcome, paint)(`${OUTCOME_SIGN[outcome]} ${OUTCOMES[outcome]}`);
}

function headline({ profile, denyResponse, from }: ExplanationDocument, connection: ConnectionDocument, { paint }: Pen): string[] {
  const { outcome, protocol, asked = { from, to: '' } } = connection;
  const but = butWords(connection);
  const head = `${outcomeWord(outcome, paint)}   ${paint.bold(`${asked.from} → ${asked.to} (${protocol})`)}${but === '' ? '' : `   ${paint.red(but)}`}`;
  const cni = paint.dim(profileWords(profile, outcome === 'denied', denyResponse));
  const line = `${head}   ${cni}`;
  const hang = outcome.length + 5;
  if (visibleWidth(line) <= paint.width) return [line];
  return [head, `${' '.repeat(hang)}${cni}`].flatMap((each) => fold(each, paint.width, hang));
}

function dnsLines(dns: DnsDocument | undefined, paint: Paint): string[] {
  if (dns === undefined || (!dns.asked && dns.outcome === 'allowed')) return [];
  const { outcome } = dns;
  return [row(LABELS.dns, `${colorOf(outcome, paint)(wide(OUTCOME_SIGN[outcome], OUTCOMES[outcome]))} ${paint.plain(dnsWords(dns))}`)];
}

/** What is the same for every group of pods is said before them. */
function sharedLines(groups: readonly PodsGroup[], pen: Pen): string[] {
  const [first, ...others] = groups;
  if (first === undefined || others.length === 0) return [];
  const linesOf = (group: PodsGroup) => [directionLine('egress', group.first, pen), directionLine('ingress', group.first, pen)];
  return linesOf(first).filter((line) => others.every((group) => linesOf(group).includes(line)));
}

function groupLines({ members, first }: PodsGroup, several: boolean, shared: readonly string[], pen: Pen): string[] {
  const { paint } = pen;
  const lines: string[] = [];
  if (several) {
    const who = (pick: (pods: PodsDocument) => readonly string[]) => few([...new Set(members.flatMap(pick))], 3);
    const entry = first.part !== 'entry' ? '' : first.toNode === true ? PARTS.toNode : PARTS.toController;
    const ends = `${who(({ sources }) => sources)} → ${who(({ destinations }) => destinations)}:${first.port}`;
    lines.push('', row(OUTCOME_SIGN[first.outcome], paint.bold(`${entry}${ends}${caseWords(first)}`)));
  }
  lines.push(...[directionLine('egress', first, pen), directionLine('ingress', first, pen)].filter((line) => !shared.includes(line)));
  for (const miss of shownMisses(first, pen)) lines.push('', ...missLines(miss, pen));
  return lines;
}

const DIRECTION_SIGN: Readonly<Record<ExplainedDirection['outcome'], string>> = {
  allowed: '✓',
  'not-isolated': '✓',
  exempt: '✓',
  denied: '✗',
  undecided: '?',
};

function directionLine(direction: Direction, pods: PodsDocument, { paint, place }: Pen): string {
  const answer = pods[direction];
  const { outcome } = answer;
  const color = outcome === 'denied' ? paint.red : outcome === 'undecided' ? paint.yellow : paint.green;
  const text = directionWords(direction, pods, (at) => inBrackets(place(at, 'path')));
  return row(direction, `${color(wide(DIRECTION_SIGN[outcome], OUTCOMES[outcome]))} ${paint.plain(text)}`);
}

/** `isolated by default-deny-all (deny.yaml:2); no rule allows traffic from this peer`. */
function directionWords(direction: Direction, pods: PodsDocument, place: (at: Place | undefined) => string): string {
  const { named = { from: pods.sources[0] ?? '', to: pods.destinations[0] ?? '' } } = pods;
  const answer = pods[direction];
  const { by = [] } = answer;
  switch (answer.outcome) {
    case 'allowed': {
      const said = [...by.map(({ name, rule, at }) => `${name} ${rule}${place(at)}`), ...answer.rules.slice(by.length)];
      return DIRECTION.allowedBy(few(said, 4), answer.further);
    }
    case 'not-isolated':
      return DIRECTION.notIsolated(direction, direction === 'egress' ? named.from : named.to);
    case 'exempt':
      return exemptionSentence(answer.because);
    case 'denied': {
      const [first] = by;
      if (answer.rule !== undefined && first !== undefined) return DIRECTION.deniedByRule(ruleWords(first, answer.rule, place), first.tier);
      const said = [...by.map(({ name, at }) => `${name}${place(at)}`), ...answer.policies.slice(by.length)];
      return DIRECTION.isolated(direction, said.length > 4 ? few(said, 4) : andList(said));
    }
    case 'undecided':
      return DIRECTION.undecided;
  }
}

/** `ClusterNetworkPolicy isolate ingress[1] (admin.yaml:7)`. */
function ruleWords({ kind, at }: Decider, rule: string, place: (at: Place | undefined) => string): string {
  return `${kind} ${rule}${place(at)}`;
}
