// What `diff` says, in every format.

import { shortNames } from '../../profile/families.ts';
import { shortName } from './ends.ts';
import { andMore, counted } from './lists.ts';
import { cniCauseWords } from './move.ts';
import { portsWords } from './ports.ts';

type Ports = Parameters<typeof portsWords>[0];
type Direction = 'ingress' | 'egress';
type ObjectChange = 'added' | 'removed' | 'changed';

/** What the formats that show one result for each edit call it, for their list of rules. */
export const DIFF_RULE_TEXTS = {
  'relabelling-leaves-open': 'other labels: no policy isolates the workload any more',
  'policy-change-leaves-open': 'a policy is gone or selects other pods: nothing isolates the workload any more',
  'other-cni-leaves-open': 'the new CNI does not enforce what isolated the workload',
  'isolation-unclear': 'a policy that cannot be read may or may not isolate the workload',
  'state-unreadable': 'a file could not be read, so its objects look as if they had come or gone',
  'access-widened': 'connections are opened',
  'access-lost': 'connections are closed',
  'access-unclear': 'what the profile or the input leaves undecided has changed',
  'policy-inert': 'a policy, or one of its peers, matches no pod any more',
  'peer-not-here': 'a new peer selects pods that are not in the input, so what it opens is not shown',
  'open-connections': 'what happens to open connections when the change is applied',
  'apply-order': 'policies applied in another order cut connections for a while',
} as const;

/** `k8s/cart.yaml:24:1 holds merge conflict markers, so its objects count as missing in main`. */
export function unreadWords({ at, text = '' }: { readonly at: string; readonly text?: string }, state: string): string {
  return `${at} ${text}, so its objects count as missing in ${state}`;
}

/** `3 workloads are new: shop/cart, shop/checkout, shop/frontend`. */
export function passingWords(
  passing: 'come' | 'go',
  workloads: { readonly added: readonly string[]; readonly removed: readonly string[] },
): string {
  const names = (passing === 'come' ? workloads.added : workloads.removed).map(shortName);
  return `${names.length} workloads are ${passing === 'come' ? 'new' : 'gone'}: ${andMore(names, 4)}`;
}

interface Row {
  readonly change: 'opened' | 'closed' | 'changed' | 'undecided';
  readonly before: Ports;
  readonly after: Ports;
  readonly opened?: Ports;
  readonly closed?: Ports;
  readonly perhapsOpened?: Ports;
  readonly perhapsClosed?: Ports;
}

/** `TCP 5432`; of a row that had some before `TCP 80 → TCP 80,443`; of an undecided one what it may open or close. */
export function portChange({ change, before, after, opened = [], closed = [], perhapsOpened, perhapsClosed }: Row): string {
  const sure = {
    opened: () => [portsWords(opened)],
    closed: () => [portsWords(closed)],
    changed: () => [`${portsWords(before)} → ${portsWords(after)}`],
    undecided: () => [],
  }[change]();
  return [
    ...sure,
    ...(perhapsOpened === undefined ? [] : [`perhaps opened: ${portsWords(perhapsOpened)}`]),
    ...(perhapsClosed === undefined ? [] : [`perhaps closed: ${portsWords(perhapsClosed)}`]),
  ].join(', ');
}

interface Cause {
  readonly kind: string;
  readonly name: string;
  readonly change: ObjectChange;
  readonly of?: 'policy' | 'workload' | 'namespace' | 'entry' | 'cni';
  readonly part?: string;
  readonly partChange?: ObjectChange;
  readonly was?: string;
  readonly now?: string;
}

const PART_CHANGES: Readonly<Record<ObjectChange, string>> = { added: 'is new', removed: 'was removed', changed: 'changed' };

/** `NetworkPolicy shop/cart-ingress: ingress[0].from[0] app=web became app=frontend`. Not yet made harmless. */
export function causeWords(cause: Cause): string {
  const { kind, name, change, of, part, partChange = 'changed', was, now } = cause;
  if (of === 'cni') return cniCauseWords(cause);
  const object = `${kind} ${name}`;
  if (change === 'added') return of === 'namespace' ? `${object} is now declared, with labels` : `${object} is new`;
  if (change === 'removed') return of === 'namespace' ? `${object} is no longer declared, and its labels are gone` : `${object} is gone`;
  const where = of !== 'policy' ? 'label ' : part === undefined ? '' : `${part} `;
  if (was !== undefined && now !== undefined) return `${object}: ${where}${was} became ${now}`;
  if (was !== undefined) return `${object}: ${where}${was} was removed`;
  if (now !== undefined) return `${object}: ${where}${now} was added`;
  return part === undefined ? `${object} changed` : `${object}: ${part} ${PART_CHANGES[partChange]}`;
}

