// `diff` as a document for programs: schemas/connectivity-diff.schema.json. In pieces, because there can be many rows; the counts come last.

import { changedDeparturesDocument } from '../answer/departures.ts';
import { placeFor, placeOf } from '../explain/place.ts';
import type { Origin } from '../model/origin.ts';
import { isNoPorts, type PortSet } from '../net/port-set.ts';
import { doubtKey } from '../policy/verdict.ts';
import type { DiffAnswer, DiffCause, DiffCounts, DiffRow, ObjectEdit } from '../question/diff.ts';
import { causePlaceDocument, type DiffReport, inertOrigin, inertWords, peerOrigin, unreadParts, unseenGroups } from './diff-report.ts';
import { jsonText } from './paint.ts';
import { portsDocument } from './ports.ts';

/** `counts`: of the rows that were given, called when all of them are through. */
export function* diffJson(
  { base, head: name, clusters }: Pick<DiffReport, 'base' | 'head' | 'clusters'>,
  answer: DiffAnswer,
  rows: Iterable<DiffRow>,
  counts: () => DiffCounts,
): Generator<string> {
  const unread = unreadParts({ clusters });
  const departures = changedDeparturesDocument(answer.departures);
  const head = {
    apiVersion: 'netverdict.dev/v1',
    kind: 'ConnectivityDiff',
    base,
    head: name,
    profile: answer.profile,
    ...(unread.length === 0
      ? {}
      : {
          unread: unread.map(({ state, problem }) => ({
            state: state === 'before' ? 'base' : 'head',
            code: problem.code,
            at: placeOf(problem),
          })),
        }),
    edits: answer.edits.map(editDocument),
    workloads: answer.workloads,
    isolation: answer.isolation.map(({ workload, direction, change, pods, causes, isEachEnough }) => ({
      workload,
      direction,
      change,
      ...(pods === undefined ? {} : { pods }),
      because: causes.map(causeDocument),
      ...(isEachEnough ? { eachIsEnough: true } : {}),
    })),
    inert: answer.inert.map((inert) => ({
      what: inert.what,
      policy: inert.policy.ref,
      text: inertWords(inert),
      ...placed(inertOrigin(inert)),
    })),
    unseen: unseenGroups({ answer }).map(({ words, first }) => ({ policy: first.policy.ref, text: words, ...placed(peerOrigin(first)) })),
    ...(answer.order === undefined
      ? {}
      : {
          order: {
            apply: answer.order.order.map(({ kind, ref, change }) => ({ kind, name: ref, change })),
            cutInAnotherOrder: answer.order.risks.map(gapDocument),
            cutAnyway: answer.order.gaps.map(gapDocument),
          },
        }),
    establishedConnections: {
      denied: answer.established.value,
      ...(answer.established.says.length === 0 ? {} : { says: answer.established.says }),
    },
    ...(departures === undefined ? {} : { departures }),
  };
  yield `${jsonText(head, true).slice(0, -1)},"changes":[`;
  let comma = '\n';
  // A cause is that of many rows, and its line is looked up in the text.
  const written = new WeakMap<object, string>();
  const causeText = (cause: DiffCause): string => {
    const key = cause.place ?? cause.edit;
    let text = written.get(key);
    if (text === undefined) {
      text = jsonText(causeDocument(cause), true);
      written.set(key, text);
    }
    return text;
  };
  for (const row of rows) {
    const because = `[${row.causes.map(causeText).join()}]`;
    yield `${comma}${jsonText(rowDocument(row), true).slice(0, -1)},"because":${because}${row.isEachEnough ? ',"eachIsEnough":true' : ''}}`;
    comma = ',\n';
  }
  yield `\n],"summary":${jsonText(counts(), true)}}\n`;
}

function rowDocument(row: DiffRow): object {
  const { change, from, to, before, after, opened, closed, perhapsOpened, perhapsClosed, because, comes, goes } = row;
  const some = (name: string, ports: PortSet) => (isNoPorts(ports) ? {} : { [name]: portsDocument(ports) });
  return {
    change,
    from,
    to,
    before: portsDocument(before),
    after: portsDocument(after),
    ...some('opened', opened),
    ...some('closed', closed),
    ...some('perhapsOpened', perhapsOpened),
    ...some('perhapsClosed', perhapsClosed),
    ...(because.length === 0 ? {} : { undecidedBecause: because.map(doubtKey) }),
    ...(comes.length === 0 ? {} : { added: comes }),
    ...(goes.length === 0 ? {} : { removed: goes }),
  };
}

function editDocument(edit: ObjectEdit): object {
  return {
    kind: edit.kind,
    name: edit.ref,
    change: edit.change,
    ...placed(edit.after ?? edit.before),
    ...(edit.places.length === 0
      ? {}
      : {
          places: edit.places.map(({ before, after, was, now }) => ({
            ...placed(after ?? before),
            ...(was && { was }),
            ...(now && { now }),
          })),
        }),
  };
}

function causeDocument(cause: DiffCause): object {
  const { edit, place } = cause;
  const at = causePlaceDocument(cause);
  return {
    kind: edit.kind,
    name: edit.ref,
    change: edit.change,
    ...(at === undefined ? {} : { at }),
    ...(place?.was === undefined ? {} : { was: place.was }),
    ...(place?.now === undefined ? {} : { now: place.now }),
  };
}

function placed(origin: Origin | undefined): object {
  const at = placeFor(origin);
  return at === undefined ? {} : { at };
}

function gapDocument({
  direction,
  subject,
  peer,
  ports,
}: {
  readonly direction: string;
  readonly subject: string;
  readonly peer: string;
  readonly ports: PortSet;
}): object {
  return { direction, subject, peer, ports: portsDocument(ports) };
}
