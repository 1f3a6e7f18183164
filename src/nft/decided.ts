// A packet filter has no "it depends": the profile's open questions must be answered before anything is compiled.
import { CELL_NAMES, type CellName, type CellValue, type Semantics } from '../profile/profile.ts';

type Plain = { readonly [C in CellName]: CellValue<C> };

/**
 * What a plain Linux packet filter behind the Service translation does, where the profile leaves it open: addresses are compared as they
 * stand in the packet, so an ipBlock means pods and nodes like anything else. These are calico-iptables' answers where that profile has one.
 */
const PLAIN_KERNEL: Plain = {
  enforces: 'yes',
  ipBlockMatchesPod: 'yes',
  ipBlockMatchesNode: 'yes',
  ipBlockMatchesServiceAddress: 'no',
  selectorsMatchHostNetwork: 'no',
  policesHostNetworkSubject: 'no',
  localNodeToPod: 'always',
  podToOwnNode: 'always',
  endPort: 'yes',
  sctp: 'yes',
  namedPorts: 'yes',
  namedPortsOfInitContainers: 'no',
  icmpWhenIsolated: 'passes',
  establishedCutOnDeny: 'kept',
  startup: 'none',
  agentDown: 'rules-stay',
  denyResponse: 'drop',
  adminPolicies: 'both',
  ownPolicies: 'none',
  departures: 'none',
  baselineAfterNetworkPolicy: 'direction',
  nodePortSource: 'node',
};

/** Semantics without an `open` cell: the only kind that compiles. */
export interface Decided {
  readonly semantics: Semantics & Plain;
  /** The cells that were open, in the order of the table: an answer that rests on them has to say so. */
  readonly assumed: readonly CellName[];
}

/** `decided(kubernetes)` → ipBlock means pods, and `assumed: ['ipBlockMatchesPod', 'ipBlockMatchesNode', …]`. */
export function decided(semantics: Semantics): Decided {
  const assumed = CELL_NAMES.filter((name) => semantics[name] === 'open');
  const answers = Object.fromEntries(assumed.map((name) => [name, PLAIN_KERNEL[name]]));
  // Each open cell was replaced by an answer to the same question.
  return { semantics: { ...semantics, ...answers } as Decided['semantics'], assumed };
}