/** `one or another of 12 edits: NetworkPolicy shop/cart is gone, … and 9 more`. */
export function othersWords(others: readonly Cause[]): string {
  return `one or another of ${others.length} edits: ${andMore(others.map(causeWords), 3)}`;
}

/** `ingress: no policy isolates it any more, every pod and address can reach it`; both directions in one sentence. */
export function isolationWords(change: 'lost' | 'gained' | 'unsure', directions: readonly Direction[], hasOrderedTiers: boolean): string {
  const where = directions.join(' and ');
  if (change === 'unsure') return `${where}: a policy that cannot be read may or may not isolate it`;
  const way = directions.length > 1 ? 'both' : (directions[0] ?? 'both');
  if (change === 'gained') {
    const what = { ingress: 'comes in', egress: 'goes out', both: 'comes in and goes out' }[way];
    return `${where}: only what policies allow ${what} now`;
  }
  const open = {
    ingress: 'every pod and address can reach it',
    egress: 'it can reach every pod and address',
    both: 'it can reach and be reached by every pod and address',
  }[way];
  // Policies of the ordered tiers deny what they name, and nothing else.
  return `${where}: no policy isolates it any more, so ${open}${hasOrderedTiers ? ' except what admin or baseline policies deny' : ''}`;
}

/** Workload, or those of its pods that are meant: `shop/cart (shop/cart-6d4)`. */
export function isolationSubject({ workload, pods }: { readonly workload: string; readonly pods?: readonly string[] }): string {
  return pods === undefined ? shortName(workload) : `${shortName(workload)} (${andMore(pods, 3)})`;
}

interface Established {
  readonly denied: 'cut' | 'kept' | 'open';
  readonly says?: readonly { readonly value: string; readonly profiles: readonly string[] }[];
}

/** What happens to connections that are open. */
export function establishedWords({ denied, says = [] }: Established, profile: string): string {
  if (denied === 'kept')
    return `${profile} does not cut open connections: what is closed here is closed for new connections only; to end the others, restart one side or delete its conntrack entries`;
  if (denied === 'cut') return `${profile} cuts open connections as soon as the policy is in force: drain what must not break first`;
  const side = (wanted: string) => says.filter((say) => say.value === wanted).flatMap(({ profiles }) => profiles);
  const part = (word: string, names: readonly string[]) => (names.length === 0 ? [] : [`${word} by ${andMore(shortNames(names), 5)}`]);
  return `open connections are ${[...part('cut', side('cut')), ...part('kept', side('kept'))].join(', ')}; choose your CNI with --cni`;
}

interface Counted {
  readonly summary: {
    readonly opened: number;
    readonly closed: number;
    readonly changed: number;
    readonly undecided: number;
    readonly isolationLost: number;
    readonly isolationGained: number;
  };
  readonly workloads: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly isolation: readonly { readonly change: string; readonly workload: string }[];
}

