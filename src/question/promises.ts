// Promises: what no pod may do, or every pod can, those that nobody has created yet among them. One pod of every kind that the policies
// can tell apart is put beside the existing ones; what holds of all of them holds of any pod. The verdicts are those of reach/.
import { isInScope, isToCome, NAME_LABEL, type PodScope, podsToCome, withPods } from '../classes/pods-to-come.ts';
import { portBorders, portNameSets, portsNamed } from '../classes/port-names.ts';
import { type Cluster, type ContainerPort, isLive, namespaceLabels, type Pod } from '../model/cluster.ts';
import type { Labels } from '../model/selector.ts';
import {
  ALL_PORTS,
  hasPort,
  intersectPorts,
  isNoPorts,
  type PortSet,
  PROTOCOLS,
  type Protocol,
  subtractPorts,
  unionOfPorts,
} from '../net/port-set.ts';
import { decide } from '../policy/decide.ts';
import { podEnd } from '../policy/end.ts';
import { type Doubt, doubtKey, type Verdict } from '../policy/verdict.ts';
import type { Semantics } from '../profile/profile.ts';
import { generalDoubts } from '../reach/connections.ts';
import { type Joining, joiningOf } from '../reach/joining.ts';
import { endOfPod, type MapEnd } from '../reach/map-ends.ts';
import { type Reach, reachOf } from '../reach/reach.ts';
import { instantiated } from '../reach/row-answers.ts';

/** One end of a promise: pods by scope, existing ones and those to come; or existing pods that are named. */
export interface PromiseSide {
  readonly scopes: readonly PodScope[];
  readonly pods: readonly Pod[];
}

export interface PromiseQuestion {
  /** `never`: no such pod can connect. `always`: every one can. */
  readonly expect: 'never' | 'always';
  readonly from: PromiseSide;
  readonly to: PromiseSide;
  readonly ports: PortSet;
}

/** A pod that breaks a promise: one of the input, or one that could be created. */
export interface ExamplePod {
  readonly pod: Pod;
  readonly isToCome: boolean;
  /** The labels of its namespace, where that is not there yet. */
  readonly newNamespace?: Labels;
}

export interface CounterExample {
  readonly from: ExamplePod;
  readonly to: ExamplePod;
  readonly protocol: Protocol;
  readonly port: number;
  readonly verdict: Verdict;
  /** The cluster with both pods and their namespaces, for asking further. */
  readonly cluster: Cluster;
}

/** How many pods a promise was decided for. */
export interface Covered {
  readonly existing: number;
  /** Kinds of pods that could be created. */
  readonly toCome: number;
  /** Existing pods in their node's network, of which the promise says nothing: policies see the node. */
  readonly hostNetwork: number;
}

export type PromiseDoubt =
  | { readonly code: 'verdict'; readonly doubt: Doubt; readonly ports: PortSet; readonly from?: ExamplePod; readonly to?: ExamplePod }
  | { readonly code: 'too-many-kinds'; readonly keys: readonly string[] }
  /** Policies tell pods apart by what is no label. */
  | { readonly code: 'beyond-labels' };

export type PromiseAnswer =
  | { readonly kind: 'holds'; readonly covered: Covered }
  | { readonly kind: 'broken'; readonly example: CounterExample; readonly covered: Covered }
  | { readonly kind: 'undecided'; readonly because: readonly [PromiseDoubt, ...PromiseDoubt[]]; readonly covered: Covered }
  /** One end means no pod at all. */
  | { readonly kind: 'nothing'; readonly side: 'from' | 'to' };

/** More kinds of pods, or pairs of them, are not looked at. */
const MOST_KINDS = 4000;
const MOST_PAIRS = 4_000_000;

