// Needs → the least NetworkPolicies that let them through: default-deny, DNS, and for each workload one policy for each direction.
// Plain objects, ready to be printed; whether they do what they should is baseline.ts's question.

import { type Cluster, isLive, type Pod, type Workload } from '../model/cluster.ts';
import { type Ip, printIp } from '../net/ip.ts';
import { dig, isObject } from '../objects/read.ts';
import type { Semantics } from '../profile/profile.ts';
import { selectedPods } from '../route/endpoints.ts';
import { type DnsKind, dnsRules } from './baseline-dns.ts';
import { type ApiNeed, isOnNode, type Need, nodeAddressesOf, type OpenNeed } from './baseline-needs.ts';
import {
  DEFAULT_DENY,
  distinctPorts,
  inNamespace,
  type LabelMap,
  PASSING,
  type PeerObject,
  type PolicyObject,
  type Ports,
  type RuleObject,
} from './baseline-parts.ts';
import { type DeclaredEnd, distinctFacts, type PolicyPurpose, type PolicyReason } from './baseline-reasons.ts';

export interface Policies {
  readonly policies: readonly PolicyObject[];
  readonly open: readonly OpenNeed[];
  /** True when DNS is not in the input and the usual one was taken. */
  readonly dnsAssumed: boolean;
}

export interface PolicyWish {
  /** Those that get a baseline. */
  readonly namespaces: readonly string[];
  readonly needs: readonly Need[];
  readonly toApiServer: readonly ApiNeed[];
  readonly dns: DnsKind;
}

