// `why`: one connection, from the names that were pasted to the reasons. Route, verdict and explanation joined; nothing is decided here
// that route/, policy/ and explain/ have not said.
import { type Cause, type DirectionExplanation, type Explanation, explain } from '../explain/cause.ts';
import { type Symptom, type SymptomAnswer, symptomAnswer } from '../explain/symptom.ts';
import type { Cluster } from '../model/cluster.ts';
import { decide } from '../policy/decide.ts';
import type { Semantics } from '../profile/profile.ts';
import type { DnsCheck } from '../route/dns.ts';
import type { EndError, Note, Obstacle } from '../route/obstacle.ts';
import type { Leg } from '../route/party.ts';
import { type NamedEnd, type Route, route } from '../route/route.ts';

export type Outcome = 'allowed' | 'denied' | 'partial' | 'broken' | 'undecided';

export interface WhyQuestion {
  readonly from: string;
  readonly to: string;
  /** Where names without a namespace are looked for. */
  readonly namespace: string;
  readonly symptom?: Symptom;
}

/** Pods that fare alike, explained once. */
export interface LegAnswer {
  readonly leg: Leg;
  readonly outcome: 'allowed' | 'denied' | 'undecided';
  readonly explanation: Explanation;
}

/** One destination port. */
export interface ConnectionAnswer {
  readonly route: Route;
  readonly outcome: Outcome;
  /** Codes of what stops it, first blocker first: obstacles of the way and causes of policies. */
  readonly codes: readonly string[];
  readonly legs: readonly LegAnswer[];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
  readonly dns: DnsCheck | undefined;
  /** True when the name cannot be resolved at all, which comes before everything else. */
  readonly stoppedByDns: boolean;
  /** Causes of the first leg that is not allowed, DNS first. */
  readonly causes: readonly Cause[];
  readonly symptom: SymptomAnswer | undefined;
}

export type WhyAnswer =
  | { readonly kind: 'error'; readonly errors: readonly EndError[] }
  | {
      readonly kind: 'answer';
      readonly from: NamedEnd;
      readonly to: NamedEnd;
      readonly outcome: Outcome;
      readonly connections: readonly ConnectionAnswer[];
    };

/** Never throws. A name that means nothing comes back as `{ kind: 'error' }` with what was meant perhaps. */
export function why(cluster: Cluster, semantics: Semantics, question: WhyQuestion): WhyAnswer {
  const found = route(cluster, semantics, question);
  if (found.kind === 'error') return { kind: 'error', errors: found.errors };
  const connections = found.routes.map((each) => answerRoute(cluster, semantics, each, question.symptom));
  return {
    kind: 'answer',
    from: found.from,
    to: found.to,
    outcome: joint(connections.map((connection) => connection.outcome)),
    connections,
  };
}

function answerRoute(cluster: Cluster, semantics: Semantics, found: Route, symptom: Symptom | undefined): ConnectionAnswer {
  const context = found.service === undefined ? {} : { service: { service: found.service.service, port: found.service.servicePort } };
  const legs = found.legs.map((leg): LegAnswer => {
    const connection = { source: leg.source, destination: leg.destination, protocol: leg.protocol, port: leg.port };
    const verdict = decide(cluster, semantics, connection);
    return { leg, outcome: verdict.outcome, explanation: explain(cluster, semantics, connection, verdict, context) };
  });
  const broken = found.obstacles.filter((obstacle) => obstacle.severity === 'broken');
  const open = found.obstacles.filter((obstacle) => obstacle.severity === 'open');
  // A name that nobody can resolve comes first, whatever the way would be like (semantics A.6, E 22).
  const stoppedByDns = found.byName && found.dns?.outcome === 'denied';
  const byPolicy = joint(legs.map((leg) => leg.outcome));
  const outcome: Outcome = stoppedByDns
    ? 'denied'
    : broken.length > 0
      ? 'broken'
      : legs.length === 0
        ? 'undecided'
        : byPolicy === 'allowed' && (open.length > 0 || (found.byName && found.dns?.outcome === 'undecided'))
          ? 'undecided'
          : byPolicy;
  const dnsCauses = causesOfDns(found.dns);
  const stopped = legs.filter((leg) => leg.outcome !== 'allowed');
  const policyCauses = (stopped[0] ?? legs[0])?.explanation.causes ?? [];
  const causes = stoppedByDns ? [...dnsCauses, ...policyCauses] : [...policyCauses, ...dnsCauses];
  const codes = [
    ...(stoppedByDns ? dnsCauses : []).map((cause) => cause.code),
    ...broken.map((obstacle) => obstacle.code),
    ...(outcome === 'undecided' && byPolicy === 'allowed' ? open.map((obstacle) => obstacle.code) : []),
    ...policyCauses.map((cause) => cause.code),
    ...(stoppedByDns ? [] : dnsCauses).map((cause) => cause.code),
  ];
  return {
    route: found,
    outcome,
    codes: [...new Set(codes)],
    legs,
    obstacles: found.obstacles,
    notes: found.notes,
    dns: found.dns,
    stoppedByDns,
    causes,
    symptom: symptom === undefined ? undefined : symptomAnswer(symptom, { outcome, cause: codes[0], denyResponse: semantics.denyResponse }),
  };
}

/** Several pods or ports: the common outcome, or `partial` when they differ. */
export function joint(outcomes: readonly Outcome[]): Outcome {
  const [first, ...others] = outcomes;
  if (first === undefined) return 'undecided';
  return others.every((other) => other === first) ? first : 'partial';
}

function causesOfDns(dns: DnsCheck | undefined): Cause[] {
  if (dns === undefined) return [];
  const facts = { source: dns.source, resolver: dns.resolver.ref, assumed: dns.resolver.assumed };
  if (dns.outcome === 'denied') return [{ code: 'no-dns-egress', direction: 'egress', facts }];
  return dns.outcome === 'partial' ? [{ code: 'dns-udp-only', direction: 'egress', facts }] : [];
}

/** The direction that stops a leg; undefined when none does. */
export function blocking({ explanation }: LegAnswer): DirectionExplanation | undefined {
  const { egress, ingress } = explanation;
  return (
    [egress, ingress].find(({ verdict }) => verdict.outcome === 'denied') ??
    [egress, ingress].find(({ verdict }) => verdict.outcome === 'undecided')
  );
}
