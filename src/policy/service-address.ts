// The address that a client dials before it is translated to a pod. Most CNIs never see it; AWS VPC CNI holds egress rules against it
// (semantics D: the filter sits on the pod's veth, before DNAT), and the API leaves it open.
import type { Cluster } from '../model/cluster.ts';
import type { RuleRef } from '../model/policy.ts';
import { type Labels, matches } from '../model/selector.ts';
import type { Ip } from '../net/ip.ts';
import { ipSetHas } from '../net/ip-set.ts';
import type { Protocol } from '../net/port-set.ts';
import type { Semantics } from '../profile/profile.ts';
import { policiesOn, rulesOf } from './decide.ts';
import type { End } from './end.ts';
import { portsMatch } from './port-matches.ts';
import { type DirectionVerdict, isNonEmpty } from './verdict.ts';

/** `{ addresses: [10.96.0.10], port: 53, selector: k8s-app=kube-dns }`: what is dialled on the way to a pod. */
export interface DialledService {
  readonly addresses: readonly Ip[];
  readonly port: number;
  /** undefined: a Service whose endpoints are managed by hand. */
  readonly selector: Labels | undefined;
  /** True where it surely has an address of its own, also when the input does not say which. */
  readonly hasAddress?: boolean;
}

/**
 * The egress verdict with the dialled address taken into account. `egress` is what holds for the pod behind it.
 * A rule that names the Service's address opens it where the CNI sees that address; where it is open whether it does, the answer is.
 */
export function withDialledAddress(
  cluster: Cluster,
  semantics: Semantics,
  source: End,
  dialled: DialledService | undefined,
  protocol: Protocol,
  egress: DirectionVerdict,
): DirectionVerdict {
  const sees = semantics.ipBlockMatchesServiceAddress;
  if (dialled === undefined || sees === 'no' || source.kind !== 'pod') return egress;
  if (dialled.addresses.length === 0 && dialled.hasAddress !== true) return egress;
  if (egress.outcome === 'allowed' && sees === 'yes') {
    const [first] = egress.rules;
    const isolating = policiesOn(cluster, 'egress', source.pod).filter(({ tier }) => tier === 'namespaced');
    const rules = isolating.flatMap((policy) => rulesOf(policy, 'egress'));
    // Other rules may open the address of the Service although they mean other pods than the one behind it.
    const reaches = [...egress.rules, ...rules].some((ref) => admitsDialled(semantics, ref, dialled, protocol));
    if (reaches || !isNonEmpty(isolating)) return egress;
    const isUnclear =
      isolating.some(({ faults }) => faults.length > 0) ||
      (dialled.addresses.length === 0 && rules.some((ref) => hasBlock(ref) && admitsPort(semantics, ref, dialled, protocol)));
    return isUnclear
      ? { outcome: 'undecided', because: [{ code: 'profile-differs', cell: 'ipBlockMatchesServiceAddress', rule: first }] }
      : { outcome: 'denied', policies: isolating };
  }
  if (egress.outcome !== 'denied') return egress;
  const rules = policiesOn(cluster, 'egress', source.pod)
    .flatMap((policy) => rulesOf(policy, 'egress'))
    .filter((ref) => namesAddress(ref, dialled.addresses) && admitsPort(semantics, ref, dialled, protocol));
  if (!isNonEmpty(rules)) return egress;
  if (sees === 'yes') return { outcome: 'allowed', rules };
  return { outcome: 'undecided', because: [{ code: 'profile-differs', cell: 'ipBlockMatchesServiceAddress', rule: rules[0] }] };
}

/** The controller adds a Service's address to a selector peer when the Service's own selector satisfies it (semantics D.4, AWS). */
function admitsDialled(semantics: Semantics, ref: RuleRef, dialled: DialledService, protocol: Protocol): boolean {
  if (!admitsPort(semantics, ref, dialled, protocol)) return false;
  if (ref.rule.peers === 'anyone' || namesAddress(ref, dialled.addresses)) return true;
  return ref.rule.peers.some(
    (peer) => peer.kind === 'pods' && (peer.pods === undefined || (dialled.selector !== undefined && matches(peer.pods, dialled.selector))),
  );
}

function namesAddress({ rule }: RuleRef, addresses: readonly Ip[]): boolean {
  return (
    rule.peers !== 'anyone' && rule.peers.some((peer) => peer.kind === 'block' && addresses.some((ip) => ipSetHas(peer.addresses, ip)))
  );
}

function hasBlock({ rule }: RuleRef): boolean {
  return rule.peers !== 'anyone' && rule.peers.some(({ kind }) => kind === 'block');
}

/** Named ports belong to pods, and an address has none. */
function admitsPort(semantics: Semantics, ref: RuleRef, { port, addresses }: DialledService, protocol: Protocol): boolean {
  const address = addresses[0] ?? SOME_ADDRESS;
  return portsMatch(semantics, ref, { kind: 'outside', address }, protocol, port) === 'yes';
}

/** Stands for the address of a Service that the input does not give; ports are all that is asked about it. */
const SOME_ADDRESS: Ip = { family: 4, value: 0 };
