// `why` for a terminal: scan it in three seconds, act on it in ten. The layout is product contract.

import type { DirectionExplanation } from '../explain/cause.ts';
import { furtherOf, printRuleRef, type RuleRef, ruleName } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionAnswer, LegAnswer, Outcome, WhyAnswer } from '../question/why.ts';
import { adviceSentence } from '../words/en/advice.ts';
import { exemptionSentence } from '../words/en/difference.ts';
import { noteSentence } from '../words/en/note.ts';
import { obstacleSentence } from '../words/en/obstacle.ts';
import { problemSentence } from '../words/en/problem.ts';
import { symptomSentences } from '../words/en/symptom.ts';
import { few } from './columns.ts';
import { fold, visibleWidth } from './fold.ts';
import type { Paint } from './paint.ts';
import { withShortPlaces } from './places.ts';
import { causeLines, missLines, shownMisses } from './why-reasons.ts';
import { HANG, inBrackets, type Pen, placeTail, row, type WhyTextOptions, wide } from './why-rows.ts';

type Answer = Extract<WhyAnswer, { kind: 'answer' }>;

/** One block for each destination port, the folder of the places at the end. Ends with a line break. */
export function whyText(answer: Answer, options: WhyTextOptions): string {
  const { text, folder } = withShortPlaces((place) =>
    answer.connections.map((connection, i) => block(answer, connection, { ...options, place }, options.fixes?.[i])),
  );
  const { paint } = options;
  const limits = answer.limits.flatMap((limit) =>
    fold(row('limit', paint.yellow(paint.plain(problemSentence(limit).text))), paint.width, HANG),
  );
  const blocks = [...text, ...(limits.length === 0 ? [] : [limits])].map((lines) => `${lines.join('\n')}\n`).join('\n');
  return folder === '' ? blocks : `${blocks}\n${row('files', options.paint.dim(`are in ${folder}`))}\n`;
}

function block(answer: Answer, connection: ConnectionAnswer, pen: Pen, fixes: ((pen: Pen) => readonly string[]) | undefined): string[] {
  const { paint } = pen;
  const lines: string[] = [];
  const service = serviceLine(connection);
  if (service !== undefined) lines.push(row('service', paint.plain(service)));
  lines.push(...dnsLines(connection, paint), ...obstacleLines(connection, pen));
  for (const note of connection.notes) lines.push(row('note', paint.dim(noteSentence(note))));
  const groups = groupLegs(connection.legs);
  const shared = sharedLines(groups, pen);
  lines.push(...shared);
  for (const group of groups) lines.push(...groupLines(group, groups.length > 1, shared, pen));
  if (connection.outcome !== 'allowed' || connection.causes.length > 0)
    lines.push(
      ...causeLines(
        connection,
        groups.flatMap(({ first }) => shownMisses(first, pen)),
        pen,
      ),
    );
  for (const advice of connection.advice) lines.push(row('or', paint.cyan(paint.plain(adviceSentence(advice)))));
  const folded = (rows: readonly string[]) => rows.flatMap((line) => fold(line, paint.width, hangOf(line, paint.width)));
  return [...headline(answer, connection, pen), '', ...folded(lines), ...(fixes?.(pen) ?? []), ...folded(symptomLines(connection, paint))];
}

/** What is broken goes on under the text: of a near miss, of a direction, of any other row. */
function hangOf(line: string, width: number): number {
  if (line.startsWith(' '.repeat(HANG + 2))) return HANG + 4;
  return /^ {2}(egress|ingress|dns) /.test(line) && width >= 100 ? HANG + wide('', '').length + 2 : HANG;
}