/** Decides one promise. The cost follows kinds of pods, not pods. Never throws. */
export function decidePromise(cluster: Cluster, semantics: Semantics, question: PromiseQuestion): PromiseAnswer {
  const field = fieldOf(cluster, semantics, question);
  const { from, to, covered } = field;
  if (from.length === 0) return { kind: 'nothing', side: 'from' };
  if (to.length === 0) return { kind: 'nothing', side: 'to' };
  if (from.length * to.length > MOST_PAIRS) {
    return { kind: 'undecided', because: [{ code: 'too-many-kinds', keys: [] }], covered };
  }
  const found = question.expect === 'never' ? searchAllowed(field, question.ports) : searchDenied(field, question.ports);
  if (found.example !== undefined) return { kind: 'broken', example: found.example, covered };
  const because = [...field.doubts, ...found.doubts];
  const [first, ...others] = because;
  return first === undefined ? { kind: 'holds', covered } : { kind: 'undecided', because: [first, ...others], covered };
}

/** Pods that reach cannot tell apart, and are on one side: two of them where there are, for a pod of the kind and another one. */
interface Kind {
  readonly end: MapEnd;
  readonly pods: readonly [Pod, ...Pod[]];
  readonly namespaceName: string | undefined;
}

interface Field {
  readonly cluster: Cluster;
  readonly semantics: Semantics;
  readonly reach: Reach;
  readonly joining: Joining;
  readonly from: readonly Kind[];
  readonly to: readonly Kind[];
  readonly covered: Covered;
  readonly doubts: readonly PromiseDoubt[];
}

function fieldOf(whole: Cluster, semantics: Semantics, { from, to, ports }: PromiseQuestion): Field {
  const isIn = ({ scopes, pods }: PromiseSide) => {
    const named = new Set(pods);
    return (pod: Pod) => named.has(pod) || scopes.some((scope) => isInScope(whole, scope, pod));
  };
  const [isFrom, isTo] = [isIn(from), isIn(to)];
  const meant = whole.pods.filter((pod) => isLive(pod) && (isFrom(pod) || isTo(pod)));
  const existing = meant.filter(({ hostNetwork }) => !hostNetwork);
  const scopes = [...from.scopes, ...to.scopes];
  const found = podsToCome(whole, { scopes, most: MOST_KINDS });
  const doubts: PromiseDoubt[] = [];
  // Only the pods that are asked about: others change no verdict about these.
  let cluster: Cluster = { ...whole, pods: existing, ingresses: [] };
  let created: readonly Pod[] = [];
  let named: readonly Pod[] = [];
  if (scopes.length > 0 && found.kind === 'too-many') doubts.push({ code: 'too-many-kinds', keys: found.keys });
  else if (scopes.length > 0 && found.kind === 'pods') {
    created = found.pods;
    if (!found.isComplete) doubts.push({ code: 'beyond-labels' });
    const variants = to.scopes.length === 0 ? [] : namedVariants(whole, ports);
    if (variants === undefined || variants.length * created.length > 20 * MOST_KINDS) {
      doubts.push({ code: 'too-many-kinds', keys: ['ports.name'] });
    } else {
      named = created.flatMap((pod) => variants.map(({ ports: declared }) => ({ ...pod, ports: declared })));
    }
    cluster = withPods(cluster, [...created, ...named], found.namespaces);
  }
  const reach = reachOf(cluster, semantics);
  const onSide = ({ scopes: own }: PromiseSide, isMeant: (pod: Pod) => boolean, pods: readonly Pod[]) => [
    ...existing.filter(isMeant),
    ...pods.filter((pod) => own.some((scope) => isInScope(cluster, scope, pod))),
  ];
  return {
    cluster,
    semantics: reach.semantics,
    reach,
    joining: joiningOf(reach, [], ALL_PORTS, false),
    from: kindsOf(reach, onSide(from, isFrom, created)),
    to: kindsOf(reach, onSide(to, isTo, [...created, ...named])),
    covered: { existing: existing.length, toCome: created.length, hostNetwork: meant.length - existing.length },
    doubts,
  };
}

