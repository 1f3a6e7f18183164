// The bench cluster under policies of other kinds: the same pods and, as far as a kind can say it, the same rules.
import { readFileSync, writeFileSync } from 'node:fs';

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values: readonly string[] }[];
}
interface Peer {
  readonly namespaceSelector?: Selector;
  readonly podSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}
interface Port {
  readonly protocol: string;
  readonly port: number;
  readonly endPort?: number;
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly Port[];
}
interface Policy {
  readonly kind: 'NetworkPolicy';
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** Writes the cluster of `file` with 60 cluster-wide policies in the Admin tier and one in the Baseline tier beside its own. */
export function withAdminTiers(file: string, out: string): void {
  const teams = ['red', 'blue', 'green', 'gold'];
  const ofTeam = (team: string) => ({ matchLabels: { team } });
  const admin = Array.from({ length: 60 }, (_, i) =>
    clusterWide(`tier-${i}`, 'Admin', i, ofTeam(teams[i % 4] as string), [
      {
        name: 'close-old-ports',
        action: 'Deny',
        from: [{ namespaces: ofTeam(teams[(i + 1) % 4] as string) }],
        protocols: [{ tcp: { destinationPort: { number: 20_000 + i } } }],
      },
      { name: 'leave-the-rest', action: 'Pass', from: [{ namespaces: ofTeam(teams[(i + 2) % 4] as string) }] },
    ]),
  );
  const baseline = clusterWide('default', 'Baseline', 0, {}, [{ name: 'deny', action: 'Deny', from: [{ namespaces: {} }] }]);
  rewrite(file, out, (items) => [...items, ...admin, baseline]);
}

function clusterWide(name: string, tier: string, priority: number, namespaces: Selector, ingress: readonly unknown[]) {
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier, priority, subject: { namespaces }, ingress },
  };
}

/** Writes the cluster of `file` with each NetworkPolicy as a CiliumNetworkPolicy. */
export function asCilium(file: string, out: string): void {
  const labels = (prefix: string, selector: Selector | undefined) =>
    Object.fromEntries(Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [`${prefix}${key}`, value]));
  const peerFor = (way: 'from' | 'to', { namespaceSelector, podSelector, ipBlock }: Peer) =>
    ipBlock === undefined
      ? {
          [`${way}Endpoints`]: [
            {
              matchLabels: { ...labels('k8s:io.cilium.k8s.namespace.labels.', namespaceSelector), ...labels('k8s:', podSelector) },
              matchExpressions: (podSelector?.matchExpressions ?? []).map((one) => ({ ...one, key: `k8s:${one.key}` })),
            },
          ],
        }
      : { [`${way}CIDRSet`]: [ipBlock] };
  const toPorts = ({ ports }: Rule) =>
    ports === undefined ? {} : { toPorts: [{ ports: ports.map((one) => ({ ...one, port: `${one.port}` })) }] };
  const rules = (own: readonly Rule[] | undefined, way: 'from' | 'to') =>
    (own ?? []).flatMap((rule) => (rule[way] ?? []).map((peer) => ({ ...peerFor(way, peer), ...toPorts(rule) })));
  rewritePolicies(file, out, ({ metadata, spec }) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata,
    spec: {
      endpointSelector: spec.podSelector,
      // A direction that is there without a rule denies everything, as an empty rule does.
      ...(spec.policyTypes.includes('Ingress') && {
        ingress: [...rules(spec.ingress, 'from'), {}],
      }),
      ...(spec.policyTypes.includes('Egress') && {
        egress: [...rules(spec.egress, 'to'), {}],
      }),
    },
  }));
}

const CALICO_TIERS = ['security', 'platform', 'application'];

/** Writes the cluster of `file` with its NetworkPolicies as Calico's, dealt out to three tiers that pass on what they do not decide. */
export function asCalicoTiers(file: string, out: string): void {
  const tiers = CALICO_TIERS.map((name, i) => ({
    apiVersion: 'projectcalico.org/v3',
    kind: 'Tier',
    metadata: { name },
    spec: { order: 100 * (i + 1), defaultAction: 'Pass' },
  }));
  const expression = (selector: Selector | undefined) =>
    [
      ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key} == '${value}'`),
      ...(selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
        if (operator !== 'In') throw new Error(`${operator} is not translated: the bench input had only In`);
        return `${key} in {${values.map((value) => `'${value}'`).join()}}`;
      }),
    ].join(' && ') || 'all()';
  const endOf = ({ namespaceSelector, podSelector, ipBlock }: Peer) =>
    ipBlock === undefined
      ? {
          selector: expression(podSelector),
          ...(namespaceSelector !== undefined && { namespaceSelector: expression(namespaceSelector) }),
        }
      : { nets: [ipBlock.cidr], ...(ipBlock.except !== undefined && { notNets: ipBlock.except }) };
  const rules = (own: readonly Rule[] | undefined, way: 'from' | 'to') =>
    (own ?? []).flatMap((rule) =>
      (rule.ports ?? []).flatMap(({ protocol, port, endPort }) =>
        (rule[way] ?? []).map((peer) => {
          const ports = [endPort === undefined ? port : `${port}:${endPort}`];
          return way === 'from'
            ? { action: 'Allow', protocol, source: endOf(peer), destination: { ports } }
            : { action: 'Allow', protocol, destination: { ...endOf(peer), ports } };
        }),
      ),
    );
  let count = 0;
  rewrite(file, out, (items) => [
    ...tiers,
    ...items.map((item) => {
      if (!isPolicy(item) || item.metadata.name === 'default-deny') return item;
      const tier = CALICO_TIERS[count++ % CALICO_TIERS.length] as string;
      return {
        apiVersion: 'projectcalico.org/v3',
        kind: 'NetworkPolicy',
        metadata: { ...item.metadata, name: `${tier}.${item.metadata.name}` },
        spec: {
          tier,
          order: count,
          selector: expression(item.spec.podSelector),
          types: item.spec.policyTypes,
          ingress: rules(item.spec.ingress, 'from'),
          egress: rules(item.spec.egress, 'to'),
        },
      };
    }),
  ]);
}

function isPolicy(item: { readonly kind: string }): item is Policy {
  return item.kind === 'NetworkPolicy';
}

function rewritePolicies(file: string, out: string, of: (policy: Policy) => unknown): void {
  rewrite(file, out, (items) => items.map((item) => (isPolicy(item) ? of(item) : item)));
}

function rewrite(file: string, out: string, of: (items: readonly { readonly kind: string }[]) => readonly unknown[]): void {
  const list = JSON.parse(readFileSync(file, 'utf8')) as { readonly items: readonly { readonly kind: string }[] };
  writeFileSync(out, JSON.stringify({ ...list, items: of(list.items) }));
}
