// A path as a figure: two cards with the policies of each end, the gate between them, causes and fixes below. No layout and no colours:
// why-svg.ts draws it.
import type { Direction, Outcome } from '../answer/documents/common.ts';
import type {
  ConnectionDocument,
  ExplainedDirection,
  ExplanationDocument,
  NearestRule,
  PodsDocument,
} from '../answer/documents/explanation.ts';
import { exemptionSentence } from '../words/en/difference.ts';
import { BELOW_LABELS, END_HEADINGS, GATE_WORDS, ITEM_WORDS, moreGroups, podCount, SIDE_CAPTIONS } from '../words/en/figure.ts';
import { effectWords } from '../words/en/fixes.ts';
import { caseWords, dnsWords, FITS, filesWords, OUTCOMES, profileWords, routeRuleWords, serviceWords } from '../words/en/why-text.ts';
import { effectLists, fixTitle } from './fix-lines.ts';
import { type PrintPlace, withShortPlaces } from './places.ts';
import { butWords, groupsOf, OUTCOME_SIGN, type PodsGroup, serviceFacts, wanted } from './why-parts.ts';

/** What something says of the connection; each is drawn with its sign, so that colour never says it alone. */
export type Tone = 'pass' | 'stop' | 'near' | 'open' | 'plain';

export const SIGNS: Readonly<Record<Tone, string>> = { pass: '✓', stop: '✗', near: '≈', open: '?', plain: '' };

/** A line of small text with its sign: `✗ port 80/TCP`, and behind it what differs. */
export interface FigureCheck {
  readonly tone: Tone;
  readonly text: string;
  readonly differs?: string;
}

/** A policy, a rule, or what takes their place. */
export interface FigureItem {
  readonly tone: Tone;
  readonly title: string;
  readonly text?: string;
  readonly checks: readonly FigureCheck[];
  /** `policies.yaml:19`; '' where it is not known. */
  readonly at: string;
}

export interface FigureCard {
  /** `Namespace` */
  readonly heading: string;
  /** `payments`; '' for an end outside. */
  readonly place: string;
  /** `api-server` */
  readonly name: string;
  /** `3 pods`; '' for one. */
  readonly count: string;
  readonly caption: string;
  readonly items: readonly FigureItem[];
}

/** Where the connection ends, or that it does not. */
export interface Gate {
  readonly tone: Tone;
  readonly text: string;
  readonly stopsAt: 'source' | 'destination' | 'between' | 'nowhere';
}

export interface PathFigure {
  readonly tone: Tone;
  /** Of these pods only, where groups of pods differ: `over IPv6`; '' where they do not. */
  readonly title: string;
  readonly from: FigureCard;
  readonly to: FigureCard;
  /** Between the cards: `80/TCP`, `dropped at the source`, then what is on the way. */
  readonly port: string;
  readonly gate: Gate;
  readonly between: readonly FigureCheck[];
}

/** A line below the cards: `Cause  label-differs  …`. */
export interface FigureLine {
  readonly label: string;
  readonly head: string;
  readonly text: string;
  readonly at: string;
}

/** One destination port. */
export interface ConnectionFigure {
  readonly tone: Tone;
  /** `✗ denied` */
  readonly outcome: string;
  /** `web/frontend → payments/svc/api-server:80 (TCP)` */
  readonly title: string;
  /** `but not by name: DNS is denied`; '' for nothing. */
  readonly but: string;
  /** `cni: any (most drop silently …)` */
  readonly profile: string;
  readonly paths: readonly PathFigure[];
  readonly below: readonly FigureLine[];
}

/** Groups of pods, items of a card and lines below that a picture has room for. */
const MOST_PATHS = 4;
const MOST_ITEMS = 4;
const MOST_FIXES = 3;

const OUTCOME_TONE: Readonly<Record<Outcome, Tone>> = {
  allowed: 'pass',
  denied: 'stop',
  broken: 'stop',
  partial: 'open',
  undecided: 'open',
};

type DenyResponse = ExplanationDocument['denyResponse'];

/** What every path of a document is drawn with. */
interface Pen {
  readonly print: PrintPlace;
  readonly denyResponse: DenyResponse;
}

/** A figure for each destination port; places without the folder that all of them share, which the last one names below. */
export function whyFigures(document: ExplanationDocument): readonly ConnectionFigure[] {
  const { text: figures, folder } = withShortPlaces((place) =>
    document.connections.map((connection) => connectionFigure(document, connection, place)),
  );
  const last = [
    ...(document.limits ?? []).map(({ text }) => lineBelow(BELOW_LABELS.limit, text)),
    ...(folder === '' ? [] : [lineBelow(BELOW_LABELS.files, filesWords(folder))]),
  ];
  return figures.map((figure, i) => (i === figures.length - 1 ? { ...figure, below: [...figure.below, ...last] } : figure));
}

