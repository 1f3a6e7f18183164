// `why` as a document: facts with stable names, ends in one notation, places resolved. Which legs are told together, and which causes a person
// should read, are findings and are made here once, so that no renderer decides them anew.
import type { Advice } from '../explain/advice.ts';
import type { DirectionExplanation } from '../explain/cause.ts';
import type { Cause } from '../explain/causes.ts';
import type { NearMiss } from '../explain/near-miss.ts';
import { peerName, printRuleRef, type RuleRef, ruleName } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionAnswer, LegAnswer, WhyAnswer } from '../question/why.ts';
import type { IngressHop } from '../route/drafts.ts';
import type { ServiceWay } from '../route/service.ts';
import { adviceSentence } from '../words/en/advice.ts';
import { causeSentence } from '../words/en/cause.ts';
import { differenceSentence } from '../words/en/difference.ts';
import { noteSentence } from '../words/en/note.ts';
import { obstacleSentence } from '../words/en/obstacle.ts';
import { peerWords } from '../words/en/peers.ts';
import { problemSentence } from '../words/en/problem.ts';
import { symptomSentences } from '../words/en/symptom.ts';
import { familyAnswer } from './directions.ts';
import type { AdviceDocument } from './documents/ends.ts';
import type {
  CauseDocument,
  ConnectionDocument,
  Decider,
  ExplainedDirection,
  ExplanationDocument,
  NearestRef,
  NearestRule,
  PodsDocument,
  ReadLimit,
  RouteRuleDocument,
  ServiceDocument,
} from './documents/explanation.ts';
import type { BriefFix } from './documents/fixes.ts';
import { placed, placeOf } from './place.ts';
import { said } from './said.ts';

export interface WhyDocumentOptions {
  /** For each connection the edits that would allow it; absent where none were looked for. */
  readonly fixes?: readonly (readonly BriefFix[])[] | undefined;
  /** For each connection the commands that show its facts in the cluster itself (question/evidence.ts). */
  readonly evidence?: readonly (readonly string[])[] | undefined;
  /** How many rules that almost allowed it are listed in each direction. */
  readonly mostNearest?: number;
}

/** Rules that almost allowed it, of each direction, where a reader did not ask for more. */
const MOST_NEAREST = 3;

/** `kind: Explanation`, schemas/explanation.schema.json. */
export function whyDocument(
  answer: Extract<WhyAnswer, { kind: 'answer' }>,
  semantics: Semantics,
  { fixes = [], evidence = [], mostNearest = MOST_NEAREST }: WhyDocumentOptions = {},
): ExplanationDocument {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Explanation',
    from: answer.from.notation,
    to: answer.to.notation,
    profile: semantics.name,
    denyResponse: semantics.denyResponse,
    outcome: answer.outcome,
    connections: answer.connections.map((connection, i) =>
      connectionDocument(connection, { from: answer.from.text, fixes: fixes[i], evidence: evidence[i], mostNearest }),
    ),
    ...(answer.limits.length === 0 ? {} : { limits: answer.limits.map(limitDocument) }),
  };
}

/** INVARIANT: these facts are those of a `limit` problem about a list of a live cluster (manifest/read-limits.ts). */
function limitDocument(limit: Problem): ReadLimit {
  const { kind, group, reason, readIn } = limit.facts;
  return { kind, group, reason, readIn, text: problemSentence(limit).text } as unknown as ReadLimit;
}

interface Beside {
  readonly from: string;
  readonly fixes: readonly BriefFix[] | undefined;
  readonly evidence: readonly string[] | undefined;
  readonly mostNearest: number;
}

