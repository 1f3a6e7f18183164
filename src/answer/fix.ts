// `fix` as a document: each fix with what else it opens and closes and the files that would change; where there is none, why.
import type { Semantics } from '../profile/profile.ts';
import type { ConnectionFixes, FixAnswer, RankedFix } from '../question/fix.ts';
import { kubectlCommands, objectChanges } from '../repair/kubectl.ts';
import { diffLength, type PlannedFile, plannedFiles, unifiedDiff } from '../repair/patch.ts';
import type { Fix } from '../repair/suggest.ts';
import { obstacleSentence } from '../words/en/obstacle.ts';
import { briefFix } from './brief-fix.ts';
import type { FixDocument, FixesDocument, FixesOfConnection, FixProof, NoFix, ObjectChange } from './documents/fixes.ts';
import { placed } from './place.ts';
import { said } from './said.ts';
import { adviceDocument } from './why.ts';

export interface FixDocumentOptions {
  /** What is wanted is that it is denied. */
  readonly deny: boolean;
  /** What the kernel did, for the fixes that it was asked about. */
  readonly proofs?: ReadonlyMap<Fix, FixProof>;
}

/** `kind: Fixes`, schemas/fixes.schema.json. */
export function fixDocument(
  answer: Extract<FixAnswer, { kind: 'answer' }>,
  semantics: Semantics,
  { deny, proofs = new Map() }: FixDocumentOptions,
): FixesDocument {
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Fixes',
    from: answer.from.notation,
    to: answer.to.notation,
    profile: semantics.name,
    wanted: deny ? 'denied' : 'allowed',
    connections: answer.connections.map((each) => connectionDocument(answer.from.text, each, { deny, proofs })),
  };
}

function connectionDocument(from: string, each: ConnectionFixes, { deny, proofs }: Required<FixDocumentOptions>): FixesOfConnection {
  const { connection, fixes, unreadable, addressUnknown, dnsStaysDenied } = each;
  const { route, outcome, advice } = connection;
  const family = addressUnknown === undefined ? undefined : addressFamily(each);
  return {
    asked: { from, to: route.to },
    ...(route.port !== undefined && { port: route.port }),
    protocol: route.protocol,
    outcome,
    dnsStaysDenied,
    ...(unreadable.length > 0 && { unreadable: unreadable.map(({ ref }) => ref) }),
    ...(addressUnknown !== undefined && { addressUnknown }),
    ...(family !== undefined && { addressFamily: family }),
    ...(advice.length > 0 && { advice: advice.map(adviceDocument) }),
    ...(fixes.length === 0 && { none: noFix(each, deny) }),
    fixes: fixes.map((fix) => oneFix(fix, proofs.get(fix))),
  };
}

/** The family of the range that stands for the unknown address; undefined where it has both. */
function addressFamily({ connection }: ConnectionFixes): 'IPv4' | 'IPv6' | undefined {
  const ranges = connection.route.legs.flatMap(({ destinationRange }) => destinationRange ?? []);
  const [has4, has6] = [ranges.some(({ v4 }) => v4.length > 0), ranges.some(({ v6 }) => v6.length > 0)];
  return has4 === has6 ? undefined : has4 ? 'IPv4' : 'IPv6';
}

function noFix({ connection, isDone, unreadable }: ConnectionFixes, deny: boolean): NoFix {
  if (isDone) return { code: 'done' };
  if (unreadable.length > 0)
    return { code: 'unreadable', because: unreadable.map(({ ref, faults }) => ({ text: ref, ...placed(faults[0]?.origin) })) };
  const broken = connection.obstacles.filter(({ severity }) => severity === 'broken');
  if (broken.length > 0) {
    return {
      code: 'broken',
      because: broken.map((obstacle) => ({ ...said(obstacleSentence(obstacle)), ...placed(obstacle.origin) })),
      ...(connection.legs.some(({ outcome }) => outcome !== 'allowed') && { policiesDeny: true }),
    };
  }
  const above = deny ? [] : connection.causes.filter(({ code, facts }) => code === 'denied-by-rule' && facts.tier === 'admin');
  if (above.length > 0)
    return { code: 'denied-above', because: above.map(({ facts, at }) => ({ text: `${facts.kind} ${facts.rule}`, ...placed(at) })) };
  return { code: 'not-found' };
}

function oneFix(fix: RankedFix, proof: FixProof | undefined): FixDocument {
  const { levers, steps } = fix;
  const planned = plannedFiles(steps);
  const changes = objectChanges(levers, steps);
  const brief = briefFix(fix);
  return {
    ...brief,
    // What is created is a whole object, whatever its type here says.
    edits: brief.edits.map((edit, i) => ({ ...edit, objects: (changes[i] ?? []) as readonly ObjectChange[] })),
    ...(planned.refused === undefined
      ? { files: planned.files.map(({ file }) => file), ...patchOf(planned.files) }
      : { files: [], notWritable: planned.refused.reason }),
    kubectl: kubectlCommands(steps),
    ...(proof === undefined ? {} : { proof }),
  };
}

/** Beyond this a unified diff repeats a whole file of one long line, twice for each fix; the `objects` of its edits say the same in little. */
const LONGEST_PATCH = 1 << 16;

function patchOf(files: readonly PlannedFile[]): { readonly patch: string } | { readonly patchLeftOut: 'long-lines' } {
  return diffLength(files) > LONGEST_PATCH ? { patchLeftOut: 'long-lines' } : { patch: unifiedDiff(files) };
}