function connectionFigure(
  { from, to, profile, denyResponse }: ExplanationDocument,
  connection: ConnectionDocument,
  print: PrintPlace,
): ConnectionFigure {
  const { asked = { from, to }, protocol, outcome } = connection;
  const groups = groupsOf(connection);
  return {
    tone: OUTCOME_TONE[outcome],
    outcome: `${OUTCOME_SIGN[outcome]} ${OUTCOMES[outcome]}`,
    title: `${asked.from} → ${asked.to} (${protocol})`,
    but: butWords(connection),
    profile: profileWords(profile, outcome === 'denied', denyResponse),
    paths:
      groups.length === 0
        ? [pathWithoutPods(asked, connection)]
        : groups.slice(0, MOST_PATHS).map((group) => podsPath(group, connection, { print, denyResponse }, groups.length > 1)),
    below: linesBelow(connection, print, Math.max(0, groups.length - MOST_PATHS)),
  };
}

function podsPath({ members, first }: PodsGroup, connection: ConnectionDocument, pen: Pen, isOneOfMany: boolean): PathFigure {
  const { port, outcome, egress, ingress } = first;
  const ends = (pick: (pods: PodsDocument) => readonly string[]) => [...new Set(members.flatMap(pick))];
  const dns = dnsItem(connection);
  return {
    tone: OUTCOME_TONE[outcome],
    title: isOneOfMany ? caseWords(first).trim() : '',
    from: card(
      ends(({ sources }) => sources),
      SIDE_CAPTIONS.egress,
      [...dns, ...sideItems('egress', egress, pen.print)],
    ),
    to: card(
      ends(({ destinations }) => destinations),
      SIDE_CAPTIONS.ingress,
      sideItems('ingress', ingress, pen.print),
    ),
    port: `${port}/${connection.protocol}`,
    gate: gateOf(first, connection, pen.denyResponse),
    between: onTheWay(connection),
  };
}

/** Where the path ends before any pod is reached. */
function pathWithoutPods({ from, to }: { from: string; to: string }, connection: ConnectionDocument): PathFigure {
  const { outcome, port = '', protocol } = connection;
  return {
    tone: OUTCOME_TONE[outcome],
    title: '',
    from: card([from], '', dnsItem(connection)),
    to: card([to], '', []),
    port: port === '' ? protocol : `${port}/${protocol}`,
    gate: { tone: OUTCOME_TONE[outcome], text: outcome === 'undecided' ? GATE_WORDS.undecided : GATE_WORDS.broken, stopsAt: 'between' },
    between: onTheWay(connection),
  };
}

function card(ends: readonly string[], caption: string, items: readonly FigureItem[]): FigureCard {
  const [first = ''] = ends;
  const slash = first.indexOf('/');
  const [place, name] = slash < 0 ? ['', first] : [first.slice(0, slash), first.slice(slash + 1)];
  const isNode = place === 'node';
  const isOutside = !/^[a-z0-9][-a-z0-9]*$/.test(place);
  const shown = items.slice(0, MOST_ITEMS);
  const more = items.length - shown.length;
  return {
    heading: isNode ? END_HEADINGS.node : isOutside ? END_HEADINGS.outside : END_HEADINGS.namespace,
    place: isNode || isOutside ? '' : place,
    name: isOutside ? first : name,
    count: ends.length > 1 ? podCount(ends.length) : '',
    caption: shown.length === 0 ? '' : caption,
    items: more > 0 ? [...shown, { tone: 'plain', title: ITEM_WORDS.more(more), checks: [], at: '' }] : shown,
  };
}

/** The policies or rules that decided one direction, and the rule that came nearest. */
function sideItems(direction: Direction, answer: ExplainedDirection, print: PrintPlace): readonly FigureItem[] {
  const { by = [], nearest = [] } = answer;
  const near =
    answer.outcome === 'denied' || answer.outcome === 'undecided' ? nearest.slice(0, 1).map((rule) => nearestItem(rule, print)) : [];
  const item = (tone: Tone, title: string, text: string, at = ''): FigureItem => ({ tone, title, text, checks: [], at });
  switch (answer.outcome) {
    case 'allowed':
      return by.map(({ name, rule, at }) => item('pass', `${name} ${rule ?? ''}`.trim(), ITEM_WORDS.allows, print(at)));
    case 'not-isolated':
      return [item('pass', ITEM_WORDS.notIsolated(direction), '')];
    case 'exempt':
      return [item('plain', exemptionSentence(answer.because), '')];
    case 'undecided':
      return [item('open', ITEM_WORDS.undecided, ''), ...near];
    case 'denied': {
      const said = answer.rule === undefined ? ITEM_WORDS.isolates(direction) : ITEM_WORDS.denies;
      const policies = by.map(({ name, rule, at }) => item('stop', rule === undefined ? name : `${name} ${rule}`, said, print(at)));
      // The nearest rule always has a place on the card.
      const room = MOST_ITEMS - near.length;
      const more = policies.length - room;
      const shown = more > 0 ? [...policies.slice(0, room - 1), item('stop', ITEM_WORDS.more(more + 1), said)] : policies;
      return [...shown, ...near];
    }
  }
}

