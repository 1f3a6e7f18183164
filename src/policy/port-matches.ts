// Does a rule's port list mean this port? A named port belongs to the pod that listens, also in an egress rule.
import type { ContainerPort } from '../model/cluster.ts';
import type { NamedPortRule, PortRule, RuleRef } from '../model/policy.ts';
import type { Family } from '../net/ip.ts';
import type { PortRange, Protocol } from '../net/port-set.ts';
import type { Semantics } from '../profile/profile.ts';
import type { End } from './end.ts';
import { anyMatch, endName, type Match, notMatch } from './peer-matches.ts';

/** `port` is the destination's port after any Service; `destination` is the end that listens. */
export function portsMatch(semantics: Semantics, ref: RuleRef, destination: End, protocol: Protocol, port: number): Match {
  const { ports } = ref.rule;
  // "If this field is empty or missing, this rule matches all ports": networking/v1 types.go, Ports.
  if (ports === 'every-port') return 'yes';
  return anyMatch(ports.map((rule) => portMatches(semantics, ref, rule, destination, protocol, port)));
}

/**
 * Does the rule mean this ICMP message? `family`: of the connection, undefined where its ends' addresses are not known. NetworkPolicy knows no
 * ICMP: there a rule without ports, which means every protocol, means it, and one with ports does not (semantics A.7). Type 8 asks for a ping
 * in either family: the echo request of ICMPv6 is 128.
 */
export function icmpMatches({ rule }: RuleRef, family: Family | undefined, type: number, code: number): boolean {
  if (rule.icmp === undefined) return rule.ports === 'every-port';
  const isIn = ({ from, to }: PortRange, wanted: number) => from <= wanted && wanted <= to;
  const sent = family === 6 && type === 8 ? 128 : type;
  return rule.icmp.some(
    (match) => (match.family === undefined || match.family === (family ?? 4)) && isIn(match.types, sent) && isIn(match.codes, code),
  );
}

function portMatches(semantics: Semantics, ref: RuleRef, rule: PortRule, destination: End, protocol: Protocol, port: number): Match {
  if (rule.protocol !== protocol) return 'no';
  switch (rule.kind) {
    case 'protocol':
      return 'yes';
    case 'range':
      if (port < rule.from || port > rule.to) return 'no';
      if (rule.exceptNames !== undefined) {
        return notMatch(anyMatch(rule.exceptNames.map((name) => namedPortMatches(semantics, ref, { name }, destination, protocol, port))));
      }
      // A CNI without endPort applies the policy to `port` alone (semantics A.3).
      if (port === rule.from || semantics.endPort === 'yes') return 'yes';
      return semantics.endPort === 'no' ? 'no' : { code: 'profile-differs', cell: 'endPort', rule: ref };
    case 'named':
      return namedPortMatches(semantics, ref, rule, destination, protocol, port);
  }
}

/** Name and protocol must both fit a port that the destination pod declares (semantics A.3). Outside addresses declare none. */
function namedPortMatches(
  semantics: Semantics,
  ref: RuleRef,
  { name, to = 0 }: Pick<NamedPortRule, 'name' | 'to'>,
  destination: End,
  protocol: Protocol,
  port: number,
): Match {
  if (destination.kind !== 'pod') return 'no';
  const meant = destination.pod.ports.filter(
    (declared) => isMeant(declared, name, protocol) && declared.port <= port && port <= Math.max(declared.port, to),
  );
  if (meant.length === 0 || semantics.namedPorts === 'no') return 'no';
  if (semantics.namedPorts === 'open') return { code: 'profile-differs', cell: 'namedPorts', rule: ref };
  if (meant.some((declared) => countsForNames(semantics, declared))) return 'yes';
  // The API does not say whether names of init containers and sidecars count, and implementations differ.
  if (semantics.namedPortsOfInitContainers === 'no') return 'no';
  return { code: 'named-port-in-init-container', port: name, end: endName(destination), rule: ref };
}

/** Does a name surely find a port of this container? Those of `spec.containers` always, others where the CNI is known to look at them. */
export function countsForNames(semantics: Semantics, { role }: ContainerPort): boolean {
  return role === 'main' || semantics.namedPortsOfInitContainers === 'yes';
}

export function isMeant(declared: ContainerPort, name: string, protocol: Protocol): boolean {
  return declared.name === name && declared.protocol === protocol;
}