/** `isolation lost on 1 workload, 2 opened, 1 closed`; `no connection changes` for none. */
export function countWords({ summary, workloads, isolation }: Counted): string {
  const { opened, closed, changed, undecided, isolationLost, isolationGained } = summary;
  const { added, removed } = workloads;
  const workloadsThat = (wanted: string) =>
    new Set(isolation.filter(({ change }) => change === wanted).map(({ workload }) => workload)).size;
  const parts = [
    ...(isolationLost > 0 ? [`isolation lost on ${counted(workloadsThat('lost'), 'workload')}`] : []),
    ...(opened > 0 ? [`${opened} opened`] : []),
    ...(closed > 0 ? [`${closed} closed`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
    ...(isolationGained > 0 ? [`isolation gained on ${counted(workloadsThat('gained'), 'workload')}`] : []),
    ...(added.length > 0 ? [`${counted(added.length, 'workload')} new`] : []),
    ...(removed.length > 0 ? [`${counted(removed.length, 'workload')} gone`] : []),
  ];
  return parts.length === 0 ? 'no connection changes' : parts.join(', ');
}

interface Step {
  readonly kind: string;
  readonly name: string;
  readonly change: ObjectChange;
}

const MOST_STEPS = 6;

/** The edits one by one, or, where they are many, on one line: nobody types thirteen commands from a list. */
export function orderWords(order: readonly Step[]): readonly string[] {
  const verb = (change: string) => (change === 'removed' ? 'delete' : 'apply');
  if (order.length <= MOST_STEPS) return order.map(({ change, kind, name }, i) => `${i + 1}. ${verb(change)} ${kind} ${name}`);
  const steps: { readonly verb: string; readonly names: string[] }[] = [];
  for (const { change, kind, name } of order) {
    const last = steps.at(-1);
    const words = `${verb(change)} ${kind}`;
    if (last?.verb === words) last.names.push(name);
    else steps.push({ verb: words, names: [name] });
  }
  return steps.map((step, i) => `${i + 1}. ${step.verb} ${step.names.join(', ')}${step.names.length > 1 ? ', in this order' : ''}`);
}

interface Gap {
  readonly direction: Direction;
  readonly subject: string;
  readonly peer: string;
  readonly ports: Ports;
}

/** `shop/frontend → shop/cart (TCP 7070)`; `a connection` where none is known. */
function gapWords(gap: Gap | undefined): string {
  if (gap === undefined) return 'a connection';
  const { direction, subject, peer, ports } = gap;
  const [from, to] = direction === 'egress' ? [subject, peer] : [peer, subject];
  return `${shortName(from)} → ${shortName(to)} (${portsWords(ports)})`;
}

/** The order matters; the steps follow. */
export function orderHead(risk: Gap | undefined): string {
  return `the order matters: applied in another order, ${gapWords(risk)} is cut for a while although it is allowed before and after`;
}

/** What even the best order cuts. */
export function orderGap(gap: Gap): string {
  return `even so ${gapWords(gap)} is cut until the last of them is in place, because the first policy on a pod isolates it: apply all of them in one go, or put an allow-all policy on these pods first and delete it last`;
}

/** One sentence, for a result beside a line. */
export function orderResult(order: readonly Step[], risk: Gap): string {
  const names = order.map(({ kind, name }) => `${kind} ${name}`).join(', then ');
  return `apply ${names}; in another order ${gapWords(risk)} is cut for a while`;
}

/** `shop/cart: ingress: no policy isolates it any more …, because NetworkPolicy shop/cart is gone`. */
export function isolationResult(subject: string, words: string, cause: Cause | undefined): string {
  return `${subject}: ${words}${cause === undefined ? '' : `, because ${causeWords(cause)}`}`;
}

interface RowWithEnds extends Row {
  readonly from: string;
  readonly to: string;
}

/** Connections that one result names. */
const MOST_NAMED = 10;

/** `NetworkPolicy shop/cart is gone; this opens 2 connections:` and the connections, one a line. */
export function rowsResult(verb: 'opens' | 'closes' | 'leaves undecided', rows: readonly RowWithEnds[], cause: Cause | undefined): string {
  const head = cause === undefined ? `the change ${verb}` : `${causeWords(cause)}; this ${verb}`;
  const names = rows.slice(0, MOST_NAMED).map((row) => `${shortName(row.from)} → ${shortName(row.to)} (${portChange(row)})`);
  const more = rows.length > names.length ? [`… and ${rows.length - names.length} more`] : [];
  return `${head} ${counted(rows.length, 'connection')}:\n${[...names, ...more].join('\n')}`;
}

export const ISOLATION_TITLES = { lost: '✗ isolation lost', unsure: '? isolation unclear', gained: '✓ isolation gained' } as const;

export const CHANGE_TITLES = {
  opened: '+ opened',
  closed: '- closed',
  changed: '~ changed',
  undecided: '? undecided because of the profile or the input',
} as const;

export const CHANGE_MARKS = { opened: '🟢 opened', closed: '🔴 closed', changed: '🟡 changed', undecided: '⚪ undecided' } as const;

export const DIFF_LABELS = {
  because: 'because',
  and: '    and',
  inert: 'inert',
  unseen: 'unseen',
  order: 'order',
  open: 'open',
} as const;

export function moreLines(count: number): string {
  return `… and ${count} more lines; --verbose shows them`;
}

export function filesAreIn(folder: string): string {
  return `files are in ${folder}`;
}

/** For the headings and rows of a page. */
export const DIFF_PAGE = {
  columns: ['', 'from', 'to', 'ports', 'because of'],
  reasons: 'Why each of them changes',
  unseen: 'What this input cannot show',
  applying: 'When it is applied',
} as const;

export function pageHead(base: string, head: string, profile: string): string {
  return `${base} → ${head} · CNI profile: ${profile}`;
}

export function moreInert(count: number): string {
  return `and ${count} more policies or peers that no longer match any pod`;
}

export function moreEdits(count: number): string {
  return `${count} more edits`;
}

export function editCount(count: number): string {
  return counted(count, 'edit');
}

export function andCount(count: number): string {
  return `and ${count} more`;
}

/** `3 connections opened`. */
export function changedCount(count: number, change: string): string {
  return `${counted(count, 'connection')} ${change}`;
}

export function pictureWords(shown: number, all: number): string {
  return `Green opens, red closes, yellow changes ports${all > shown ? ` (the first ${shown} of ${all})` : ''}:`;
}
