// `diff` as a document, whole or in pieces (diff-json.ts): what a change opens, closes and uncovers, and which edit does it.

import type { ChangedRow } from '../compare/compare.ts';
import type { Cluster } from '../model/cluster.ts';
import { type Origin, printPath } from '../model/origin.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { doubtKey } from '../policy/verdict.ts';
import { countRows, type DiffAnswer, type DiffCause, type DiffRow, type ObjectEdit, placeOfCause } from '../question/diff.ts';
import { type AccessAnswer, type AccessRow, withoutTwin } from '../question/new-access.ts';
import { problemSentence } from '../words/en/problem.ts';
import { changedDeparturesDocument } from './departures.ts';
import { inertDocument, unseenDocuments } from './diff-peers.ts';
import type {
  ConnectivityDiff,
  DiffAccess,
  DiffCauseDocument,
  DiffChange,
  DiffDrift,
  DiffEdit,
  DiffGap,
  DiffInOrder,
  DiffUnread,
} from './documents/connectivity-diff.ts';
import { namespaceSizes } from './map.ts';
import { placed, placeOf } from './place.ts';
import { portsDocument, somePorts } from './ports.ts';
import { problemPlace } from './problems.ts';
import { doubtDocument } from './promises.ts';

/** What a comparison is made of. */
export interface DiffQuestion {
  /** As the person named them: `main`, `k8s/`, `working tree`. */
  readonly base: string;
  readonly head: string;
  readonly clusters: { readonly before: Cluster; readonly after: Cluster };
  readonly answer: DiffAnswer;
  /** The new state is the old one with files applied. */
  readonly isApplied?: boolean;
  /** Cells of the profile that the old state's settings decide otherwise. */
  readonly settingsDiffer?: readonly string[];
  /** What was asked with `--no-new-access` and `--no-public-access`. */
  readonly access?: readonly AccessAnswer[];
  /** What was asked with `--in-order`. */
  readonly inOrder?: DiffInOrder | undefined;
}

/** The whole comparison in one value. `rows`: of the answer, in its order. Never throws. */
export function diffDocument(question: DiffQuestion, rows: Iterable<DiffRow>): ConnectivityDiff {
  const all = [...rows];
  const causes = new DiffCauses();
  return {
    ...diffHead(question, causes),
    changes: all.map((row) => ({ ...changeDocument(row), ...reasons(row, causes) })),
    summary: countRows(all, question.answer.isolation),
  };
}

/** All but the rows, and the counts that come after them. */
export function diffHead(
  { base, head, clusters, answer, isApplied = false, settingsDiffer = [], access = [], inOrder }: DiffQuestion,
  causes: DiffCauses,
): Omit<ConnectivityDiff, 'changes' | 'summary'> {
  const unread = unreadDocuments(clusters);
  const departures = changedDeparturesDocument(answer.departures);
  const hasTiers = clusters.after.policies.some(({ tier }) => tier !== 'namespaced');
  const { order, established } = answer;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'ConnectivityDiff',
    base,
    head,
    profile: answer.profile,
    ...(unread.length === 0 ? {} : { unread }),
    ...(settingsDiffer.length === 0 ? {} : { settingsDiffer }),
    edits: answer.edits.map(editDocument),
    ...(isApplied ? { drift: answer.edits.flatMap(driftDocument) } : {}),
    workloads: answer.workloads,
    namespaces: {
      base: namespaceSizes(clusters.before.workloads.values()),
      head: namespaceSizes(clusters.after.workloads.values()),
    },
    ...(hasTiers ? { orderedTiers: true } : {}),
    isolation: answer.isolation.map(({ workload, direction, change, pods, ...row }) => ({
      workload,
      direction,
      change,
      ...(pods === undefined ? {} : { pods }),
      ...reasons(row, causes),
    })),
    inert: answer.inert.map(inertDocument),
    unseen: unseenDocuments(answer.unseen),
    ...(order === undefined
      ? {}
      : {
          order: {
            apply: order.order.map(({ kind, ref, change, after }) => ({ kind, name: ref, change, ...placed(after) })),
            cutInAnotherOrder: order.risks.map(gapDocument),
            cutAnyway: order.gaps.map(gapDocument),
          },
        }),
    establishedConnections: { denied: established.value, ...(established.says.length === 0 ? {} : { says: established.says }) },
    ...(departures === undefined ? {} : { departures }),
    ...(access.length === 0 ? {} : { access: access.map((each) => accessDocument(each, causes)) }),
    ...(inOrder === undefined ? {} : { inOrder }),
  };
}

/** A row without what makes it so. */
export function changeDocument(row: ChangedRow): Omit<DiffChange, 'because' | 'eachIsEnough'> {
  const { change, from, to, before, after, opened, closed, perhapsOpened, perhapsClosed, because, comes, goes } = row;
  return {
    change,
    from,
    to,
    before: portsDocument(before),
    after: portsDocument(after),
    ...somePorts('opened', opened),
    ...somePorts('closed', closed),
    ...somePorts('perhapsOpened', perhapsOpened),
    ...somePorts('perhapsClosed', perhapsClosed),
    ...(because.length === 0 ? {} : { undecidedBecause: because.map(doubtKey) }),
    ...(comes.length === 0 ? {} : { added: comes }),
    ...(goes.length === 0 ? {} : { removed: goes }),
  };
}

function reasons({ causes, isEachEnough }: Pick<DiffRow, 'causes' | 'isEachEnough'>, documents: DiffCauses) {
  return { because: causes.map((cause) => documents.of(cause)), ...(isEachEnough ? { eachIsEnough: true as const } : {}) };
}

