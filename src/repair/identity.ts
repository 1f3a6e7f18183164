// How a rule would name an end: the labels that tell a workload's pods from the others of their namespace, the namespace by its name,
// an address as a block. The narrowest name that still means the same pods after the next rollout.

import { type Cluster, isLive, type Pod, type Service } from '../model/cluster.ts';
import type { Plain } from '../model/edit.ts';
import type { Labels } from '../model/selector.ts';
import { type Cidr, hostCidr, parseCidr, printCidr } from '../net/cidr.ts';
import { ALL_V4, ALL_V6, cidrsOfRange, type IpSet, rangesOf, subtractIps } from '../net/ip-set.ts';
import { get, isObject } from '../objects/read.ts';
import { addressesOf, type End } from '../policy/end.ts';
import { isAssumed } from '../route/assumed.ts';
import { NAME_LABEL } from './apply.ts';

export type LabelSet = Readonly<Record<string, string>>;

/** Labels that change from pod to pod or with every rollout; nobody should name pods by them. */
const PASSING: ReadonlySet<string> = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

/** Keys by which people usually tell one application from another, most telling first. */
const USUAL_KEYS = ['app.kubernetes.io/name', 'app', 'k8s-app', 'app.kubernetes.io/component', 'name', 'component', 'run'];

function lastingLabels(pod: Pod): LabelSet {
  return Object.fromEntries([...pod.labels].filter(([key]) => !PASSING.has(key)));
}

/**
 * The labels that mean this pod's workload and nothing else in its namespace: `{ app: 'cart' }`. All lasting labels when no smaller set
 * is enough, and those may mean others too. `{}` for a pod without labels.
 */
export function labelsOfWorkload(cluster: Cluster, pod: Pod): LabelSet {
  const own = lastingLabels(pod);
  const neighbours = cluster.pods.filter((other) => other.namespace === pod.namespace && other.workload !== pod.workload && isLive(other));
  const siblings = cluster.workloads.get(pod.workload)?.pods.filter(isLive) ?? [pod];
  const isExact = (labels: LabelSet) =>
    Object.keys(labels).length > 0 &&
    !neighbours.some((other) => carries(other, labels)) &&
    siblings.every((other) => carries(other, labels));
  const candidates: LabelSet[] = [
    ...USUAL_KEYS.filter((key) => key in own).map((key) => ({ [key]: own[key] as string })),
    ...Object.keys(own).map((key) => ({ [key]: own[key] as string })),
  ];
  const selector = workloadSelector(cluster, pod);
  if (selector !== undefined && carries(pod, selector)) candidates.splice(1, 0, selector);
  return candidates.find(isExact) ?? (selector !== undefined && isExact(selector) ? selector : own);
}

function carries(pod: Pod, labels: LabelSet): boolean {
  return Object.entries(labels).every(([key, value]) => pod.labels.get(key) === value);
}

function workloadSelector(cluster: Cluster, pod: Pod): LabelSet | undefined {
  const selector = get(get(cluster.workloads.get(pod.workload)?.value, 'spec'), 'selector');
  const labels = get(selector, 'matchLabels');
  return isObject(labels) && Object.values(labels).every((value) => typeof value === 'string') ? (labels as LabelSet) : undefined;
}

/** The labels by which a Service finds its pods. */
export function labelsOfService({ selector }: Service): LabelSet | undefined {
  return selector === undefined || selector.size === 0 ? undefined : Object.fromEntries(selector);
}

/** `{ matchLabels: { app: cart } }`; `{}` means all. */
export function selectorFor(labels: LabelSet): Plain {
  return Object.keys(labels).length === 0 ? {} : { matchLabels: labels };
}

export function byName(namespace: string): Plain {
  return { matchLabels: { [NAME_LABEL]: namespace } };
}

/** An end in the notation of questions: `app=cart`, `web/app=cart`, `web/*` for all pods, `10.0.0.7/32`. */
export interface NamedPeers {
  readonly peers: readonly Plain[];
  readonly name: string;
}

export interface Meant {
  readonly end: End;
  /** The addresses that an outside end stands for. */
  readonly range?: IpSet | undefined;
  /** Labels by which a rule must name the pod, whatever is narrower (Blocked.dialled). */
  readonly labels?: Labels | undefined;
}

/**
 * The peers that mean this end in a rule of a policy in `namespace`; several for an end with several addresses. undefined when no peer can:
 * a node without addresses.
 */
export function peersFor(cluster: Cluster, namespace: string, { end, range, labels }: Meant): NamedPeers | undefined {
  if (end.kind === 'pod') return podPeer(namespace, end.pod, labelsOfPeer(cluster, end.pod, isAssumed(end), labels));
  if (end.kind === 'outside' && range !== undefined) return blockPeers(range);
  const addresses = addressesOf(end);
  if (addresses.length === 0) return undefined;
  const cidrs = addresses.map((ip) => printCidr(hostCidr(ip)));
  return { peers: cidrs.map((cidr) => ({ ipBlock: { cidr } })), name: cidrs.join(', ') };
}

function labelsOfPeer(cluster: Cluster, pod: Pod, isBelieved: boolean, wanted: Labels = new Map()): LabelSet {
  const labels: LabelSet = Object.fromEntries(wanted);
  if (wanted.size > 0 && carries(pod, labels)) return labels;
  return isBelieved ? lastingLabels(pod) : labelsOfWorkload(cluster, pod);
}

function podPeer(namespace: string, pod: Pod, labels: LabelSet): NamedPeers {
  // A controller that we had to imagine has neither labels nor a namespace that we know: only any pod of any namespace means it.
  if (pod.namespace.startsWith('{')) return { peers: [{ namespaceSelector: {} }], name: '*/*' };
  const text =
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',') || '*';
  if (pod.namespace === namespace) return { peers: [{ podSelector: selectorFor(labels) }], name: text === '*' ? `${namespace}/*` : text };
  const peer: Plain =
    Object.keys(labels).length === 0
      ? { namespaceSelector: byName(pod.namespace) }
      : { namespaceSelector: byName(pod.namespace), podSelector: selectorFor(labels) };
  return { peers: [peer], name: `${pod.namespace}/${text}` };
}

/** More blocks than this are said as everything but their gaps, if that is shorter. */
const MOST_BLOCKS = 4;

function blockPeers(range: IpSet): NamedPeers {
  const peers: Plain[] = [];
  const names: string[] = [];
  for (const [own, all, any] of [
    [{ v4: range.v4, v6: [] }, ALL_V4, '0.0.0.0/0'],
    [{ v4: [], v6: range.v6 }, ALL_V6, '::/0'],
  ] as const) {
    const cidrs = cidrsOf(own);
    const gaps = cidrsOf(subtractIps(all, own));
    if (cidrs.length === 0) continue;
    const whole = parseCidr(any);
    if (cidrs.length <= MOST_BLOCKS || gaps.length >= cidrs.length || whole === undefined) {
      for (const cidr of cidrs) peers.push({ ipBlock: { cidr: printCidr(cidr) } });
      names.push(cidrs.length <= MOST_BLOCKS ? cidrs.map(printCidr).join(', ') : `${cidrs.length} blocks`);
    } else {
      peers.push({ ipBlock: gaps.length === 0 ? { cidr: any } : { cidr: any, except: gaps.map(printCidr) } });
      names.push(gaps.length === 0 ? any : `${any} except ${gaps.length} ${gaps.length === 1 ? 'block' : 'blocks'}`);
    }
  }
  return { peers, name: names.join(', ') };
}

function cidrsOf(ips: IpSet): readonly Cidr[] {
  return rangesOf(ips).flatMap(cidrsOfRange);
}
