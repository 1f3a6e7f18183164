// What the reports of `diff` share: the words for reasons, for lost isolation, for the order of applying and for open connections.
// Which rows are told together is in diff-groups.ts.
import { placeFor, placeOf } from '../explain/place.ts';
import type { Cluster } from '../model/cluster.ts';
import { type Origin, type Place, printPath } from '../model/origin.ts';
import { type Direction, peerName, ruleName } from '../model/policy.ts';
import type { Problem, ProblemCode } from '../model/problem.ts';
import { printSelector } from '../model/selector.ts';
import type { PortSet } from '../net/port-set.ts';
import { isNoPorts, printPortSet } from '../net/port-set.ts';
import { shortNames } from '../profile/families.ts';
import {
  closes,
  type DiffAnswer,
  type DiffCause,
  type DiffCounts,
  type DiffRow,
  type Established,
  type IsolationRow,
  placeOfCause,
} from '../question/diff.ts';
import type { InertPolicy, RulePeer } from '../reach/diff-inert.ts';
import { shortName } from '../words/en/ends.ts';
import { andMore } from '../words/en/lists.ts';
import { problemSentence } from '../words/en/problem.ts';
import { portsWords } from './ports.ts';

export interface DiffReport {
  /** As the person named them: `main`, `k8s/`, `working tree`. */
  readonly base: string;
  readonly head: string;
  readonly answer: DiffAnswer;
  readonly rows: readonly DiffRow[];
  readonly counts: DiffCounts;
  /** The clusters, to know when a whole namespace is meant. */
  readonly clusters: { readonly before: Cluster; readonly after: Cluster };
}

/** Faults after which nothing of the text is known, so that its objects seem to be not there. */
const UNREAD: readonly ProblemCode[] = [
  'unreadable-file',
  'file-too-large',
  'not-text',
  'not-yaml',
  'not-json',
  'alias-bomb',
  'nested-too-deep',
  'merge-conflict-markers',
  'unrendered-template',
];

export interface Unread {
  readonly state: 'before' | 'after';
  readonly problem: Problem;
}

/** What could not be read of either state: a policy in it looks as if it had come or gone. */
export function unreadParts({ clusters }: Pick<DiffReport, 'clusters'>): readonly Unread[] {
  return (['after', 'before'] as const).flatMap((state) =>
    clusters[state].problems.filter(({ code }) => UNREAD.includes(code)).map((problem) => ({ state, problem })),
  );
}

/** `k8s/cart.yaml:24:1 holds merge conflict markers, so its objects count as not there in working tree`. */
export function unreadWords({ state, problem }: Unread, { base, head }: Pick<DiffReport, 'base' | 'head'>): string {
  return `${placeOf(problem)} ${problemSentence(problem).text}, so what stands there counts as missing in ${state === 'before' ? base : head}`;
}

/** `3 workloads are new: shop/cart, shop/checkout, shop/frontend`. */
export function passingWords(passing: 'come' | 'go', { answer }: Pick<DiffReport, 'answer'>): string {
  const names = (passing === 'come' ? answer.workloads.added : answer.workloads.removed).map(shortName);
  return `${names.length} workloads are ${passing === 'come' ? 'new' : 'gone'}: ${andMore(names, 4)}`;
}

/** `TCP 5432`; of a row that had some before: `TCP 80 → TCP 80,443`; of an open one what it may open or close. */
export function portChange(row: DiffRow): string {
  switch (row.change) {
    case 'opened':
      return `${portsWords(row.opened)}${perhaps(row)}`;
    case 'closed':
      return `${portsWords(row.closed)}${perhaps(row)}`;
    case 'changed':
      return `${portsWords(row.before)} → ${portsWords(row.after)}${perhaps(row)}`;
    case 'undecided':
      return perhaps(row).replace(/^, /, '');
  }
}

function perhaps({ perhapsOpened, perhapsClosed }: DiffRow): string {
  const part = (word: string, ports: PortSet) => (isNoPorts(ports) ? '' : `, perhaps ${word}: ${portsWords(ports)}`);
  return `${part('opened', perhapsOpened)}${part('closed', perhapsClosed)}`;
}