/** A cause is that of many rows, and its line is looked up in the text: made once, and one value for all of them. */
export class DiffCauses {
  readonly #known = new WeakMap<object, DiffCauseDocument>();

  of(cause: DiffCause): DiffCauseDocument {
    const key = cause.place ?? cause.edit;
    let made = this.#known.get(key);
    if (made === undefined) {
      made = causeDocument(cause);
      this.#known.set(key, made);
    }
    return made;
  }
}

function causeDocument(cause: DiffCause): DiffCauseDocument {
  const { edit, place } = cause;
  const { at, inState } = placeOfCause(cause);
  const part = partOf(place?.after, edit.after) ?? partOf(place?.before, edit.before);
  const isGone = at !== undefined && inState === 'before';
  return {
    kind: edit.kind,
    name: edit.ref,
    change: edit.change,
    of: edit.thing.is,
    ...(part === undefined ? {} : { part: part.name, partChange: part.isCut ? ('changed' as const) : changeOf(place) }),
    ...placed(at),
    ...(isGone ? { isGone, ...(edit.after === undefined ? {} : { objectAt: placeOf(edit.after) }) } : {}),
    ...(place?.was === undefined ? {} : { was: place.was }),
    ...(place?.now === undefined ? {} : { now: place.now }),
  };
}

function changeOf(place: DiffCause['place']): 'added' | 'removed' | 'changed' {
  return place?.after === undefined ? 'removed' : place.before === undefined ? 'added' : 'changed';
}

/** `ingress[0].ports[1]`: a rule's peer or port, or a field of the spec; what is inside of it is left to the line. */
const DEEPEST_PART = 4;

function partOf(place: Origin | undefined, object: Origin | undefined): { readonly name: string; readonly isCut: boolean } | undefined {
  if (place === undefined || object === undefined) return undefined;
  const inside = place.path.slice(object.path.length).filter((step, i) => !(i === 0 && step === 'spec'));
  const isRule = inside[0] === 'ingress' || inside[0] === 'egress';
  const shown = inside.slice(0, isRule ? DEEPEST_PART : 1);
  return shown.length === 0 ? undefined : { name: printPath(shown), isCut: shown.length < inside.length };
}

/** Applying deletes nothing: what goes is a pod that its workload replaces, and no object of the files. */
function driftDocument(edit: ObjectEdit): readonly DiffDrift[] {
  const { kind, name, change, at, places } = editDocument(edit);
  if (change === 'removed') return [];
  const state = change === 'added' ? 'missing' : 'differs';
  return [{ kind, name, state, ...(at === undefined ? {} : { at }), ...(places === undefined ? {} : { places }) }];
}

function editDocument(edit: ObjectEdit): DiffEdit {
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
            ...(was === undefined || was === '' ? {} : { was }),
            ...(now === undefined || now === '' ? {} : { now }),
          })),
        }),
  };
}

function gapDocument({ direction, subject, peer, ports }: NonNullable<DiffAnswer['order']>['gaps'][number]): DiffGap {
  return { direction, subject, peer, ports: portsDocument(ports) };
}

/** Faults after which nothing of the text is known, so that its objects seem to be not there. */
const UNREAD: readonly ProblemCode[] = [
  'unreadable-file',
  'file-too-large',
  'not-text',
  'lost-indentation',
  'not-yaml',
  'not-json',
  'alias-bomb',
  'nested-too-deep',
  'merge-conflict-markers',
  'unrendered-template',
];

/** What could not be read of either state: a policy in it looks as if it had come or gone. */
function unreadDocuments({ before, after }: DiffQuestion['clusters']): readonly DiffUnread[] {
  const of = (state: DiffUnread['state'], { problems }: Cluster) =>
    problems.filter(({ code }) => UNREAD.includes(code)).map((problem) => unreadDocument(state, problem));
  return [...of('head', after), ...of('base', before)];
}

function unreadDocument(state: DiffUnread['state'], problem: Problem): DiffUnread {
  const place = problemPlace(problem);
  const { file = '', line = 0, column = 0 } = place ?? {};
  const at = line === 0 ? file : column === 0 ? `${file}:${line}` : `${file}:${line}:${column}`;
  return { state, code: problem.code, at, text: problemSentence(problem).text, ...(place === undefined ? {} : { place }) };
}

/** What `--no-new-access` or `--no-public-access` found. */
function accessDocument({ kind, outcome, rows, doubts, toCome, created }: AccessAnswer, causes: DiffCauses): DiffAccess {
  const documents = rows.map((row) => accessRowDocument(row, causes));
  const named = created.filter(({ name }) => documents.some(({ from, to }) => [from, to].some((end) => end.startsWith(`${name}/`))));
  return {
    kind,
    outcome,
    toCome,
    rows: documents,
    ...(named.length === 0
      ? {}
      : { newNamespaces: Object.fromEntries(named.map(({ name, labels }) => [name, Object.fromEntries(labels)])) }),
    ...(doubts.length === 0 ? {} : { undecidedBecause: doubts.map(doubtDocument) }),
  };
}

function accessRowDocument(row: AccessRow, causes: DiffCauses): DiffChange {
  const document = changeDocument(row);
  return {
    ...document,
    from: withoutTwin(document.from),
    to: withoutTwin(document.to),
    because: row.causes.map((cause) => causes.of(cause)),
    ...(row.isEachEnough ? { eachIsEnough: true as const } : {}),
  };
}
