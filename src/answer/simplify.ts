// `simplify` as a document: what can go, what was left alone, and whether the rest was proved equal.

import type { Origin } from '../model/origin.ts';
import { printRuleRef } from '../model/policy.ts';
import type { LeftAlone, Removal, Simplification } from '../question/simplify.ts';
import type { RefusalReason } from '../repair/edit.ts';
import { refusalWords } from '../words/en/fixes.ts';
import { differsWords, leftWords, removalWords } from '../words/en/simplify.ts';
import type { LeftAloneDocument, NoPatchDocument, RemovalDocument, SimplificationDocument } from './documents/simplification.ts';
import { placed, placeOf } from './place.ts';

/** What became of the files: a patch, or why there is none. */
export type PatchOutcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'patch'; readonly patch: string; readonly written?: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly at: Origin | undefined }
  | { readonly kind: 'not-verified'; readonly differs: string | undefined };

/** `kind: Simplification`, schemas/simplification.schema.json. */
export function simplificationDocument(
  { before, after, removals, left, otherKinds, pods, podsToCome, proof }: Simplification,
  profile: string,
  outcome: PatchOutcome,
): SimplificationDocument {
  const noPatch = noPatchOf(outcome);
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Simplification',
    profile,
    before,
    after,
    removals: removals.map(removalDocument),
    left: [...left.map(leftDocument), ...[...otherKinds].map(([kind, count]) => countedDocument(kind, count))],
    provedEqual: proof === 'same' && outcome.kind !== 'not-verified',
    checked: { pods, podsToCome },
    ...(outcome.kind === 'patch' && { patch: outcome.patch }),
    ...(noPatch !== undefined && { noPatch }),
    ...(outcome.kind === 'patch' && outcome.written !== undefined && { written: outcome.written }),
  };
}

function removalDocument({ part, by }: Removal): RemovalDocument {
  const { of, policy, direction, rule } = part;
  const name = direction === undefined || rule === undefined ? undefined : printRuleRef({ policy, direction, rule });
  return {
    of,
    policy: policy.ref,
    kind: policy.kind,
    ...(name !== undefined && { rule: name }),
    ...(direction !== undefined && { direction }),
    at: placeOf(part.at),
    because: by.length > 0 ? 'implied' : 'together',
    by: by.map((each) => ({ rule: each.name, at: placeOf(each.at) })),
    text: removalWords({ of, policy: policy.ref, rule: name, by: by.map((each) => each.name) }),
  };
}

function leftDocument({ policy, because, keys }: LeftAlone): LeftAloneDocument {
  const { ref, kind, origin } = policy;
  return {
    code: because,
    policy: ref,
    kind,
    ...(keys.length > 0 && { keys }),
    at: placeOf(origin),
    text: leftWords({ code: because, kind, policy: ref, count: 1, keys }),
  };
}

function countedDocument(kind: string, count: number): LeftAloneDocument {
  return { code: 'other-kind', kind, count, text: leftWords({ code: 'other-kind', kind, policy: undefined, count, keys: [] }) };
}

function noPatchOf(outcome: PatchOutcome): NoPatchDocument | undefined {
  if (outcome.kind === 'refused') return { code: outcome.reason, text: refusalWords(outcome.reason), ...placed(outcome.at) };
  return outcome.kind === 'not-verified' ? { code: 'not-verified', text: differsWords(outcome.differs) } : undefined;
}
