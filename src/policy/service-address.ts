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
  if (dialled === undefined || dialled.addresses.length === 0 || sees === 'no' || source.kind !== 'pod') return egress;
  if (egress.outcome === 'allowed' && sees === 'yes') {
    const [first] = egress.rules;
    const reaches = egress.rules.some((ref) => admitsDialled(semantics, ref, dialled, protocol));
    return reaches
      ? egress
      : { outcome: 'undecided', because: [{ code: 'profile-differs', cell: 'ipBlockMatchesServiceAddress', rule: first }] };
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

/** Named ports belong to pods, and an address has none. */
function admitsPort(semantics: Semantics, ref: RuleRef, { port, addresses }: DialledService, protocol: Protocol): boolean {
  const [address] = addresses;
  return address !== undefined && portsMatch(semantics, ref, { kind: 'outside', address }, protocol, port) === 'yes';
}
