// `baseline -o json`: the policies, and what the engine says of them. schemas/baseline.schema.json describes it.
import { placeFor } from '../explain/place.ts';
import type { Semantics } from '../profile/profile.ts';
import type { Baseline } from '../question/baseline.ts';
import { policyObject } from './baseline-objects.ts';
import { OPEN_WORDS } from './baseline-text.ts';
import { portsDocument } from './ports.ts';

/** `kind: Baseline`. */
export function baselineDocument(baseline: Baseline, semantics: Semantics): unknown {
  const { namespaces, policies, declared, withoutDns, besides, open, present, dnsAssumed, dns, silent } = baseline;
  return {
    apiVersion: 'netverdict.dev/v1',
    kind: 'Baseline',
    profile: semantics.name,
    namespaces,
    policies: policies.map(policyObject),
    declared: declared.map(({ from, to, protocol, port, because, outcome }) => ({ from, to, protocol, port, because, outcome })),
    withoutDns,
    besides: besides.map(({ from, to, ports }) => ({ from, to, allowed: portsDocument(ports) })),
    open: open.map(({ who, what, code, origin }) => ({ who, what, code, text: OPEN_WORDS[code], at: placeFor(origin) })),
    present,
    dnsAssumed,
    dns,
    silent,
  };
}