function obstacleLines({ obstacles }: ConnectionAnswer, { paint, place }: Pen): string[] {
  return obstacles.flatMap((obstacle) => {
    const { text, hint } = obstacleSentence(obstacle);
    const sign = obstacle.severity === 'broken' ? paint.red('✗') : obstacle.severity === 'open' ? paint.yellow('?') : paint.yellow('!');
    const label = obstacle.severity === 'warning' ? 'mind' : 'way';
    return [
      row(label, `${sign} ${paint.plain(text)}${placeTail(place(obstacle.origin, 'object'), paint)}`),
      ...(hint === undefined ? [] : [row('', paint.cyan(`→ ${hint}`))]),
    ];
  });
}

const FITS = { yes: 'fits', no: 'does not fit', maybe: 'may fit' } as const;

function symptomLines({ symptom: answer }: ConnectionAnswer, paint: Paint): string[] {
  if (answer === undefined) return [];
  const { symptom, fits } = answer;
  const { text, look } = symptomSentences(answer);
  const color = fits === 'yes' ? paint.green : fits === 'no' ? paint.red : paint.yellow;
  return [
    '',
    row('symptom', `${paint.bold(symptom)} ${color(FITS[fits])}: ${paint.plain(text)}`),
    ...look.map((item, i) => row(i === 0 ? 'look' : '', paint.plain(`- ${item}`))),
  ];
}

const SIGN: Readonly<Record<Outcome, string>> = { allowed: '✓', denied: '✗', partial: '±', broken: '✗', undecided: '?' };

function outcomeWord(outcome: Outcome, paint: Paint): string {
  const text = `${SIGN[outcome]} ${outcome}`;
  return outcome === 'allowed' ? paint.green(text) : outcome === 'denied' || outcome === 'broken' ? paint.red(text) : paint.yellow(text);
}

function unpolicedWords(causes: ConnectionAnswer['causes'], paint: Paint): string {
  const found = causes.find(({ code, facts }) => code === 'pod-not-policed' && facts.passes === 'true');
  return found === undefined ? '' : `   ${paint.red(`but this CNI does not police ${found.facts.pod}, so it passes`)}`;
}

function headline({ from }: Answer, { route, outcome, dns, causes }: ConnectionAnswer, { paint, semantics }: Pen): string[] {
  const what = `${from.text} → ${route.to} (${route.protocol})`;
  const departing = causes.find(({ code }) => code === 'enforcer-departs');
  const really = departing?.facts.enforced === 'open' ? 'lets it through' : 'blocks it';
  const but =
    outcome === 'allowed' && dns?.outcome === 'denied'
      ? `   ${paint.red('but not by name: DNS is denied')}`
      : departing === undefined
        ? unpolicedWords(causes, paint)
        : `   ${paint.red(`but kube-router ${really} (${departing.facts.departure})`)}`;
  const head = `${outcomeWord(outcome, paint)}   ${paint.bold(what)}${but}`;
  const cni = paint.dim(profileWords(semantics, outcome));
  const line = `${head}   ${cni}`;
  const hang = outcome.length + 5;
  if (visibleWidth(line) <= paint.width) return [line];
  return [head, `${' '.repeat(hang)}${cni}`].flatMap((each) => fold(each, paint.width, hang));
}

/** What a denied client sees depends on the CNI, so the headline says which one was asked. */
function profileWords(semantics: Semantics, outcome: Outcome): string {
  const name = `cni: ${semantics.name === 'kubernetes' ? 'any' : semantics.name}`;
  if (outcome !== 'denied') return name;
  if (semantics.denyResponse === 'drop') return `${name} (silent drop: the client sees a timeout)`;
  if (semantics.denyResponse === 'reject') return `${name} (rejects: the client sees "connection refused")`;
  return `${name} (most drop silently: a timeout; kube-router and k3s refuse)`;
}