export function policiesFor(cluster: Cluster, semantics: Semantics, { namespaces, needs, toApiServer, dns }: PolicyWish): Policies {
  const open: OpenNeed[] = [];
  const policies: PolicyObject[] = [];
  let dnsAssumed = false;
  for (const namespace of namespaces) {
    policies.push({
      namespace,
      name: DEFAULT_DENY,
      purpose: { code: 'default-deny' },
      ...(hasUndeclaredService(cluster, namespace, needs) ? { accepts: SHUT_OFF } : {}),
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
    // By name, so that the order of documents is not in the output.
    const own = [...cluster.workloads.values()]
      .filter((workload) => workload.namespace === namespace && workload.pods.some(isLive))
      .sort((a, b) => (a.ref < b.ref ? -1 : 1));
    const resolved = dnsRules(cluster, own, dns);
    dnsAssumed ||= resolved.assumed;
    open.push(...resolved.open);
    if (resolved.shared.length > 0)
      policies.push({
        namespace,
        name: 'baseline-allow-dns',
        purpose: { code: 'dns', resolvers: resolved.who },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: resolved.shared },
      });
    for (const workload of own) {
      const labels = selectorOf(cluster, workload);
      const concerned = needs.filter(({ to, source }) => to === workload || (source.kind === 'workload' && source.workload === workload));
      const special = resolved.special.get(workload.ref) ?? [];
      const api = toApiServer.filter((need) => need.workload === workload);
      if (concerned.length === 0 && special.length === 0 && api.length === 0) continue;
      const name = nameOf(workload, own);
      const reason = workload.pods.every(({ hostNetwork }) => hostNetwork)
        ? 'host-network'
        : labels === undefined
          ? 'no-labels'
          : undefined;
      if (reason !== undefined) {
        open.push({ who: `${namespace}/${workload.name}`, what: { code: 'connections' }, code: reason, origin: workload.origin });
        continue;
      }
      const podSelector = { matchLabels: labels as LabelMap };
      const inward = concerned.filter(({ to }) => to === workload);
      const outward = concerned.filter(({ source }) => source.kind === 'workload' && source.workload === workload);
      const ingress = inwardRules(cluster, inward, namespace);
      // A policy without a rule would close what the comment above it promises; the check of the declared connections says what is missing.
      if (ingress.length > 0)
        policies.push({
          namespace,
          name: `baseline-${name}-ingress`,
          purpose: purposeOf(inward.map(({ because, source }) => ({ code: 'from', from: namedSource(source), because }))),
          ...(inward.some(({ source }) => source.kind === 'cluster') ? { accepts: EVERY_NAMESPACE } : {}),
          spec: { podSelector, policyTypes: ['Ingress'], ingress },
        });
      const egress = [...outwardRules(cluster, semantics, outward, namespace), ...api.map(apiRule), ...special];
      if (egress.length > 0)
        policies.push({
          namespace,
          name: `baseline-${name}-egress`,
          purpose: purposeOf([
            ...outward.map(({ because }): PolicyReason => ({ code: 'from', from: undefined, because })),
            ...api.map(({ because }): PolicyReason => ({ code: 'to-api-server', because })),
            ...(special.length > 0 ? [{ code: 'nameservers' } as const] : []),
          ]),
          spec: { podSelector, policyTypes: ['Egress'], egress },
        });
    }
  }
  return { policies, open, dnsAssumed };
}

const EVERY_NAMESPACE = { rule: 'every-namespace', because: 'scraper-not-in-input' } as const;

const SHUT_OFF = { rule: 'shut-off-by-default-deny', because: 'callers-not-declared' } as const;

/** A Service of which no manifest says who calls it, so that the default deny shuts it off. */
function hasUndeclaredService(cluster: Cluster, namespace: string, needs: readonly Need[]): boolean {
  const reached = new Set(needs.map(({ to }) => to.ref));
  return [...cluster.services.values()].some((service) => {
    const pods = service.namespace === namespace ? selectedPods(cluster, service).filter((pod) => isLive(pod) && !pod.hostNetwork) : [];
    return pods.length > 0 && !pods.some(({ workload }) => reached.has(workload));
  });
}

/** Who is named before the reason; undefined where the source is everybody, or the pods of a namespace. */
function namedSource(source: Need['source']): DeclaredEnd | undefined {
  if (source.kind === 'workload') return { kind: 'named', name: source.workload.name };
  return source.kind === 'addresses' ? source.of : undefined;
}

function purposeOf(reasons: readonly PolicyReason[]): PolicyPurpose {
  return { code: 'needs', reasons: distinctFacts(reasons) };
}

/** Two kinds of workload with one name are told apart. */
function nameOf({ name, kind }: Workload, all: readonly Workload[]): string {
  return all.filter((other) => other.name === name).length > 1 ? `${name}-${kind.toLowerCase()}` : name;
}

const JOB_NAME = 'batch.kubernetes.io/job-name';

/** Labels that change from release to release. */
const OF_A_RELEASE = /^(version|release|app\.kubernetes\.io\/version|helm\.sh\/chart|chart)$/;

/**
 * The labels that the workload itself selects its pods by; else all of its pods' labels that last. Where they mean another workload of the
 * namespace too, labels of its pods that tell the two apart are added. undefined for a pod without any.
 */
function selectorOf(cluster: Cluster, { ref, kind, namespace, value, pods }: Workload): LabelMap | undefined {
  const live = pods.filter(isLive);
  const common = [...(live[0]?.labels ?? [])].filter(([key, label]) => live.every(({ labels }) => labels.get(key) === label));
  const lasting = common.filter(([key]) => !PASSING.test(key));
  // The name of a Job lasts as long as the Job does, and often its pods have no other label.
  const shared = lasting.length > 0 || kind !== 'Job' ? lasting : common.filter(([key]) => key === JOB_NAME);
  const written = dig(value, 'spec', 'selector', 'matchLabels');
  const own = isObject(written) ? shared.filter(([key, label]) => written[key] === label) : [];
  if (own.length === 0) return shared.length === 0 ? undefined : Object.fromEntries(shared);
  const chosen = [...own];
  let others = cluster.pods.filter((pod) => pod.namespace === namespace && pod.workload !== ref && isLive(pod) && carries(pod, chosen));
  for (const [key, label] of shared) {
    if (others.length === 0) break;
    if (OF_A_RELEASE.test(key) || others.every(({ labels }) => labels.get(key) === label)) continue;
    chosen.push([key, label]);
    others = others.filter(({ labels }) => labels.get(key) === label);
  }
  return Object.fromEntries(chosen);
}

function carries({ labels }: Pod, wanted: readonly (readonly [string, string])[]): boolean {
  return wanted.every(([key, label]) => labels.get(key) === label);
}

function peerOf(cluster: Cluster, workload: Workload, namespace: string): PeerObject | undefined {
  const labels = selectorOf(cluster, workload);
  if (labels === undefined || workload.pods.every(({ hostNetwork }) => hostNetwork)) return undefined;
  const podSelector = { matchLabels: labels };
  return workload.namespace === namespace ? { podSelector } : { namespaceSelector: inNamespace(workload.namespace), podSelector };
}

/** Peers with the same ports share a rule. A rule for everybody has no `from`. */
function inwardRules(cluster: Cluster, needs: readonly Need[], namespace: string): readonly RuleObject[] {
  const anyone = needs.filter(({ source }) => source.kind === 'anyone');
  const others = needs.flatMap(({ source, ports }) => sourcePeers(cluster, source, namespace).map((peer) => ({ peer, ports })));
  return [
    ...grouped(others).map(({ peers, ports }): RuleObject => ({ from: peers, ports })),
    ...(anyone.length === 0 ? [] : [{ ports: distinctPorts(anyone.flatMap(({ ports }) => ports)) }]),
  ];
}

/** [] for everybody, whose rule has no peer, and for a workload whose pods no label tells. */
function sourcePeers(cluster: Cluster, source: Need['source'], namespace: string): readonly PeerObject[] {
  switch (source.kind) {
    case 'anyone':
      return [];
    case 'cluster':
      return [{ namespaceSelector: {} }];
    case 'namespace':
      return [{ namespaceSelector: inNamespace(source.name) }];
    case 'addresses':
      return blocksOf(source.addresses);
    case 'workload': {
      const peer = peerOf(cluster, source.workload, namespace);
      return peer === undefined ? [] : [peer];
    }
  }
}

function blocksOf(addresses: readonly Ip[]): readonly PeerObject[] {
  return addresses.map((ip) => ({ ipBlock: { cidr: `${printIp(ip)}/${ip.family === 4 ? 32 : 128}` } }));
}

/** Towards pods in their node's network policies see the node: its addresses, or any where they are not known. */
function outwardRules(cluster: Cluster, semantics: Semantics, needs: readonly Need[], namespace: string): readonly RuleObject[] {
  const anywhere: Need['ports'][number][] = [];
  const peers = needs.flatMap(({ to, ports }) => {
    if (!isOnNode(to)) {
      const peer = peerOf(cluster, to, namespace);
      return peer === undefined ? [] : [{ peer, ports }];
    }
    const blocks = blocksOf(nodeAddressesOf(cluster, semantics, to));
    if (blocks.length === 0) anywhere.push(...ports);
    return blocks.map((peer) => ({ peer, ports }));
  });
  return [
    ...grouped(peers).map(({ peers: list, ports }): RuleObject => ({ to: list, ports })),
    ...(anywhere.length === 0 ? [] : [{ ports: distinctPorts(anywhere) }]),
  ];
}

function apiRule({ addresses, ports }: ApiNeed): RuleObject {
  return { to: blocksOf(addresses), ports: distinctPorts(ports.map((port) => ({ protocol: 'TCP', port }))) };
}

function grouped(
  items: readonly { readonly peer: PeerObject; readonly ports: Ports }[],
): readonly { readonly peers: readonly PeerObject[]; readonly ports: Ports }[] {
  // First all ports of a peer, then all peers with these ports.
  const byPeer = new Map<string, { readonly peer: PeerObject; ports: Ports }>();
  for (const { peer, ports } of items) {
    const key = JSON.stringify(peer);
    byPeer.set(key, { peer, ports: distinctPorts([...(byPeer.get(key)?.ports ?? []), ...ports]) });
  }
  const byPorts = new Map<string, { readonly peers: PeerObject[]; readonly ports: Ports }>();
  for (const { peer, ports } of byPeer.values()) {
    const key = JSON.stringify(ports);
    const group = byPorts.get(key) ?? { peers: [], ports };
    group.peers.push(peer);
    byPorts.set(key, group);
  }
  return [...byPorts.values()];
}