/** `NetworkPolicy shop/cart-ingress: ingress[0].from[0] app=web became app=frontend`. Not yet made harmless. */
export function causeWords({ edit, place }: DiffCause): string {
  const object = `${edit.kind} ${edit.ref}`;
  if (edit.change === 'added') return edit.thing.is === 'namespace' ? `${object} is written now, with labels` : `${object} is new`;
  if (edit.change === 'removed')
    return edit.thing.is === 'namespace' ? `${object} is no longer written, its labels are gone` : `${object} is gone`;
  const { was, now, before, after } = place ?? {};
  const part = partOf(after, edit.after) ?? partOf(before, edit.before);
  const where = edit.thing.is === 'policy' ? (part === undefined ? '' : `${part.words} `) : 'label ';
  if (was !== undefined && now !== undefined) return `${object}: ${where}${was} became ${now}`;
  if (was !== undefined) return `${object}: ${where}${was} was taken away`;
  if (now !== undefined) return `${object}: ${where}${now} was added`;
  if (part === undefined) return `${object} changed`;
  if (part.isCut) return `${object}: ${part.words} changed`;
  return after === undefined
    ? `${object}: ${part.words} was taken out`
    : before === undefined
      ? `${object}: ${part.words} is new`
      : `${object}: ${part.words} changed`;
}

/** `one or another of 12 edits: NetworkPolicy shop/cart is gone, … and 9 more`. */
export function othersWords(others: readonly DiffCause[]): string {
  return `one or another of ${others.length} edits: ${andMore(others.map(causeWords), 3)}`;
}

/** `ingress[0].ports[1]`: a rule's peer or port, or a field of the spec; what is inside of it is left to the line. */
const DEEPEST_PART = 4;

function partOf(place: Origin | undefined, object: Origin | undefined): { readonly words: string; readonly isCut: boolean } | undefined {
  if (place === undefined || object === undefined) return undefined;
  const inside = place.path.slice(object.path.length).filter((step, i) => !(i === 0 && step === 'spec'));
  const isRule = inside[0] === 'ingress' || inside[0] === 'egress';
  const shown = inside.slice(0, isRule ? DEEPEST_PART : 1);
  return shown.length === 0 ? undefined : { words: printPath(shown), isCut: shown.length < inside.length };
}

/** Where a reader looks: file and line in the state that has it. */
export function causePlace(cause: DiffCause): { readonly at: Origin | undefined; readonly inState: 'before' | 'after' } {
  return placeOfCause(cause);
}

export function causePlaceDocument(cause: DiffCause): Place | undefined {
  return placeFor(placeOfCause(cause).at);
}

/** `ingress: no policy selects it any more, every pod and address may reach it`; both directions in one sentence. */
export function isolationWords(
  change: IsolationRow['change'],
  directions: readonly Direction[],
  { clusters }: Pick<DiffReport, 'clusters'>,
): string {
  const where = directions.join(' and ');
  if (change === 'unsure') return `${where}: a policy that cannot be read may or may not isolate it`;
  const way = directions.length > 1 ? 'both' : (directions[0] ?? 'both');
  if (change === 'gained') {
    const what = { ingress: 'comes in', egress: 'goes out', both: 'comes in and goes out' }[way];
    return `${where}: only what policies allow ${what} now`;
  }
  const open = {
    ingress: 'every pod and address may reach it',
    egress: 'it may reach every pod and address',
    both: 'it may reach and be reached by every pod and address',
  }[way];
  // Policies of the ordered tiers deny what they name, and nothing else.
  const hasTiers = clusters.after.policies.some(({ tier }) => tier !== 'namespaced');
  return `${where}: no policy isolates it any more, ${open}${hasTiers ? ' but what admin or baseline policies deny' : ''}`;
}

/** Workload, or those of its pods that are meant. */
export function isolationSubject({ workload, pods }: IsolationRow): string {
  return pods === undefined ? shortName(workload) : `${shortName(workload)} (${andMore(pods, 3)})`;
}

export function inertWords(inert: InertPolicy): string {
  if (inert.what === 'selects-nothing') return `${inert.policy.kind} ${inert.policy.ref} selects no pod any more: it protects nothing`;
  return `${peerWords(inert)} means no pod any more: it opens nothing`;
}

/** `NetworkPolicy shop/cart ingress[0].from[1]`. */
function peerWords({ policy, rule: { direction, rule }, peer }: RulePeer): string {
  return `${policy.kind} ${policy.ref} ${ruleName({ direction, rule })}.${peerName({ direction, rule }, peer)}`;
}

export interface UnseenGroup {
  readonly words: string;
  readonly first: RulePeer;
}

/** `pods in namespaces kubernetes.io/metadata.name=monitoring are not in this input, so what … opens to them is not shown`. By whom is meant. */
export function unseenGroups({ answer }: Pick<DiffReport, 'answer'>): readonly UnseenGroup[] {
  const groups = new Map<string, RulePeer[]>();
  for (const one of answer.unseen) {
    const list = groups.get(whomWords(one));
    if (list === undefined) groups.set(whomWords(one), [one]);
    else list.push(one);
  }
  return [...groups].map(([whom, list]) => ({
    words: `${whom} are not in this input, so what ${andMore(list.map(peerWords), 2)} opens to them is not shown`,
    first: list[0] as RulePeer,
  }));
}