function serviceLine({ route }: ConnectionAnswer): string | undefined {
  const { service } = route;
  if (service === undefined) return undefined;
  const asked = `${service.service.ref}${service.port === undefined ? '' : `:${service.port}`}`;
  if (service.servicePort === undefined) return `${asked} → no such port`;
  // Without a selector there are addresses behind it, which need not be pods: the API server's are not.
  const [one, many] = service.service.selector === undefined ? ['address', 'addresses'] : ['pod', 'pods'];
  const found = service.total === 1 ? `1 ${one}` : `${service.total} ${many}`;
  const ready = service.ready === service.total ? 'ready' : `${service.ready} ready`;
  const none = service.unknownAddresses === undefined ? `no ${one}` : 'its addresses are not in the input';
  return `${asked} → targetPort ${service.servicePort.targetPort} → ${service.total === 0 ? none : `${found}, ${ready}`}`;
}

function dnsLines({ dns }: ConnectionAnswer, paint: Paint): string[] {
  if (dns === undefined || (!dns.asked && dns.outcome === 'allowed')) return [];
  const who = `${dns.resolver}${dns.assumed ? ' (assumed: not in the input)' : ''}`;
  const line = (color: Paint['red'], sign: string, word: string, text: string) => [
    row('dns', `${color(wide(sign, word))} ${paint.plain(text)}`),
  ];
  switch (dns.outcome) {
    case 'allowed':
      return line(paint.green, '✓', 'allowed', `${who} can be asked`);
    case 'partial':
      return line(paint.yellow, '±', 'partial', `${who}: ${dns.udpOnly ? 'UDP only, so long answers fail' : 'not all of it can be asked'}`);
    case 'undecided':
      return line(paint.yellow, '?', 'undecided', `${who}: not certain whether it can be asked`);
    case 'broken':
      return line(paint.red, '✗', 'broken', `${who}: nobody answers`);
    case 'denied': {
      const effect = dns.stops ? 'the connection is never tried' : 'by name this fails before it is tried';
      return line(paint.red, '✗', 'denied', `${dns.source} may not ask ${who}; ${effect}`);
    }
  }
}

interface Group {
  readonly legs: readonly LegAnswer[];
  readonly first: LegAnswer;
}

/** Legs that fare alike for the same reasons are told once. */
function groupLegs(legs: readonly LegAnswer[]): Group[] {
  const groups = new Map<string, LegAnswer[]>();
  for (const leg of legs) {
    const key = [
      leg.leg.part,
      caseOf(leg.leg),
      leg.outcome,
      leg.leg.port,
      reasonKey(leg.explanation.egress),
      reasonKey(leg.explanation.ingress),
      ...leg.explanation.causes.map((cause) => cause.code),
    ].join('|');
    groups.set(key, [...(groups.get(key) ?? []), leg]);
  }
  return [...groups.values()].map((group) => ({ legs: group, first: group[0] as LegAnswer }));
}

function reasonKey({ verdict }: DirectionExplanation): string {
  const names =
    verdict.outcome === 'allowed'
      ? verdict.rules.map((ref) => `${ref.policy.ref}${ref.rule.index}`)
      : verdict.outcome === 'denied'
        ? verdict.policies.map((policy) => policy.ref)
        : [];
  return `${verdict.outcome} ${names.join()}`;
}

/** What is the same for every group of pods is said before them. */
function sharedLines(groups: readonly Group[], pen: Pen): string[] {
  const [first, ...others] = groups;
  if (first === undefined || others.length === 0) return [];
  const linesOf = ({ first: leg }: Group) => [
    directionLine(leg.explanation.egress, leg, pen),
    directionLine(leg.explanation.ingress, leg, pen),
  ];
  return linesOf(first).filter((line) => others.every((group) => linesOf(group).includes(line)));
}

