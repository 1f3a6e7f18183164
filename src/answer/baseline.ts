// The document of `baseline`, and its policies with what each is for.
import { type Baseline, closedNeeds, isWhole } from '../question/baseline.ts';
import type { Declared } from '../question/baseline-checks.ts';
import { policyObject } from '../question/baseline-objects.ts';
import type { ApiObject, PolicyObject } from '../question/baseline-parts.ts';
import { acceptedComment, OPEN_NEED_WORDS } from '../words/en/baseline.ts';
import {
  ACCEPTED_BECAUSE,
  apiServerNeedWords,
  declaredEndWords,
  needWords,
  openSubjectWords,
  purposeWords,
} from '../words/en/baseline-reasons.ts';
import type { BaselineDocument, BaselinePolicy, OpenNeedDocument } from './documents/baseline.ts';
import { placed } from './place.ts';
import { portsDocument } from './ports.ts';

export function baselineDocument(baseline: Baseline, profile: string): BaselineDocument {
  const { namespaces, policies, declared, withoutDns, besides, open, present, dnsAssumed, dns, silent } = baseline;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Baseline',
    profile,
    namespaces,
    policies: policies.map((policy) => policyObject(policy) as unknown as BaselinePolicy),
    declared: declared.map(declaredDocument),
    withoutDns,
    besides: besides.map(({ from, to, ports }) => ({ from, to, allowed: portsDocument(ports) })),
    open: open.map(({ who, what, code, origin }) => ({
      who,
      what: openSubjectWords(what),
      code,
      text: OPEN_NEED_WORDS[code],
      ...placed(origin),
    })),
    present,
    dnsAssumed,
    dns,
    silent,
  };
}

function declaredDocument({ from, to, protocol, port, because, outcome }: Declared): BaselineDocument['declared'][number] {
  const said = to.kind === 'api-server' ? apiServerNeedWords(because) : needWords(because);
  return { from: declaredEndWords(from), to: declaredEndWords(to), protocol, port, because: said, outcome };
}

/** What a baseline comes to, for its first line. */
export interface BaselineSummary {
  /** Everything that is declared is allowed, and every pod has DNS. */
  readonly isWhole: boolean;
  readonly allowed: number;
  /** Declared connections, those included that no policy can say. */
  readonly declared: number;
}

export function baselineSummary(baseline: Baseline): BaselineSummary {
  const { declared } = baseline;
  return {
    isWhole: isWhole(baseline),
    allowed: declared.filter(({ outcome }) => outcome === 'allowed').length,
    declared: declared.length + closedNeeds(baseline).length,
  };
}

/** What is not known, by kind: a kind is one line for people. */
export function openByKind({ open }: Pick<BaselineDocument, 'open'>): ReadonlyMap<OpenNeedDocument['code'], readonly OpenNeedDocument[]> {
  const kinds = new Map<OpenNeedDocument['code'], OpenNeedDocument[]>();
  for (const each of open) {
    const list = kinds.get(each.code);
    if (list === undefined) kinds.set(each.code, [each]);
    else list.push(each);
  }
  return kinds;
}

/** An object with the lines that stand above it. */
export interface CommentedObject {
  readonly comments: readonly string[];
  readonly object: ApiObject;
}

/** What each policy is for, and which finding of the linter it accepts on purpose. */
export function commentedPolicies(policies: readonly PolicyObject[]): readonly CommentedObject[] {
  return policies.map((policy) => {
    const { purpose, accepts } = policy;
    const accepted = accepts === undefined ? [] : [acceptedComment({ rule: accepts.rule, reason: ACCEPTED_BECAUSE[accepts.because] })];
    return { comments: [purposeWords(purpose), ...accepted], object: policyObject(policy) };
  });
}
