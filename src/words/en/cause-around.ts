// Causes that no single rule shows: what a policy as a whole does, DNS, cluster-wide tiers, and where the CNI differs from the API.
import type { Cause } from '../../explain/causes.ts';
import { departureSentence } from './departure.ts';
import { type Fact, type Said, said } from './said.ts';
import { settingWords } from './settings.ts';

type Words = (fact: Fact, cause: Cause) => Said;

export const CAUSES_AROUND = {
  'no-dns-egress': (fact) =>
    said(
      `${fact('source')} cannot reach its DNS server ${fact('resolver')}, so names do not resolve and the application waits until the lookup times out`,
      `allow egress to ${fact('resolver')} on ${fact('ports') || 'UDP 53 and TCP 53'}`,
    ),
  'dns-udp-only': () => said('DNS is allowed over UDP but not over TCP, so answers too large for UDP fail', 'add TCP 53 to the DNS rule'),
  'egress-types-without-rules': (fact) =>
    said(
      `${fact('policy')} lists Egress in policyTypes but has no egress rule, so it denies everything its pods send, including DNS`,
      'remove Egress from policyTypes, or add the egress rules',
    ),
  'policy-types-defaulted': (fact) =>
    said(
      `${fact('policy')} has no policyTypes, and by default it isolates ${fact('direction')} although it has no ${fact('direction')} rule`,
      `set policyTypes: [${fact('direction') === 'ingress' ? 'Egress' : 'Ingress'}]`,
    ),
  'isolated-with-no-rules': (fact, { direction }) =>
    said(
      `${fact('policies')} ${isolates(fact)} this pod, and no policy has ${direction === 'egress' ? 'an egress' : 'an ingress'} rule for it`,
    ),
  'no-rule-matches': (fact) => said(`${fact('policies')} ${isolates(fact)} this pod, and no rule matches the peer`),
  'one-side-only': (fact) =>
    said(
      `${fact('allowedBy')} allows the ${fact('allows')} side, but the ${fact('denies')} side is not allowed; both ends have to allow it`,
    ),
  'denied-by-rule': deniedByRule,
  'enforcer-departs': (fact) => departureSentence(fact('departure'), fact('enforced') === 'open', fact('rules')),
  'cni-does-not-enforce': doesNotEnforce,
  'pod-not-policed': (fact) => {
    const isWindows = fact('place') === 'windows';
    return said(
      `${fact('pod')} runs on ${isWindows ? 'a Windows node' : 'Fargate'}, where ${fact('profile')} does not enforce NetworkPolicies, so ${
        fact('passes') === 'true' ? 'the packets pass although policies deny them' : 'only the other end stops them'
      }`,
      isWindows ? 'use the firewall of the node, or security groups' : 'use security groups for pods',
    );
  },
  'windows-lacks': (fact) =>
    said(
      `${fact('pod')} runs on a Windows node, where ${fact('profile')} does not support ${fact('lacks')}; ${fact('rule')} needs that, so it may not allow this there`,
      'for pods on Windows, use port numbers, TCP or UDP, and blocks without exceptions',
    ),
  'families-differ': (fact) =>
    said(
      `over IPv4 it is ${fact('IPv4')}, over IPv6 ${fact('IPv6')}; the client chooses which of the two it tries first`,
      'allow both families or neither; an ipBlock never matches the other family',
    ),
} as const satisfies Readonly<Record<string, Words>>;

function isolates(fact: Fact): string {
  return fact('policies').includes(', ') ? 'isolate' : 'isolates';
}

function deniedByRule(fact: Fact): Said {
  const [tier, shadowed] = [fact('tier'), fact('shadowed')];
  const text = `${fact('kind')} ${fact('rule')} denies it`;
  const at = fact('shadowedAt') === '' ? '' : ` (${fact('shadowedAt')})`;
  const before =
    shadowed === ''
      ? ''
      : `; ${fact('shadowedKind')} ${shadowed}${at} would ${fact('shadowedAction') === 'pass' ? 'pass it on' : 'allow it'} but is evaluated later`;
  if (tier === 'admin')
    return said(
      `${text} before any NetworkPolicy is evaluated${before}. No NetworkPolicy can allow this`,
      'a rule with a better priority has to accept it or pass it on to NetworkPolicies; ask whoever owns the cluster-wide policies',
    );
  if (tier === 'baseline')
    return said(
      `${text}, because no NetworkPolicy selects the pod and the baseline tier decides`,
      'a NetworkPolicy that allows it is evaluated before the baseline tier',
    );
  return said(`${text}${before}`);
}

/** What passes now and would be denied is an open door that looks shut. */
function doesNotEnforce(fact: Fact): Said {
  const denied = fact('deniedBy') === '' ? '' : `; ${fact('deniedBy')} would deny this connection, and it passes now`;
  if (fact('switchedOff') === '')
    return said(`${fact('profile')} does not enforce NetworkPolicies, so all traffic passes whatever they say${denied}`);
  return said(
    `a setting of this cluster stops ${fact('profile')} from enforcing policies (${settingWords(fact('switchedOff'), fact('setTo'))}), so all traffic passes whatever they say${denied}`,
    'before you switch enforcement on, ask again without this setting in the input to see what will happen',
  );
}