/** Names that a pod may give to a port, and the port declared under them. */
interface Variant {
  readonly names: readonly string[];
  readonly ports: readonly ContainerPort[];
}

/** The ports that are asked about under every name that rules ask for, one for each piece of them. undefined: too many. */
export function namedVariants({ policies }: Cluster, ports: PortSet): readonly Variant[] | undefined {
  const found: Variant[] = [];
  for (const protocol of PROTOCOLS) {
    const sets = portNameSets(policies, protocol)?.filter((names) => names.length > 0);
    if (sets === undefined) return undefined;
    const numbers = new Set([...portBorders(policies, protocol), ...ports[protocol].map((range) => range.from)]);
    const meant = [...numbers].filter((number) => hasPort(ports, protocol, number));
    found.push(...sets.flatMap((names) => meant.map((number) => ({ names, ports: portsNamed(names, protocol, number) }))));
  }
  return found;
}

function kindsOf(reach: Reach, pods: readonly Pod[]): readonly Kind[] {
  const byClass = new Map<string, [Pod, ...Pod[]]>();
  const nameOf = (pod: Pod) => namespaceLabels(reach.cluster, pod.namespace).get(NAME_LABEL);
  const twice = new Set(
    [...reach.cluster.namespaces.values()].flatMap(({ name, labels }) => (name === labels.get(NAME_LABEL) ? [] : [labels.get(NAME_LABEL)])),
  );
  for (const pod of pods) {
    const index = reach.classes.indexOf.get(pod) as number;
    // Of namespaces that cannot exist at once, each has kinds of its own.
    const key = `${reach.classes.classOfPod[index]} ${twice.has(nameOf(pod)) ? pod.namespace : ''}`;
    const known = byClass.get(key);
    if (known === undefined) byClass.set(key, [pod]);
    else if (known.length < 2) known.push(pod);
  }
  return [...byClass.values()].map((own) => ({
    end: endOfPod(reach, own[0]),
    pods: own,
    namespaceName: nameOf(own[0]),
  }));
}

interface Search {
  readonly example: CounterExample | undefined;
  readonly doubts: readonly PromiseDoubt[];
}

/** Doubts are told once each; further ones of a kind say no more. */
const MOST_DOUBTS = 5;

/** `search` says which ports of a pair break the promise for sure, and which may. Pods of the input are preferred to those that could be created. */
function searching(
  field: Field,
  search: (
    from: Kind,
    to: Kind,
  ) => { readonly broken: PortSet; readonly open: readonly { readonly ports: PortSet; readonly because: readonly Doubt[] }[] },
): Search {
  const doubts = new Map<string, PromiseDoubt>();
  let best: { readonly rank: number; readonly from: Pod; readonly to: Pod; readonly ports: PortSet } | undefined;
  for (const from of field.from) {
    for (const to of field.to) {
      if (from.namespaceName === to.namespaceName && from.pods[0].namespace !== to.pods[0].namespace) continue;
      const { broken, open } = search(from, to);
      const [source, target] = twoOf(from, to);
      const rank = [source, target].filter(isToCome).length + (isSameRef(source, target) ? 1 : 0);
      if (!isNoPorts(broken)) {
        if (best === undefined || rank < best.rank) best = { rank, from: source, to: target, ports: broken };
        if (best.rank === 0) return { example: exampleOf(field, best.from, best.to, best.ports), doubts: [] };
      }
      if (best !== undefined) continue;
      for (const { ports, because } of open) {
        for (const named of because) {
          const [doubt] = instantiated([named], source.ref, target.ref);
          const key = `${doubt.code} ${'rule' in doubt && doubt.rule !== undefined ? doubt.rule.policy.ref : doubtKey(doubt)}`;
          const differs = doubt.code === 'families-differ' ? familyExample(field, source, target, ports) : undefined;
          if (differs !== undefined) return { example: differs, doubts: [] };
          if (doubts.size < MOST_DOUBTS && !doubts.has(key))
            doubts.set(key, { code: 'verdict', doubt, ports, from: examplePod(field, source), to: examplePod(field, target) });
        }
      }
    }
  }
  return { example: best === undefined ? undefined : exampleOf(field, best.from, best.to, best.ports), doubts: [...doubts.values()] };
}

