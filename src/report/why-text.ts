// `why` for a terminal: scan it in three seconds, act on it in ten. The layout is product contract.
import type { Cause, DirectionExplanation } from '../explain/cause.ts';
import type { NearMiss } from '../explain/near-miss.ts';
import { noteSentence, obstacleSentence } from '../explain/obstacle-sentence.ts';
import { printPlace } from '../explain/place.ts';
import { causeSentence, differenceSentence, exemptionSentence } from '../explain/sentence.ts';
import type { Policy } from '../model/policy.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionAnswer, LegAnswer, Outcome, WhyAnswer } from '../question/why.ts';
import { few } from './columns.ts';
import type { Paint } from './paint.ts';

export interface WhyTextOptions {
  readonly paint: Paint;
  readonly semantics: Semantics;
  /** How many near misses are shown: 1, or all with --verbose. */
  readonly mostMisses: number;
  /** Ready lines about fixes, one list for each connection; empty where there are none. */
  readonly fixes?: readonly (readonly string[])[];
}

type Answer = Extract<WhyAnswer, { kind: 'answer' }>;

/** One block for each destination port. Ends with a line break. */
export function whyText(answer: Answer, options: WhyTextOptions): string {
  return answer.connections.map((connection, i) => block(answer, connection, options, options.fixes?.[i] ?? [])).join('\n');
}

function block(answer: Answer, connection: ConnectionAnswer, options: WhyTextOptions, fixes: readonly string[]): string {
  const { paint } = options;
  const lines = [headline(answer, connection, options), ''];
  const service = serviceLine(connection);
  if (service !== undefined) lines.push(row('service', paint.plain(service)));
  for (const line of dnsLines(connection, paint)) lines.push(line);
  for (const obstacle of connection.obstacles) {
    const { text, hint } = obstacleSentence(obstacle);
    const sign = obstacle.severity === 'broken' ? paint.red('✗') : obstacle.severity === 'open' ? paint.yellow('?') : paint.yellow('!');
    lines.push(
      row(obstacle.severity === 'warning' ? 'mind' : 'way', `${sign} ${paint.plain(text)}${placeTail(printPlace(obstacle.origin), paint)}`),
    );
    if (hint !== undefined) lines.push(row('', paint.dim(hint)));
  }
  const groups = groupLegs(connection.legs);
  for (const group of groups) lines.push(...groupLines(group, groups.length > 1, options));
  for (const note of connection.notes) lines.push(row('note', paint.dim(noteSentence(note))));
  if (connection.outcome !== 'allowed' || connection.causes.length > 0) lines.push(...causeLines(connection, paint));
  for (const fix of fixes) lines.push(fix);
  if (connection.symptom !== undefined) {
    const { symptom, fits, text, look } = connection.symptom;
    lines.push(
      '',
      row(
        'symptom',
        `${paint.bold(symptom)} ${fits === 'yes' ? paint.green('fits') : fits === 'no' ? paint.red('does not fit') : paint.yellow('may fit')}: ${paint.plain(text)}`,
      ),
    );
    for (const item of look) lines.push(row('', paint.plain(`look: ${item}`)));
  }
  return `${lines.join('\n')}\n`;
}

const SIGN: Readonly<Record<Outcome, string>> = { allowed: '✓', denied: '✗', partial: '±', broken: '✗', undecided: '?' };

function outcomeWord(outcome: Outcome, paint: Paint): string {
  const text = `${SIGN[outcome]} ${outcome}`;
  return outcome === 'allowed' ? paint.green(text) : outcome === 'denied' || outcome === 'broken' ? paint.red(text) : paint.yellow(text);
}

function headline({ from }: Answer, { route, outcome, dns }: ConnectionAnswer, { paint, semantics }: WhyTextOptions): string {
  const what = `${from.text} → ${route.to} (${route.protocol})`;
  const but = outcome === 'allowed' && dns?.outcome === 'denied' ? `   ${paint.red('but not by name: DNS is denied')}` : '';
  return `${outcomeWord(outcome, paint)}   ${paint.bold(what)}${but}   ${paint.dim(profileWords(semantics, outcome))}`;
}

