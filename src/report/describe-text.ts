// A description for an application developer: whom it concerns, who may come in, where it may go, and the traps said aloud.
import type { Direction } from '../answer/documents/common.ts';
import type { DescribedObject, PeerDocument, RuleDocument, SideDocument } from '../answer/documents/description.ts';
import {
  ACTIONS,
  filesWords,
  LABELS,
  NONE,
  peerWords,
  SIDE,
  selectedWords,
  shutWords,
  standingWords,
  subjectWords,
  TITLES,
} from '../words/en/describe.ts';
import { shortName } from '../words/en/ends.ts';
import { columns, few } from './columns.ts';
import { fold } from './fold.ts';
import type { Paint } from './paint.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';

/** Ends with a line break. */
export function describeText(described: DescribedObject, paint: Paint): string {
  const { text, folder } = withShortPlaces((place) => [
    ...headLines(described, paint, place),
    '',
    ...sideLines('ingress', described, paint),
    '',
    ...sideLines('egress', described, paint),
    ...trapLines(described, paint, place),
  ]);
  const tail = folder === '' ? [] : ['', paint.dim(filesWords(folder))];
  return `${[...text, ...tail].join('\n')}\n`;
}

function headLines(described: DescribedObject, paint: Paint, place: PrintPlace): string[] {
  const {
    of,
    kind = of === 'pod' ? 'Pod' : 'NetworkPolicy',
    name,
    at,
    selector,
    selects,
    selectedPods = 0,
    namespace,
    standing,
  } = described;
  const title = `${paint.bold(`${kind} ${name}`)}${others(described)}  ${paint.dim(place(at, 'path'))}`.trimEnd();
  const row = (label: string, text: string) => fold(`  ${label.padEnd(10)}${paint.plain(text)}`, paint.width, 12);
  const names = namesIn(selects, namespace, 8);
  if (of === 'pod')
    return [
      title,
      '',
      ...row(LABELS.labels, selector || NONE.labels),
      ...row(LABELS.policies, selects.length === 0 ? NONE.policies : names),
    ];
  return [
    title,
    '',
    ...(standing === undefined ? [] : row(LABELS.tier, standingWords(standing.tier, standing.priority))),
    ...row(LABELS.selects, subjectWords(selector, namespace, described.namespaces ?? '')),
    ...row(LABELS.today, selects.length === 0 ? NONE.selected : selectedWords(selectedPods, names)),
  ];
}

/** The other pods of the workload of which the same is true. */
function others({ name, pods = [] }: DescribedObject): string {
  const more = pods.filter((pod) => pod !== name);
  return more.length === 0 ? '' : ` and ${few(more.map(shortName), 4)}`;
}

/** Short: without the kind, and without the namespace where that is the one spoken of. */
function nameIn(ref: string, namespace: string | undefined): string {
  const short = shortName(ref);
  return namespace !== undefined && short.startsWith(`${namespace}/`) ? short.slice(namespace.length + 1) : short;
}

function namesIn(refs: readonly string[], namespace: string | undefined, most: number): string {
  return few(
    refs.map((ref) => nameIn(ref, namespace)),
    most,
  );
}

function sideLines(direction: Direction, described: DescribedObject, paint: Paint): string[] {
  const side = described[direction];
  const label = `${direction.padEnd(8)}${paint.bold(TITLES[direction])}`;
  // What these policies do is told by their rules; whether that is all is not.
  const also = alsoWords(side);
  if (described.onNode === true) return [`${label}  ${paint.yellow(SIDE.onNode(direction))}`];
  if (also !== '' && side.rules.length === 0) {
    const own = side.isolated ? SIDE.admitsNothing(few(side.by, 4), side.by.length) : '';
    return fold(`${label}  ${paint.yellow(SIDE.notKnown(own, also))}`, paint.width, 8);
  }
  if (!side.isolated && side.rules.length === 0)
    return [`${label}  ${paint.yellow(described.of === 'policy' ? SIDE.notRestricted : SIDE.notIsolated(direction))}`];
  if (side.rules.length === 0) {
    const why = SIDE.isolatedBy(namesIn(side.by, described.namespace, 4));
    const nothing = described.of === 'policy' ? SIDE.nothingUnlessOthers : SIDE.nothing;
    return fold(`${label}  ${paint.red(nothing)}  ${paint.dim(why)}`, paint.width, 8);
  }
  return [
    ...(also === ''
      ? [`${label}  ${paint.dim(restWords(described, side))}`]
      : fold(`${label}  ${paint.yellow(SIDE.perhaps(also))}`, paint.width, 8)),
    ...columns(ruleRows(described, direction), paint.width - 2).map((row) => `  ${paint.plain(row)}`),
  ];
}