function connectionDocument(connection: ConnectionAnswer, { from, fixes, evidence = [], mostNearest }: Beside): ConnectionDocument {
  const { route, outcome, codes, legs, dns, causes, obstacles, notes, advice, symptom } = connection;
  const leading = leadingCauses(causes);
  const groups = groupsOf(legs);
  return {
    asked: { from, to: route.to },
    ...(route.port !== undefined && { port: route.port }),
    protocol: route.protocol,
    ...(route.icmp !== undefined && { icmpType: route.icmp }),
    outcome,
    ...(codes[0] !== undefined && { cause: codes[0] }),
    causes: causes.map((cause) => causeDocument(cause, legs)),
    ...(leading.length > 0 && { leading }),
    codes,
    ...(route.ingress?.rule !== undefined && { rule: ruleDocument(route.ingress) }),
    ...(route.service !== undefined && { service: serviceDocument(route.service) }),
    ...(dns !== undefined && { dns }),
    obstacles: obstacles.map((obstacle) => ({
      code: obstacle.code,
      severity: obstacle.severity,
      facts: obstacle.facts,
      ...said(obstacleSentence(obstacle)),
      ...placed(obstacle.origin),
    })),
    notes: notes.map((note) => ({ code: note.code, facts: note.facts, text: noteSentence(note) })),
    pods: legs.map((leg) => podsDocument(leg, mostNearest)),
    ...(groups.length > 0 && { groups }),
    ...(advice.length > 0 && { advice: advice.map(adviceDocument) }),
    ...(symptom !== undefined && { symptom: { symptom: symptom.symptom, fits: symptom.fits, ...symptomSentences(symptom) } }),
    ...(fixes !== undefined && { fixes }),
    ...(evidence.length > 0 && { evidence }),
  };
}

/** What opens it besides an edit of a NetworkPolicy. */
export function adviceDocument(advice: Advice): AdviceDocument {
  return { code: advice.code, facts: advice.facts, text: adviceSentence(advice) };
}

function ruleDocument({ ingress, path, rule }: IngressHop): RouteRuleDocument {
  const { kind, ref, gateways } = ingress;
  return { object: `${kind} ${ref}`, path, ...(gateways.length > 0 && { gateways }), ...placed(rule?.origin) };
}

function serviceDocument({ service, port, servicePort, total, ready, unknownAddresses }: ServiceWay): ServiceDocument {
  return {
    service: `${service.namespace}/svc/${service.name}`,
    ...(port !== undefined && { port }),
    ...(servicePort !== undefined && { targetPort: servicePort.targetPort }),
    pods: total,
    ready,
    ...(service.selector === undefined && { withoutSelector: true }),
    ...(unknownAddresses !== undefined && { unknownAddresses: true }),
  };
}

/** Causes that say more than the near miss they were read from. */
const SAYS_MORE: ReadonlySet<string> = new Set([
  'and-or',
  'service-port-instead-of-target-port',
  'node-port-instead-of-target-port',
  'ipblock-for-a-service-address',
  'ipblock-for-a-pod',
]);
/** Causes that say why a policy has no rule, after which that it has none need not be said. */
const SAYS_WHY: ReadonlySet<string> = new Set(['egress-types-without-rules', 'policy-types-defaulted']);
/** What the enforcer really does is said however many causes there are. */
const ALWAYS_SAID: ReadonlySet<string> = new Set(['enforcer-departs', 'pod-not-policed']);
const MOST_LEADING = 4;

/** Positions of the causes a person should read: the first of each code, without those that another one explains. */
function leadingCauses(causes: readonly Cause[]): readonly number[] {
  const isExplained = ({ code, direction }: Cause) =>
    code === 'isolated-with-no-rules' && causes.some((other) => SAYS_WHY.has(other.code) && other.direction === direction);
  const told = causes.filter((cause) => !isExplained(cause)).filter((cause, i) => i < MOST_LEADING || ALWAYS_SAID.has(cause.code));
  return told.filter((cause, i) => told.findIndex((other) => other.code === cause.code) === i).map((cause) => causes.indexOf(cause));
}

function causeDocument(cause: Cause, legs: readonly LegAnswer[]): CauseDocument {
  const nearest = cause.miss === undefined || SAYS_MORE.has(cause.code) ? undefined : nearestRef(cause.miss, legs);
  return {
    code: cause.code,
    ...(cause.direction !== undefined && { direction: cause.direction }),
    facts: cause.facts,
    ...said(causeSentence(cause)),
    ...placed(cause.at),
    ...(nearest !== undefined && { nearest }),
  };
}

/** Where a near miss stands in the document; undefined where it is not of these legs. */
function nearestRef(miss: NearMiss, legs: readonly LegAnswer[]): NearestRef | undefined {
  for (const [pods, { explanation }] of legs.entries()) {
    for (const direction of ['egress', 'ingress'] as const) {
      const position = explanation[direction].misses.indexOf(miss);
      if (position >= 0) return { pods, direction, position };
    }
  }
  return undefined;
}

