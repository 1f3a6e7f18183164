// The Amazon VPC CNI with its network policy agent. Its egress program sees a packet before the Service address is translated.
// The profiles hold for clusters where enforcement was switched on; `enforces: no` in an override file says that it was not.
import { type CellFacts, fromMemory, notEstablished, type Profile, sourced } from '../profile.ts';

const AWS_VPC_CNI: CellFacts = {
  enforces: sourced('yes'),
  ipBlockMatchesPod: sourced('yes'),
  ipBlockMatchesNode: fromMemory('yes'),
  ipBlockMatchesServiceAddress: sourced('yes'),
  selectorsMatchHostNetwork: fromMemory('no'),
  policesHostNetworkSubject: fromMemory('no'),
  localNodeToPod: fromMemory('always'),
  podToOwnNode: notEstablished,
  endPort: sourced('yes'),
  sctp: sourced('yes'),
  namedPorts: sourced('yes'),
  namedPortsOfInitContainers: notEstablished,
  icmpWhenIsolated: sourced('dropped'),
  establishedCutOnDeny: sourced('kept'),
  startup: sourced('open-window'),
  agentDown: notEstablished,
  denyResponse: sourced('drop'),
  adminPolicies: sourced('none'),
  ownPolicies: fromMemory('none'),
  departures: notEstablished,
  nodePortSource: sourced('node'),
  baselineAfterNetworkPolicy: notEstablished,
};

export const awsVpcCniStandard: Profile = {
  name: 'aws-vpc-cni-standard',
  cells: AWS_VPC_CNI,
};

export const awsVpcCniStrict: Profile = {
  name: 'aws-vpc-cni-strict',
  cells: {
    ...AWS_VPC_CNI,
    startup: sourced('closed-window'),
  },
};
