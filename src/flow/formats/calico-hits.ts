// The policies that decided a flow, as Calico's logs list them: the last one decided, those before it passed.
import { listOf, numberOf, objectOf, textOf } from '../json-value.ts';
import type { FlowEnd, FlowName, FlowRecord } from '../record.ts';

/** goldmane/proto/api.proto, PolicyKind; 7 and 8 are reserved. */
const KINDS: Readonly<Record<string, string>> = {
  '1': 'CalicoNetworkPolicy',
  '2': 'GlobalNetworkPolicy',
  '3': 'StagedNetworkPolicy',
  '4': 'StagedGlobalNetworkPolicy',
  '5': 'StagedKubernetesNetworkPolicy',
  '6': 'NetworkPolicy',
  '9': 'Profile',
  '10': 'EndOfTier',
  '11': 'ClusterNetworkPolicy',
};

function kindOf(kind: unknown): string {
  return KINDS[String(kind)] ?? (typeof kind === 'string' ? kind : '');
}

/** Goldmane and Whisker: `{ kind: 10, tier: 'default', trigger: { kind: 6, namespace: 'shop', name: 'allow-dns' } }`. [] without hits. */
export function namesOfHits(hits: unknown): readonly FlowName[] {
  const sorted = listOf(hits)
    .map(objectOf)
    .sort((a, b) => (numberOf(a.policy_index) ?? 0) - (numberOf(b.policy_index) ?? 0));
  const last = sorted.at(-1);
  if (last === undefined) return [];
  const kind = kindOf(last.kind);
  const trigger = objectOf(last.trigger);
  if (kind === 'EndOfTier') return [named('EndOfTier', trigger, { role: 'trigger', tier: textOf(last.tier) })];
  const isAllowed = last.action === 1 || last.action === 'Allow';
  return [
    named(kind, last, {
      role: isAllowed ? 'allowed-by' : 'denied-by',
      tier: textOf(last.tier),
      ...(kind !== 'Profile' && { rule: numberOf(last.rule_index) ?? 0 }),
    }),
  ];
}

function named(
  kind: string,
  of: Readonly<Record<string, unknown>>,
  { role, tier, rule }: { readonly role: FlowName['role']; readonly tier: string | undefined; readonly rule?: number },
): FlowName {
  const namespace = textOf(of.namespace);
  return {
    kind,
    name: textOf(of.name) ?? '',
    ...(namespace !== undefined && { namespace }),
    ...(tier !== undefined && { tier }),
    ...(rule !== undefined && { rule }),
    role,
  };
}

/** felix/collector/flowlog and goldmane/proto/methods.go. */
const SHORT_KINDS: Readonly<Record<string, string>> = {
  np: 'CalicoNetworkPolicy',
  gnp: 'GlobalNetworkPolicy',
  knp: 'NetworkPolicy',
  kcnp: 'ClusterNetworkPolicy',
  snp: 'StagedNetworkPolicy',
  sgnp: 'StagedGlobalNetworkPolicy',
  sknp: 'StagedKubernetesNetworkPolicy',
  pro: 'Profile',
};

/**
 * `0|default|knp:shop/web-egress|allow|0`, and of older releases `0|default|shop/knp.default.web-egress|allow|0` and
 * `0|__PROFILE__|__PROFILE__.kns.shop|allow|0`. Rule -1: the end of the tier; the policy is its trigger. [] when there is no such string.
 */
export function namesOfStrings(strings: readonly unknown[]): readonly FlowName[] {
  const hits = strings
    .filter((text) => typeof text === 'string')
    .map((text) => text.split('|'))
    .filter((parts) => parts.length >= 4 && !(parts[2] as string).includes('staged:'))
    .sort((a, b) => Number(a[0]) - Number(b[0]));
  const last = hits.at(-1);
  if (last === undefined) return [];
  const [, tier = '', policy = '', action = '', rule = ''] = last;
  const { kind, namespace, name } = readPolicy(policy, tier);
  const role = rule === '-1' ? 'trigger' : action === 'deny' ? 'denied-by' : 'allowed-by';
  const index = Number(rule);
  return [
    {
      kind: rule === '-1' ? 'EndOfTier' : kind,
      name,
      ...(namespace !== undefined && { namespace }),
      ...(kind !== 'Profile' && { tier }),
      ...(kind !== 'Profile' && role !== 'trigger' && Number.isInteger(index) && rule !== '' && { rule: index }),
      role,
    },
  ];
}

function readPolicy(policy: string, tier: string): { readonly kind: string; readonly namespace?: string; readonly name: string } {
  if (tier === '__PROFILE__' || policy.startsWith('pro:')) return { kind: 'Profile', name: policy.replace(/^(pro:|__PROFILE__\.)/, '') };
  const short = /^([a-z]+):(.*)$/.exec(policy);
  const [kind, rest] = short === null ? ['', policy] : [SHORT_KINDS[short[1] as string] ?? '', short[2] as string];
  const slash = rest.indexOf('/');
  const [namespace, name] = slash < 0 ? [undefined, rest] : [rest.slice(0, slash), rest.slice(slash + 1)];
  const isKubernetes = name.startsWith('knp.default.');
  const plain = isKubernetes ? name.slice('knp.default.'.length) : name.startsWith(`${tier}.`) ? name.slice(tier.length + 1) : name;
  const found =
    kind !== '' ? kind : isKubernetes ? 'NetworkPolicy' : namespace === undefined ? 'GlobalNetworkPolicy' : 'CalicoNetworkPolicy';
  return { kind: found, ...(namespace !== undefined && { namespace }), name: plain };
}

/** What Calico calls an end. `web-7c9f5b6d8-*`: pods of one generateName; a bare pod has its name; a host endpoint its node's. */
export function calicoEnd(type: 'wep' | 'hep' | 'ns' | 'net', namespace: string | undefined, name: string): FlowEnd {
  if (type === 'wep') {
    const ref = `${namespace ?? ''}/${name}`;
    return name.endsWith('*') ? { pods: ref } : { pod: ref };
  }
  return type === 'hep' ? { node: name } : { other: name };
}

export function calicoVerdict(action: unknown): FlowRecord['verdict'] {
  if (action === 1 || action === 'Allow' || action === 'allow') return 'allow';
  return action === 2 || action === 'Deny' || action === 'deny' ? 'deny' : 'unknown';
}