/** Positions of the legs that have one outcome for the same reasons, in the order of their first. */
function groupsOf(legs: readonly LegAnswer[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [i, { leg, outcome, explanation }] of legs.entries()) {
    const { part, family, shares, sourceAddress, port } = leg;
    const key = JSON.stringify([
      [part, family, shares, sourceAddress, outcome, port],
      reasonOf(explanation.egress),
      reasonOf(explanation.ingress),
      explanation.causes.map((cause) => cause.code),
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  }
  return [...groups.values()];
}

function reasonOf({ verdict }: DirectionExplanation): readonly string[] {
  if (verdict.outcome === 'allowed') return [verdict.outcome, ...verdict.rules.map(printRuleRef)];
  if (verdict.outcome === 'denied') return [verdict.outcome, ...verdict.policies.map((policy) => policy.ref)];
  return [verdict.outcome];
}

function podsDocument({ leg, outcome, explanation }: LegAnswer, mostNearest: number): PodsDocument {
  const { part, sources, destinations, sourceRef, destinationRef, port, shares, sourceAddress, family } = leg;
  return {
    part,
    sources,
    destinations,
    ...((sourceRef !== sources[0] || destinationRef !== destinations[0]) && { named: { from: sourceRef, to: destinationRef } }),
    ...(leg.destination.kind === 'node' && { toNode: true }),
    port,
    ...(shares !== undefined && { nodes: shares }),
    ...(sourceAddress !== undefined && { sourceAddress }),
    ...(family !== undefined && { family: `IPv${family}` as const }),
    outcome,
    egress: directionDocument(explanation.egress, mostNearest),
    ingress: directionDocument(explanation.ingress, mostNearest),
    causes: explanation.causes.map((cause) => cause.code),
  };
}

/** Rules and policies that decided and are listed with their places; the names of all of them stand beside. */
const MOST_DECIDERS = 10;

/** INVARIANT: a leg is of one family, so its directions are never `partial`. */
function directionDocument({ verdict, misses }: DirectionExplanation, mostNearest: number): ExplainedDirection {
  if (verdict.outcome === 'partial') throw new Error('a leg of one family cannot be partial');
  const by = decidersOf(verdict).slice(0, MOST_DECIDERS);
  return {
    ...familyAnswer(verdict),
    ...(misses.length > 0 && { nearest: misses.slice(0, mostNearest).map(nearestRule) }),
    ...(by.length > 0 && { by }),
  };
}

function decidersOf(verdict: DirectionExplanation['verdict']): readonly Decider[] {
  if (verdict.outcome === 'allowed') return verdict.rules.slice(0, MOST_DECIDERS).map(ruleDecider);
  if (verdict.outcome !== 'denied') return [];
  if (verdict.rule !== undefined) return [ruleDecider(verdict.rule)];
  return verdict.policies.slice(0, MOST_DECIDERS).map(({ kind, ref, name, origin }) => ({ kind, policy: ref, name, at: placeOf(origin) }));
}

function ruleDecider(ref: RuleRef): Decider {
  const { kind, ref: policy, name, tier } = ref.policy;
  return { kind, policy, name, rule: ruleName(ref), ...(tier !== 'namespaced' && { tier }), at: placeOf(ref.rule.origin) };
}

function nearestRule(miss: NearMiss): NearestRule {
  const { policy, direction, rule } = miss.ref;
  const peer = miss.peer === undefined ? undefined : peerName(miss.ref, miss.peer);
  // A kind that has names of its own for its rules has them for its peers: `fromEndpoints`.
  const field = rule.label === undefined ? undefined : peer?.replace(/\[.*/, '');
  return {
    rule: printRuleRef(miss.ref),
    title: `${policy.name} ${ruleName({ direction, rule })}${peer === undefined ? '' : `.${peer}`}`,
    ...(miss.peer !== undefined && { peer: miss.peer }),
    at: placeOf(miss.at),
    checks: miss.checks.map(({ part, wants, differences }) => ({
      part,
      ...(part === 'podSelector' && field !== undefined && { field }),
      wants: typeof wants === 'string' ? wants : peerWords(wants),
      fits: differences.length === 0,
      differences: differences.map((difference) => ({
        code: difference.code,
        text: differenceSentence(difference),
        wantedAt: placeOf(difference.wantedAt),
        ...('hasAt' in difference && difference.hasAt !== undefined && { hasAt: placeOf(difference.hasAt) }),
      })),
    })),
  };
}