/** What a denied client sees depends on the CNI, so the headline says which one was asked. */
function profileWords(semantics: Semantics, outcome: Outcome): string {
  const name = `cni: ${semantics.name === 'kubernetes' ? 'any' : semantics.name}`;
  if (outcome !== 'denied') return name;
  if (semantics.denyResponse === 'drop') return `${name} (silent drop: the client sees a timeout)`;
  if (semantics.denyResponse === 'reject') return `${name} (rejects: the client sees "connection refused")`;
  return `${name} (most drop silently: a timeout; kube-router and k3s refuse)`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(10)} ${text}`.trimEnd();
}

function placeTail(place: string, paint: Paint): string {
  return place === '' ? '' : `   ${paint.dim(place)}`;
}

function serviceLine({ route }: ConnectionAnswer): string | undefined {
  const { service } = route;
  if (service === undefined) return undefined;
  const pods = `${service.total} ${service.total === 1 ? 'pod' : 'pods'}`;
  const ready = service.ready === service.total ? 'ready' : `${service.ready} ready`;
  const target = service.servicePort === undefined ? '' : ` → targetPort ${service.servicePort.targetPort}`;
  return `${service.service.ref}${service.port === undefined ? '' : `:${service.port}`}${target} → ${pods}, ${ready}`;
}

function dnsLines({ dns }: ConnectionAnswer, paint: Paint): string[] {
  if (dns === undefined || (!dns.asked && dns.outcome === 'allowed')) return [];
  const who = `${dns.resolver}${dns.assumed ? ' (assumed: not in the input)' : ''}`;
  switch (dns.outcome) {
    case 'allowed':
      return [row('dns', `${paint.green('✓')} ${paint.plain(`${who} can be asked`)}`)];
    case 'partial':
      return [
        row(
          'dns',
          `${paint.yellow('±')} ${paint.plain(`${who}: ${dns.udpOnly ? 'UDP only, so long answers fail' : 'only now and then'}`)}`,
        ),
      ];
    case 'undecided':
      return [row('dns', `${paint.yellow('?')} ${paint.plain(`${who}: not certain whether it can be asked`)}`)];
    case 'broken':
      return [row('dns', `${paint.red('✗ broken')}  ${paint.plain(`${who}: nobody answers`)}`)];
    case 'denied': {
      const effect = dns.stops ? 'the name never resolves, and the connection is never tried' : 'by name this fails before it is tried';
      return [row('dns', `${paint.red('✗ denied')}         ${paint.plain(`${dns.source} may not ask ${who}: ${effect}`)}`)];
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

function groupLines({ legs, first }: Group, several: boolean, options: WhyTextOptions): string[] {
  const { paint } = options;
  const lines: string[] = [];
  if (several) {
    const who = (pick: (leg: LegAnswer) => readonly string[]) => few([...new Set(legs.flatMap(pick))], 3);
    const entry = first.leg.part === 'entry' ? 'client to controller: ' : '';
    lines.push(
      '',
      row(
        SIGN[first.outcome],
        paint.bold(`${entry}${who((leg) => leg.leg.sources)} → ${who((leg) => leg.leg.destinations)}:${first.leg.port}`),
      ),
    );
  }
  const { egress, ingress } = first.explanation;
  lines.push(directionLine(egress, first, paint), directionLine(ingress, first, paint));
  const shown = [egress, ingress].flatMap(({ misses }) => misses.slice(0, options.mostMisses));
  for (const miss of shown) lines.push('', ...missLines(miss, paint));
  return lines;
}

function directionLine({ direction, verdict }: DirectionExplanation, { leg }: LegAnswer, paint: Paint): string {
  const who = direction === 'egress' ? leg.sourceRef : leg.destinationRef;
  const word = (sign: string, outcome: string) => `${sign} ${outcome.padEnd(16)}`;
  switch (verdict.outcome) {
    case 'allowed': {
      const rules = verdict.rules.map(
        (ref) => `${policyName(ref.policy, who)} ${direction}[${ref.rule.index}]${inBrackets(printPlace(ref.rule.origin))}`,
      );
      return row(direction, `${paint.green(word('✓', 'allowed'))} ${paint.plain(`by ${few(rules, 4)}`)}`);
    }
    case 'not-isolated': {
      const what = direction === 'egress' ? `no policy limits what ${who} may send` : `no policy limits who may reach ${who}`;
      return row(direction, `${paint.green(word('✓', 'not isolated'))} ${paint.plain(what)}`);
    }
    case 'exempt':
      return row(direction, `${paint.green(word('✓', 'exempt'))} ${paint.plain(exemptionSentence(verdict.because))}`);
    case 'denied': {
      const policies = verdict.policies.map((policy) => `${policyName(policy, who)}${inBrackets(printPlace(policy.origin))}`);
      const why = direction === 'egress' ? 'no rule lets it out to this peer' : 'no rule lets this peer in';
      return row(direction, `${paint.red(word('✗', 'denied'))} ${paint.plain(`isolated by ${andList(policies)}; ${why}`)}`);
    }
    case 'undecided':
      return row(direction, `${paint.yellow(word('?', 'undecided'))} ${paint.plain('the input or the CNI leaves it open, see below')}`);
  }
}

/** In the pod's own namespace the short name is enough. */
function policyName(policy: Policy, _who: string): string {
  return policy.name;
}

function inBrackets(place: string): string {
  return place === '' ? '' : ` (${place})`;
}

function andList(items: readonly string[]): string {
  if (items.length <= 1) return items.join('');
  if (items.length > 4) return few(items, 4);
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function missLines(miss: NearMiss, paint: Paint): string[] {
  const { policy, direction, rule } = miss.ref;
  const peers = direction === 'ingress' ? 'from' : 'to';
  const name = `${policy.name} ${direction}[${rule.index}]${miss.peer === undefined ? '' : `.${peers}[${miss.peer}]`}`;
  const labels = miss.checks.map((check) => `${check.part} ${check.wants}`);
  const width = Math.min(60, Math.max(...labels.map((label) => label.length)));
  return [
    row('nearest', `${paint.bold(name)}${placeTail(printPlace(miss.at), paint)}`),
    ...miss.checks.map((check, i) => {
      const label = (labels[i] ?? '').padEnd(width);
      const [difference] = check.differences;
      if (difference === undefined) return row('', `  ${paint.plain(label)}  ${paint.green('✓')}`);
      const at = 'hasAt' in difference ? printPlace(difference.hasAt) : '';
      return row('', `  ${paint.plain(label)}  ${paint.red(`✗ ${differenceSentence(difference)}`)}${placeTail(at, paint)}`);
    }),
  ];
}

function causeLines({ codes, causes }: ConnectionAnswer, paint: Paint): string[] {
  const lines = [''];
  const said = new Set<string>();
  for (const cause of causes.slice(0, 4)) {
    if (said.has(cause.code)) continue;
    said.add(cause.code);
    lines.push(...causeLine(cause, lines.length === 1 ? 'cause' : 'also', paint));
  }
  if (causes.length === 0 && codes[0] !== undefined) lines.push(row('cause', paint.bold(codes[0])));
  return lines.length === 1 ? [] : lines;
}

function causeLine(cause: Cause, label: string, paint: Paint): string[] {
  const { text, hint } = causeSentence(cause);
  const lines = [row(label, `${paint.bold(cause.code)}  ${paint.plain(text)}${placeTail(printPlace(cause.at), paint)}`)];
  if (hint !== undefined) lines.push(row('', paint.cyan(`→ ${hint}`)));
  return lines;
}
