// What the text and the picture of `why` read from its document in the same way.
import type { Outcome } from '../answer/documents/common.ts';
import type { ConnectionDocument, PodsDocument, RuleCheck } from '../answer/documents/explanation.ts';
import { EVERYTHING, HEADLINE, type ServiceFacts } from '../words/en/why-text.ts';

export const OUTCOME_SIGN: Readonly<Record<Outcome, string>> = { allowed: '✓', denied: '✗', partial: '±', broken: '✗', undecided: '?' };

/** Pods that have the same outcome for the same reasons; `first` stands for all of them. */
export interface PodsGroup {
  readonly members: readonly PodsDocument[];
  readonly first: PodsDocument;
}

/** [] where the path ends before any pod. */
export function groupsOf({ pods, groups = pods.map((_, i) => [i]) }: ConnectionDocument): readonly PodsGroup[] {
  return groups.flatMap((positions) => {
    const members = positions.flatMap((i) => pods[i] ?? []);
    return members[0] === undefined ? [] : [{ members, first: members[0] }];
  });
}

/** What happens to the connection despite its outcome: `but not by name: DNS is denied`. '' for nothing. */
export function butWords({ outcome, dns, causes }: ConnectionDocument): string {
  if (outcome === 'allowed' && dns?.outcome === 'denied') return HEADLINE.dnsDenied;
  const departing = causes.find(({ code }) => code === 'enforcer-departs');
  if (departing !== undefined) return HEADLINE.departs(departing.facts.enforced === 'open', String(departing.facts.departure));
  const passing = causes.find(({ code, facts }) => code === 'pod-not-policed' && facts.passes === 'true');
  return passing === undefined ? '' : HEADLINE.notPoliced(String(passing.facts.pod));
}

/** What a part of a rule wants; an empty selector as it is written, with what it means. */
export function wanted({ part, wants }: RuleCheck): string {
  if (wants !== 'everything') return wants;
  return part === 'namespaceSelector' ? EVERYTHING.namespaces : EVERYTHING.pods;
}

/** Facts of a Service for its words, named without its kind, because the context says it: `payments/svc/api` → `payments/api:80`. */
export function serviceFacts({
  service,
  port,
  targetPort,
  pods,
  ready,
  withoutSelector,
  unknownAddresses,
}: NonNullable<ConnectionDocument['service']>): ServiceFacts {
  return {
    asked: `${service.replace('/svc/', '/')}${port === undefined ? '' : `:${port}`}`,
    targetPort,
    total: pods,
    ready,
    withoutSelector: withoutSelector === true,
    unknownAddresses: unknownAddresses === true,
  };
}