function groupLines({ legs, first }: Group, several: boolean, shared: readonly string[], pen: Pen): string[] {
  const { paint } = pen;
  const lines: string[] = [];
  if (several) {
    const who = (pick: (leg: LegAnswer) => readonly string[]) => few([...new Set(legs.flatMap(pick))], 3);
    const entry = first.leg.part !== 'entry' ? '' : first.leg.destination.kind === 'node' ? 'to the node: ' : 'client to controller: ';
    const kind = caseOf(first.leg);
    lines.push(
      '',
      row(
        SIGN[first.outcome],
        paint.bold(`${entry}${who((leg) => leg.leg.sources)} → ${who((leg) => leg.leg.destinations)}:${first.leg.port}${kind}`),
      ),
    );
  }
  const { egress, ingress } = first.explanation;
  lines.push(...[directionLine(egress, first, pen), directionLine(ingress, first, pen)].filter((line) => !shared.includes(line)));
  for (const miss of shownMisses(first, pen)) lines.push('', ...missLines(miss, pen));
  return lines;
}

/** ` over IPv6 on the same node`: what the leg is a case of; '' where it is the whole. */
function caseOf({ family, shares, sourceAddress }: LegAnswer['leg']): string {
  const node = shares === undefined ? '' : shares === 'same' ? ' on the same node' : ' on different nodes';
  const by = sourceAddress === undefined ? '' : sourceAddress === 'tunnel' ? ' through the tunnel' : ' by the node’s own address';
  return `${family === undefined ? '' : ` over IPv${family}`}${node}${by}`;
}

/** What is checked after the connection: only where every rule that lets it in does so. */
function furtherWords(rules: readonly RuleRef[]): string {
  const further = furtherOf(rules);
  if (further === undefined) return '';
  return further === 'requests'
    ? '; requests are checked further, and one that no rule means is refused (HTTP 403, DNS REFUSED)'
    : '; if both ends prove who they are';
}

function directionLine({ direction, verdict }: DirectionExplanation, { leg }: LegAnswer, { paint, place }: Pen): string {
  const who = direction === 'egress' ? leg.sourceRef : leg.destinationRef;
  switch (verdict.outcome) {
    case 'allowed': {
      const rules = verdict.rules.map((ref) => `${ref.policy.name} ${ruleName(ref)}${inBrackets(place(ref.rule.origin, 'path'))}`);
      return row(direction, `${paint.green(wide('✓', 'allowed'))} ${paint.plain(`by ${few(rules, 4)}${furtherWords(verdict.rules)}`)}`);
    }
    case 'not-isolated': {
      const what = direction === 'egress' ? `no policy limits what ${who} may send` : `no policy limits who may reach ${who}`;
      return row(direction, `${paint.green(wide('✓', 'not isolated'))} ${paint.plain(what)}`);
    }
    case 'exempt':
      return row(direction, `${paint.green(wide('✓', 'exempt'))} ${paint.plain(exemptionSentence(verdict.because))}`);
    case 'denied': {
      if (verdict.rule !== undefined) {
        const { policy, rule } = verdict.rule;
        const by = `by ${policy.kind} ${printRuleRef(verdict.rule)}${inBrackets(place(rule.origin, 'path'))}`;
        return row(
          direction,
          `${paint.red(wide('✗', 'denied'))} ${paint.plain(`${by}: ${TIER_WORDS[policy.tier] ?? 'a rule that denies'}`)}`,
        );
      }
      const policies = verdict.policies.map((policy) => `${policy.name}${inBrackets(place(policy.origin, 'path'))}`);
      const why = direction === 'egress' ? 'no rule lets it out to this peer' : 'no rule lets this peer in';
      return row(direction, `${paint.red(wide('✗', 'denied'))} ${paint.plain(`isolated by ${andList(policies)}; ${why}`)}`);
    }
    case 'partial': // never of a leg: each family has its own
      return row(direction, paint.yellow(wide('±', 'partial')));
    case 'undecided':
      return row(direction, `${paint.yellow(wide('?', 'undecided'))} ${paint.plain('the input or the CNI leaves it open, see below')}`);
  }
}

const TIER_WORDS: Readonly<Record<string, string>> = {
  admin: 'the Admin tier is asked before NetworkPolicies',
  baseline: 'the Baseline tier, where no NetworkPolicy isolates the pod',
};

function andList(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  if (items.length > 4) return few(items, 4);
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