function nearestItem({ rule, title = rule, at, checks }: NearestRule, print: PrintPlace): FigureItem {
  return {
    tone: 'near',
    title: ITEM_WORDS.nearest(title),
    at: print(at, 'path'),
    checks: checks.map((check) => {
      const { part, field = part, fits, differences } = check;
      const [difference] = differences;
      const text = `${field} ${wanted(check)}`;
      return { tone: fits ? 'pass' : 'stop', text, ...(difference !== undefined && { differs: difference.text }) };
    }),
  };
}

function dnsItem({ dns }: ConnectionDocument): readonly FigureItem[] {
  if (dns === undefined || dns.outcome === 'allowed') return [];
  const tone: Tone = dns.outcome === 'denied' || dns.outcome === 'broken' ? 'stop' : 'open';
  return [{ tone, title: 'DNS', text: dnsWords(dns), checks: [], at: '' }];
}

/** The first gate that stops it, in the order a packet meets them. */
function gateOf({ outcome, egress, ingress }: PodsDocument, { dns, obstacles }: ConnectionDocument, denyResponse: DenyResponse): Gate {
  const has = (severity: ConnectionDocument['obstacles'][number]['severity']) => obstacles.some((each) => each.severity === severity);
  if (dns?.stops === true) return { tone: 'stop', text: GATE_WORDS.lookupDenied, stopsAt: 'source' };
  if (egress.outcome === 'denied') return { tone: 'stop', text: GATE_WORDS.denied('source', denyResponse), stopsAt: 'source' };
  if (has('broken')) return { tone: 'stop', text: GATE_WORDS.broken, stopsAt: 'between' };
  if (ingress.outcome === 'denied') return { tone: 'stop', text: GATE_WORDS.denied('destination', denyResponse), stopsAt: 'destination' };
  if (outcome !== 'allowed' || has('open')) return { tone: 'open', text: GATE_WORDS.undecided, stopsAt: 'between' };
  return { tone: 'pass', text: GATE_WORDS.passes, stopsAt: 'nowhere' };
}

/** What is met between the ends: the route, the Service, what is broken. */
function onTheWay({ rule, service, obstacles }: ConnectionDocument): readonly FigureCheck[] {
  return [
    ...(rule === undefined ? [] : [{ tone: 'plain' as const, text: routeRuleWords(rule) }]),
    ...(service === undefined ? [] : [{ tone: 'plain' as const, text: serviceWords(serviceFacts(service)) }]),
    ...obstacles.map(({ severity, text }) => ({ tone: severity === 'broken' ? ('stop' as const) : ('open' as const), text })),
  ];
}

function linesBelow(
  { causes, leading = [], fixes = [], advice = [], symptom, notes }: ConnectionDocument,
  print: PrintPlace,
  notDrawn: number,
): readonly FigureLine[] {
  const led = leading.flatMap((i) => causes[i] ?? []);
  return [
    ...led.map(({ code, text, hint, at }, i) => ({
      label: i === 0 ? BELOW_LABELS.cause : BELOW_LABELS.also,
      head: code,
      text: hint === undefined ? text : `${text} → ${hint}`,
      at: print(at, 'object'),
    })),
    ...fixes.slice(0, MOST_FIXES).map((fix) => {
      const { opens, closes } = effectLists(fix);
      return lineBelow(`${BELOW_LABELS.fix} ${fix.number}`, `${fixTitle(fix, print)}: ${effectWords(opens, closes, 2)}`);
    }),
    ...advice.map(({ text }) => lineBelow(BELOW_LABELS.or, text)),
    ...(symptom === undefined ? [] : [lineBelow(BELOW_LABELS.symptom, `${symptom.symptom} ${FITS[symptom.fits]}: ${symptom.text}`)]),
    ...notes.map(({ text }) => lineBelow('', text)),
    ...(notDrawn > 0 ? [lineBelow('', moreGroups(notDrawn))] : []),
  ];
}

function lineBelow(label: string, text: string): FigureLine {
  return { label, head: '', text, at: '' };
}