function whomWords({ policy, rule: { rule }, peer }: RulePeer): string {
  const found = rule.peers === 'anyone' ? undefined : rule.peers[peer];
  if (found?.kind !== 'pods') return 'its peers';
  const pods = found.pods === undefined || found.pods.requirements.length === 0 ? 'pods' : `pods ${printSelector(found.pods)}`;
  const { namespace } = found;
  if (namespace.by === 'labels') {
    const isAny = namespace.selector.requirements.length === 0;
    return `${pods} in ${isAny ? 'any namespace' : `namespaces ${printSelector(namespace.selector)}`}`;
  }
  return `${pods} in ${policy.ref.split('/')[0]}`;
}

export function peerOrigin({ rule: { rule }, peer }: RulePeer): Origin {
  return (rule.peers === 'anyone' ? undefined : rule.peers[peer]?.origin) ?? rule.origin;
}

export function inertOrigin(inert: InertPolicy): Origin {
  return inert.what === 'selects-nothing' ? inert.policy.subject.pods.origin : peerOrigin(inert);
}

/** Does the change deny anything that was allowed? Else nothing happens to open connections. */
export function closesSomething({ rows }: Pick<DiffReport, 'rows'>): boolean {
  return rows.some((row) => closes(row) || !isNoPorts(row.perhapsClosed));
}

/** What happens to connections that are open. */
export function establishedWords({ value, says }: Established, profile: string): string {
  if (value === 'kept') {
    return `${profile} lets connections that are open go on until they close: what is closed here is closed for new ones only; restart one side, or delete its conntrack entries, to end the others`;
  }
  if (value === 'cut')
    return `${profile} cuts connections that are open as soon as the policy is in force: drain what must not break first`;
  const side = (wanted: string) => says.filter((say) => say.value === wanted).flatMap(({ profiles }) => profiles);
  const part = (word: string, names: readonly string[]) => (names.length === 0 ? [] : [`${word} by ${andMore(shortNames(names), 5)}`]);
  return `connections that are open are ${[...part('cut', side('cut')), ...part('kept', side('kept'))].join(', ')}; choose your CNI with --cni`;
}

/** `isolation lost on 1 workload, 2 opened, 1 closed`; `no connection changes` for none. */
export function countWords({ counts, answer }: Pick<DiffReport, 'counts' | 'answer'>): string {
  const { opened, closed, changed, undecided, isolationLost, isolationGained } = counts;
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;
  const { added, removed } = answer.workloads;
  const workloadsThat = (wanted: IsolationRow['change']) =>
    new Set(answer.isolation.filter(({ change }) => change === wanted).map(({ workload }) => workload)).size;
  const parts = [
    ...(isolationLost > 0 ? [`isolation lost on ${plural(workloadsThat('lost'), 'workload')}`] : []),
    ...(opened > 0 ? [`${opened} opened`] : []),
    ...(closed > 0 ? [`${closed} closed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(undecided > 0 ? [`${undecided} left open`] : []),
    ...(isolationGained > 0 ? [`isolation gained on ${plural(workloadsThat('gained'), 'workload')}`] : []),
    ...(added.length > 0 ? [`${plural(added.length, 'workload')} new`] : []),
    ...(removed.length > 0 ? [`${plural(removed.length, 'workload')} gone`] : []),
  ];
  return parts.length === 0 ? 'no connection changes' : parts.join(', ');
}

/** The edits one by one, or, where they are many, on one line: nobody types thirteen commands from a list. */
export function orderWords({ order }: NonNullable<DiffAnswer['order']>): readonly string[] {
  const verb = (change: string) => (change === 'removed' ? 'delete' : 'apply');
  if (order.length <= MOST_STEPS) return order.map(({ change, kind, ref }, i) => `${i + 1}. ${verb(change)} ${kind} ${ref}`);
  const steps: { readonly verb: string; readonly names: string[] }[] = [];
  for (const { change, kind, ref } of order) {
    const last = steps.at(-1);
    const words = `${verb(change)} ${kind}`;
    if (last?.verb === words) last.names.push(ref);
    else steps.push({ verb: words, names: [ref] });
  }
  return steps.map((step, i) => `${i + 1}. ${step.verb} ${step.names.join(', ')}${step.names.length > 1 ? ', in this order' : ''}`);
}

const MOST_STEPS = 6;

export function gapWords({
  direction,
  subject,
  peer,
  ports,
}: {
  readonly direction: string;
  readonly subject: string;
  readonly peer: string;
  readonly ports: PortSet;
}): string {
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
  return `${shortName(from)} → ${shortName(to)} (${printPortSet(ports) === 'all' ? 'every port' : portsWords(ports)})`;
}
