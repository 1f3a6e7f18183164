// `why` as a document for programs: facts with stable names, ends in one notation, places as file, line and column.

import type { Advice } from '../explain/advice.ts';
import type { DirectionExplanation } from '../explain/cause.ts';
import type { Cause } from '../explain/causes.ts';
import type { NearMiss } from '../explain/near-miss.ts';
import { placeFor } from '../explain/place.ts';
import type { SymptomAnswer } from '../explain/symptom.ts';
import { furtherOf, printRuleRef } from '../model/policy.ts';
import type { Problem } from '../model/problem.ts';
import { type DirectionVerdict, doubtKey } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionAnswer, LegAnswer, WhyAnswer } from '../question/why.ts';
import { adviceSentence } from '../words/en/advice.ts';
import { causeSentence } from '../words/en/cause.ts';
import { differenceSentence } from '../words/en/difference.ts';
import { noteSentence } from '../words/en/note.ts';
import { obstacleSentence } from '../words/en/obstacle.ts';
import { problemSentence } from '../words/en/problem.ts';
import { symptomSentences } from '../words/en/symptom.ts';

/** `kind: Explanation`, schemas/explanation.schema.json. */
export function whyDocument(answer: Extract<WhyAnswer, { kind: 'answer' }>, semantics: Semantics, fixes: readonly unknown[] = []): unknown {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Explanation',
    from: answer.from.notation,
    to: answer.to.notation,
    profile: semantics.name,
    outcome: answer.outcome,
    connections: answer.connections.map((connection, i) => connectionDocument(connection, fixes[i])),
    ...(answer.limits.length === 0 ? {} : { limits: answer.limits.map(limitDocument) }),
  };
}

function limitDocument(limit: Problem): unknown {
  const { kind, group, reason, readIn } = limit.facts;
  return { kind, group, reason, readIn, text: problemSentence(limit).text };
}

function connectionDocument(connection: ConnectionAnswer, fixes: unknown): unknown {
  const { route, outcome, codes, legs, dns } = connection;
  return {
    port: route.port,
    protocol: route.protocol,
    outcome,
    /** First blocker, and all of them. */
    cause: codes[0],
    causes: connection.causes.map(causeDocument),
    codes,
    ...(route.service === undefined
      ? {}
      : {
          service: {
            service: `${route.service.service.namespace}/svc/${route.service.service.name}`,
            port: route.service.port,
            targetPort: route.service.servicePort?.targetPort,
            pods: route.service.total,
            ready: route.service.ready,
          },
        }),
    ...(dns === undefined ? {} : { dns }),
    obstacles: connection.obstacles.map((obstacle) => ({
      code: obstacle.code,
      severity: obstacle.severity,
      facts: obstacle.facts,
      ...obstacleSentence(obstacle),
      at: placeFor(obstacle.origin),
    })),
    notes: connection.notes.map((note) => ({ code: note.code, facts: note.facts, text: noteSentence(note) })),
    pods: legs.map(legDocument),
    ...(connection.advice.length === 0 ? {} : { advice: connection.advice.map(adviceDocument) }),
    ...(connection.symptom === undefined ? {} : { symptom: symptomDocument(connection.symptom) }),
    ...(fixes === undefined ? {} : { fixes }),
  };
}

/** What opens it besides an edit of a NetworkPolicy. */
export function adviceDocument(advice: Advice): unknown {
  return { code: advice.code, facts: advice.facts, text: adviceSentence(advice) };
}

function symptomDocument(answer: SymptomAnswer): unknown {
  return { symptom: answer.symptom, fits: answer.fits, ...symptomSentences(answer) };
}

function causeDocument(cause: Cause): unknown {
  return { code: cause.code, direction: cause.direction, facts: cause.facts, ...causeSentence(cause), at: placeFor(cause.at) };
}

function legDocument({ leg, outcome, explanation }: LegAnswer): unknown {
  return {
    part: leg.part,
    sources: leg.sources,
    destinations: leg.destinations,
    port: leg.port,
    ...(leg.shares !== undefined && { nodes: leg.shares }),
    ...(leg.sourceAddress !== undefined && { sourceAddress: leg.sourceAddress }),
    ...(leg.family !== undefined && { family: `IPv${leg.family}` }),
    outcome,
    egress: directionDocument(explanation.egress),
    ingress: directionDocument(explanation.ingress),
    causes: explanation.causes.map((cause) => cause.code),
  };
}

function directionDocument({ verdict, misses }: DirectionExplanation): unknown {
  return { ...verdictDocument(verdict), ...(misses.length === 0 ? {} : { nearest: misses.slice(0, 3).map(missDocument) }) };
}

/** The same shape as in `verdicts`, and what is checked after the connection. */
function verdictDocument(verdict: DirectionVerdict): Readonly<Record<string, unknown>> {
  switch (verdict.outcome) {
    case 'allowed': {
      const further = furtherOf(verdict.rules);
      return { outcome: 'allowed', rules: verdict.rules.map(printRuleRef), ...(further !== undefined && { further }) };
    }
    case 'denied':
      return {
        outcome: 'denied',
        policies: verdict.policies.map((policy) => policy.ref),
        ...(verdict.rule === undefined ? {} : { rule: printRuleRef(verdict.rule) }),
      };
    case 'not-isolated':
      return { outcome: 'not-isolated' };
    case 'exempt':
      return { outcome: 'exempt', because: verdict.because };
    case 'undecided':
      return { outcome: 'undecided', because: verdict.because.map(doubtKey) };
    case 'partial': // never of a leg: each family has its own
      return { outcome: 'partial' };
  }
}

function missDocument(miss: NearMiss): unknown {
  return {
    rule: printRuleRef(miss.ref),
    peer: miss.peer,
    at: placeFor(miss.at),
    checks: miss.checks.map((check) => ({
      part: check.part,
      wants: check.wants,
      fits: check.differences.length === 0,
      differences: check.differences.map((difference) => ({
        code: difference.code,
        text: differenceSentence(difference),
        wantedAt: placeFor(difference.wantedAt),
        ...('hasAt' in difference ? { hasAt: placeFor(difference.hasAt) } : {}),
      })),
    })),
  };
}