/** What becomes of everything that no rule below matches. */
function restWords({ of, traps }: DescribedObject, { isolated, rules }: SideDocument): string {
  if (of === 'policy' && traps.some(({ code }) => code === 'unreadable')) return SIDE.refused;
  if (!isOrdered(rules)) return SIDE.only(of === 'policy');
  const areAdded = rules.every(({ tier }) => tier === undefined);
  return SIDE.ordered(areAdded, isolated ? 'nothing' : of === 'policy' ? 'unsaid' : 'everything');
}

function isOrdered(rules: readonly RuleDocument[]): boolean {
  return rules.some(({ tier, action = 'allow' }) => tier !== undefined || action !== 'allow');
}

/** `ClusterNetworkPolicy open-moor decides too, and cannot be evaluated`; '' where nothing else decides. */
function alsoWords({ also = [] }: SideDocument): string {
  if (also.length === 0) return '';
  const names = few(
    also.map(({ kind, policy }) => `${kind} ${policy}`),
    3,
  );
  return SIDE.also(names, also.length);
}

function ruleRows(described: DescribedObject, direction: Direction): string[][] {
  const { of, namespace } = described;
  const { rules } = described[direction];
  const ruleName = ({ policy, rule }: RuleDocument) => (of === 'policy' ? rule : `${nameIn(policy, namespace)} ${rule}`);
  const does = ({ action = 'allow' }: RuleDocument) => (isOrdered(rules) ? [ACTIONS[action]] : []);
  return [
    [...(isOrdered(rules) ? [LABELS.does] : []), LABELS.peer[direction], LABELS.ports, LABELS.now, LABELS.rule],
    ...rules.flatMap((rule) =>
      rule.peers.map((peer) => [...does(rule), peerWords(peer, direction), portWords(rule), todayWords(peer, namespace), ruleName(rule)]),
    ),
  ];
}

function portWords({ ports }: RuleDocument): string {
  return ports.length === 0 ? NONE.ports : few(ports, 6);
}

function todayWords({ today }: PeerDocument, namespace: string | undefined): string {
  if (today === undefined) return '';
  return today.length === 0 ? NONE.today : namesIn(today, namespace, 3);
}

/** What is said twice is said once, with both places. */
function trapLines({ of, traps, ingress, egress }: DescribedObject, paint: Paint, place: PrintPlace): string[] {
  const places = new Map<string, Set<string>>();
  for (const { code, policy, text, at } of traps) {
    // "It lets nothing through" stands above already where no policy has a rule; where another one has, it is no trap for this pod.
    if (code === 'nothing-allowed' && (of === 'pod' || ingress.isolated !== egress.isolated)) continue;
    const words = code === 'nothing-allowed' && isShut(ingress) && isShut(egress) ? shutWords(policy) : text;
    places.set(words, (places.get(words) ?? new Set()).add(place(at, 'object')));
  }
  if (places.size === 0) return [];
  return [
    '',
    paint.bold(LABELS.notes),
    ...[...places].flatMap(([words, at]) =>
      fold(`  ${paint.yellow('!')} ${paint.plain(words)}  ${paint.dim(few([...at], 3))}`, paint.width, 4),
    ),
  ];
}

function isShut({ isolated, also = [], rules }: SideDocument): boolean {
  return isolated && also.length === 0 && rules.length === 0;
}