function searchAllowed(field: Field, asked: PortSet): Search {
  const found = searching(field, (from, to) => {
    const { allowed, undecided } = field.joining.between(from.end, to.end);
    const open = undecided.flatMap(({ ports, because }) => {
      const both = intersectPorts(ports, asked);
      return isNoPorts(both) ? [] : [{ ports: both, because }];
    });
    return { broken: intersectPorts(allowed, asked), open };
  });
  if (found.example !== undefined) return found;
  // What the profile leaves open about every denial is in no row.
  const general = generalDoubts(field.reach).flatMap(({ ports, because }): PromiseDoubt[] => {
    const both = intersectPorts(ports, asked);
    return isNoPorts(both) ? [] : because.map((doubt) => ({ code: 'verdict', doubt, ports: both }));
  });
  return { example: undefined, doubts: [...general, ...found.doubts] };
}

function searchDenied(field: Field, asked: PortSet): Search {
  const general = generalDoubts(field.reach);
  return searching(field, (from, to) => {
    const { allowed, undecided } = field.joining.between(from.end, to.end);
    const missing = subtractPorts(asked, allowed);
    const open = [...undecided, ...general].flatMap(({ ports, because }) => {
      const both = intersectPorts(ports, missing);
      return isNoPorts(both) ? [] : [{ ports: both, because }];
    });
    return { broken: subtractPorts(missing, unionOfPorts(open.map(({ ports }) => ports))), open };
  });
}

/** Two different pods where one kind stands on both sides. */
function twoOf(from: Kind, to: Kind): readonly [Pod, Pod] {
  const [source] = from.pods;
  return [source, to.pods.find((pod) => !isSameRef(source, pod)) ?? to.pods[0]];
}

function isSameRef(a: Pod, b: Pod): boolean {
  return a.ref === b.ref;
}

function exampleOf(field: Field, from: Pod, to: Pod, ports: PortSet): CounterExample {
  const declared = to.ports.find(({ protocol, port }) => hasPort(ports, protocol, port));
  if (declared !== undefined) return asked(field, from, to, declared.protocol, declared.port);
  const protocol = PROTOCOLS.find((each) => ports[each].length > 0) ?? 'TCP';
  return asked(field, from, to, protocol, ports[protocol][0]?.from ?? 1);
}

/** Asked of the plain evaluator, which names what decides. */
function asked(field: Field, from: Pod, to: Pod, protocol: Protocol, port: number): CounterExample {
  const { cluster, semantics } = field;
  // A further pod of the same kind: a pod that talks to itself passes no policy.
  const other = isSameRef(from, to) ? { ...to, ref: `${to.ref} (another)` } : to;
  const verdict = decide(cluster, semantics, { source: podEnd(from), destination: podEnd(other), protocol, port });
  return { from: examplePod(field, from), to: examplePod(field, other), protocol, port, verdict, cluster };
}

/** One family gets through and the other does not: that breaks both promises. */
function familyExample(field: Field, from: Pod, to: Pod, ports: PortSet): CounterExample | undefined {
  const example = exampleOf(field, from, to, ports);
  return example.verdict.outcome === 'partial' ? example : undefined;
}

function examplePod({ cluster }: Field, pod: Pod): ExamplePod {
  const namespace = cluster.namespaces.get(pod.namespace);
  const isNew = isToCome(pod) && namespace !== undefined && namespace.origin === undefined && !namespace.implied;
  return { pod, isToCome: isToCome(pod), ...(isNew ? { newNamespace: namespace.labels } : {}) };
}
