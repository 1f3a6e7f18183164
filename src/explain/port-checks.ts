// The ports of a rule held against the port of a connection.
import { type Pod, portOrigin } from '../model/cluster.ts';
import type { Origin } from '../model/origin.ts';
import type { PortRule, RuleRef } from '../model/policy.ts';
import type { Protocol } from '../net/port-set.ts';
import type { Connection } from '../policy/end.ts';
import { countsForNames, icmpMatches, isMeant } from '../policy/port-matches.ts';
import type { Semantics } from '../profile/profile.ts';
import { printPortRule, printPortRules } from '../program/terms.ts';
import type { Check, Difference } from './difference.ts';

/** undefined: the rule admits every port, so there is nothing to hold against the connection. */
export function portCheck(semantics: Semantics, ref: RuleRef, connection: Connection): Check | undefined {
  const { ports } = ref.rule;
  if (connection.protocol === 'ICMP') return icmpCheck(ref, connection);
  if (ports === 'every-port') return undefined;
  const tried = ports.map((rule) => portDifference(semantics, rule, connection));
  const fits = tried.includes(undefined);
  const wanted = wantedBy(ref);
  const has = `${connection.port}/${connection.protocol}`;
  const at = ports[0]?.origin ?? ref.rule.origin;
  return { part: 'port', wants: wanted.join(', '), wantsAt: at, differences: fits ? [] : [nearestPort(tried, wanted, has, at)] };
}

/** `['80/TCP', 'ICMPv4 type 8']`: what the rule admits of ports and messages. */
function wantedBy({ rule: { ports, icmp = [] } }: RuleRef): readonly string[] {
  const range = ({ from, to }: { readonly from: number; readonly to: number }) => (from === to ? `${from}` : `${from}-${to}`);
  const messages = icmp.map(({ family, types }) => {
    const name = family === undefined ? 'ICMP' : `ICMPv${family}`;
    return types.from === 0 && types.to === 255 ? name : `${name} type ${range(types)}`;
  });
  return [...(ports === 'every-port' ? [] : printPortRules(ports)), ...new Set(messages)];
}

function icmpCheck(ref: RuleRef, { port, family }: Connection): Check | undefined {
  if (ref.rule.ports === 'every-port' && ref.rule.icmp === undefined) return undefined;
  const wanted = wantedBy(ref);
  const at = ref.rule.ports === 'every-port' ? ref.rule.origin : (ref.rule.ports[0]?.origin ?? ref.rule.origin);
  const fits = icmpMatches(ref, family, port, 0);
  const has = `ICMP type ${port}`;
  const differs: Difference = { code: 'icmp-not-meant', wanted, has, wantedAt: at };
  return { part: 'port', wants: wanted.join(', '), wantsAt: at, differences: fits ? [] : [differs] };
}

/** The most telling of the ways in which the ports of a rule miss: a name first, then a protocol, then the number. */
function nearestPort(tried: readonly (Difference | undefined)[], wanted: readonly string[], has: string, wantedAt: Origin): Difference {
  const codes = ['end-port-ignored', 'protocol-differs', 'named-port-missing', 'named-port-is-other'];
  const telling = codes.map((code) => tried.find((difference) => difference?.code === code)).find((difference) => difference !== undefined);
  return telling ?? { code: 'port-differs', wanted, has, wantedAt };
}

/** undefined: this entry admits the port. */
function portDifference(semantics: Semantics, rule: PortRule, { destination, protocol, port }: Connection): Difference | undefined {
  const has = `${port}/${protocol}`;
  const differs: Difference = { code: 'port-differs', wanted: [printPortRule(rule)], has, wantedAt: rule.origin };
  switch (rule.kind) {
    case 'protocol':
      return rule.protocol === protocol
        ? undefined
        : { code: 'protocol-differs', wanted: rule.protocol, has: protocol, wantedAt: rule.origin };
    case 'range': {
      if (port < rule.from || port > rule.to) return differs;
      if (rule.protocol !== protocol) return { code: 'protocol-differs', wanted: rule.protocol, has: protocol, wantedAt: rule.origin };
      return port === rule.from || semantics.endPort === 'yes'
        ? undefined
        : { code: 'end-port-ignored', wanted: printPortRule(rule), has, wantedAt: rule.origin };
    }
    case 'named': {
      if (destination.kind !== 'pod') return { ...missingName(rule.name, rule.protocol, undefined, rule.origin) };
      const meant = destination.pod.ports.filter(
        (declared) =>
          isMeant(declared, rule.name, rule.protocol) &&
          (semantics.namedPortsOfInitContainers !== 'no' || countsForNames(semantics, declared)),
      );
      if (meant.length === 0) return missingName(rule.name, rule.protocol, destination.pod, rule.origin);
      if (rule.protocol !== protocol) return differs;
      if (meant.some((declared) => declared.port === port)) return undefined;
      return { code: 'named-port-is-other', name: rule.name, number: meant[0]?.port ?? 0, has, wantedAt: rule.origin };
    }
  }
}

function missingName(name: string, protocol: Protocol, pod: Pod | undefined, wantedAt: Origin): Difference {
  const other = pod?.ports.find((declared) => declared.name === name && declared.protocol !== protocol);
  const init = pod?.ports.find((declared) => isMeant(declared, name, protocol));
  const found = init ?? other;
  return {
    code: 'named-port-missing',
    name,
    protocol,
    otherProtocol: other?.protocol,
    initContainer: init?.container,
    declared: (pod?.ports ?? []).map((declared) => `${declared.name ?? declared.port}/${declared.protocol}`),
    wantedAt,
    hasAt: pod && (found === undefined ? pod.origin : portOrigin(pod, found)),
  };
}
