// Does a change open anything to any pod, those that nobody has created yet among them? Both states get one pod of every kind that the policies
// of either can tell apart, and are compared as they are. A workload that the change adds is no new access by itself: what its pods may do
// is asked of pods like them, in both states.
import { podsToCome, withPods } from '../classes/pods-to-come.ts';
import { type ChangedRow, changedRows, diffOf } from '../compare/compare.ts';
import { sameLabels } from '../compare/states.ts';
import type { Cluster, Namespace, Pod, Workload } from '../model/cluster.ts';
import { ALL_PORTS, isNoPorts } from '../net/port-set.ts';
import { type ProfileChoice, semanticsOf } from '../profile/choose.ts';
import { asReadBy } from '../program/in-force.ts';
import { diffCauses, type Reasons } from './diff-causes.ts';
import { objectEdits } from './diff-edits.ts';
import { namedVariants, type PromiseDoubt } from './promises.ts';

/** `new`: between pods. `public`: from or to addresses outside, and through an Ingress. */
export type AccessKind = 'new' | 'public';

export interface AccessRow extends ChangedRow, Reasons {}

export interface AccessAnswer {
  readonly kind: AccessKind;
  /** `undecided`: nothing opens for sure, and `rows` may, or not every kind of pods could be tried. */
  readonly outcome: 'nothing-opened' | 'opened' | 'undecided';
  /** The first that open something, or may; the others are not looked for. */
  readonly rows: readonly AccessRow[];
  readonly doubts: readonly PromiseDoubt[];
  /** Kinds of new pods that were tried. */
  readonly toCome: number;
  /** The namespaces of those that do not exist yet. */
  readonly created: readonly Namespace[];
}

const MOST_KINDS = 1500;
/** A second pod of every kind, for connections inside a kind. */
const TWIN = ' (another)';

/** `shop/app=cart (another)` → `shop/app=cart`. */
export function withoutTwin(name: string): string {
  return name.endsWith(TWIN) ? name.slice(0, -TWIN.length) : name;
}

/** Pods that differ only in what they call a port: `shop/app=cart (port http TCP 80)` → `shop/app=cart`. */
function kindOf(name: string): string {
  return withoutTwin(name).replace(/ \(port .*\)$/, '');
}

/** Rows that are named. */
const MOST_ROWS = 5;

/** One answer for each kind that is asked for, in their order. Never throws. */
export function newAccess(earlier: Cluster, later: Cluster, choice: ProfileChoice, kinds: readonly AccessKind[]): readonly AccessAnswer[] {
  const semantics = semanticsOf(choice);
  const { before, after, toCome, created, doubts } = withKinds(asReadBy(earlier, semantics), asReadBy(later, semantics));
  const compared = diffOf(before, after, semantics);
  const causes = diffCauses(compared, objectEdits(compared));
  const sure = new Map<AccessKind, ChangedRow[]>(kinds.map((kind) => [kind, []]));
  const open = new Map<AccessKind, ChangedRow[]>(kinds.map((kind) => [kind, []]));
  for (const row of changedRows(compared)) {
    if (row.comes.length > 0 || row.goes.length > 0) continue;
    const kind: AccessKind = row.ends.from.kind === 'end' && row.ends.to.kind === 'end' ? 'new' : 'public';
    const list = !isNoPorts(row.opened) ? sure.get(kind) : !isNoPorts(row.perhapsOpened) ? open.get(kind) : undefined;
    const isKnown = list?.some((each) => kindOf(each.from) === kindOf(row.from) && kindOf(each.to) === kindOf(row.to));
    if (list !== undefined && isKnown === false && list.length < MOST_ROWS) list.push(row);
    if (kinds.every((each) => sure.get(each)?.length === MOST_ROWS)) break;
  }
  return kinds.map((kind): AccessAnswer => {
    const [certain = [], perhaps = []] = [sure.get(kind), open.get(kind)];
    const rows = (certain.length > 0 ? certain : perhaps).map((row) => ({ ...row, ...causes.ofRow(row) }));
    const outcome = certain.length > 0 ? 'opened' : rows.length > 0 || doubts.length > 0 ? 'undecided' : 'nothing-opened';
    return { kind, outcome, rows, doubts: outcome === 'undecided' ? doubts : [], toCome, created };
  });
}

interface States {
  readonly before: Cluster;
  readonly after: Cluster;
  readonly toCome: number;
  readonly created: readonly Namespace[];
  readonly doubts: readonly PromiseDoubt[];
}

/** Both states with the same pods to come, as workloads of one pod each, and another one of every kind for a connection among them. */
export function withKinds(before: Cluster, after: Cluster, most = MOST_KINDS): States {
  const both: Cluster = {
    ...after,
    namespaces: new Map([...before.namespaces, ...after.namespaces]),
    policies: [...before.policies, ...after.policies],
  };
  const relabelled = new Set(
    [...before.namespaces.values()]
      .filter(({ name, labels }) => !sameLabels(labels, after.namespaces.get(name)?.labels ?? labels))
      .map(({ name }) => name),
  );
  const found = podsToCome(both, { most, relabelled });
  const variants = namedVariants(both, ALL_PORTS);
  if (found.kind === 'too-many' || variants === undefined || (variants.length + 2) * found.pods.length > 4 * most) {
    const keys = found.kind === 'too-many' ? found.keys : ['ports.name'];
    return { before, after, toCome: 0, created: [], doubts: [{ code: 'too-many-kinds', keys }] };
  }
  const pods = found.pods.flatMap((pod) => [
    alone(pod, ''),
    alone(pod, TWIN),
    ...variants.map(({ names, ports }) => alone({ ...pod, ports }, ` (port ${names.join()} ${ports[0]?.protocol} ${ports[0]?.port})`)),
  ]);
  const put = (own: Cluster, other: Cluster) => {
    const missing = [...other.namespaces.values()].filter(({ name }) => !own.namespaces.has(name));
    return withWorkloads(own, pods, [...missing, ...found.namespaces]);
  };
  return {
    before: put(before, after),
    after: put(after, before),
    toCome: found.pods.length,
    created: found.namespaces,
    doubts: found.isComplete ? [] : [{ code: 'beyond-labels' }],
  };
}

function alone(pod: Pod, suffix: string): Pod {
  const ref = `${pod.ref}${suffix}`;
  return { ...pod, ref, workload: ref };
}

function withWorkloads(cluster: Cluster, pods: readonly Pod[], namespaces: readonly Namespace[]): Cluster {
  const workloads = pods.map((pod): readonly [string, Workload] => [
    pod.workload,
    {
      ref: pod.workload,
      kind: 'Pod',
      name: pod.name,
      namespace: pod.namespace,
      replicas: undefined,
      pods: [pod],
      labels: pod.labels,
      origin: pod.origin,
      written: false,
      value: undefined,
    },
  ]);
  return { ...withPods(cluster, pods, namespaces), workloads: new Map([...cluster.workloads, ...workloads]) };
}
