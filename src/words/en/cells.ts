// What the cells of a CNI profile ask.
import type { CellName } from '../../profile/profile.ts';

/** What a cell of a profile asks, for people: `endPort` → `is endPort honoured?`. An unknown cell comes back as it is. */
export function cellQuestion(cell: string): string {
  return Object.hasOwn(QUESTIONS, cell) ? QUESTIONS[cell as CellName] : cell;
}

const QUESTIONS: Readonly<Record<CellName, string>> = {
  enforces: 'are NetworkPolicies enforced at all?',
  ipBlockMatchesPod: 'does an ipBlock that covers a pod’s address match that pod?',
  ipBlockMatchesNode: 'does an ipBlock that covers a node’s address match that node and its host-network pods?',
  ipBlockMatchesServiceAddress: 'is egress checked against the address of the Service, before it is translated to that of a pod?',
  selectorsMatchHostNetwork: 'can the selectors of a peer match a host-network pod?',
  policesHostNetworkSubject: 'does a policy that selects a host-network pod really isolate it?',
  localNodeToPod: 'can a node always reach its own pods (probes, port-forward)?',
  podToOwnNode: 'can a pod always reach its own node?',
  endPort: 'is endPort honoured?',
  sctp: 'are rules for SCTP enforced?',
  namedPorts: 'are port names looked up in the destination pod?',
  namedPortsOfInitContainers: 'does a port name find the ports of sidecars and init containers?',
  icmpWhenIsolated: 'does ping pass to and from an isolated pod?',
  establishedCutOnDeny: 'is an open connection cut when a policy starts to deny it?',
  startup: 'what can a new pod reach before its policies are in place?',
  agentDown: 'what happens to a node’s pods when its agent dies?',
  denyResponse: 'is a denied packet dropped silently, or rejected?',
  ownPolicies: 'which vendor’s own policy kinds are enforced, Cilium’s or Calico’s?',
  adminPolicies: 'which cluster-wide policies of the network-policy API are supported?',
  departures: 'are some policies enforced differently from what the API says?',
  nodePortSource: 'does a pod behind a node port see the client or a node?',
  baselineAfterNetworkPolicy: 'what keeps a pod out of the Baseline tier?',
};
