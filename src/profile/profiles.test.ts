import { describe, expect, it } from 'vitest';
import { CELL_NAMES, CELL_VALUES, type CellName } from './profile.ts';
import { PROFILES } from './profiles.ts';

describe('the profiles', () => {
  it('are sorted, and no name stands for two', () => {
    const names = PROFILES.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    expect(names.length).toBeGreaterThan(10);
  });

  it('answer every question with one of its answers', () => {
    for (const { name, cells } of PROFILES) {
      expect(Object.keys(cells).sort(), name).toEqual([...CELL_NAMES].sort());
      for (const cell of CELL_NAMES) {
        expect([...CELL_VALUES[cell], 'unknown', 'not-applicable'], `${name} ${cell}`).toContain(cells[cell].value);
      }
    }
  });

  // The points on which users and tools decide most, said once more in another form than the data has.
  it.each<[CellName, string, readonly string[]]>([
    ['enforces', 'no', ['flannel']],
    ['denyResponse', 'reject', ['kube-router']],
    ['ipBlockMatchesPod', 'no', ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy', 'gke-dataplane-v2']],
    ['ipBlockMatchesNode', 'no', ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy', 'gke-dataplane-v2']],
    [
      'podToOwnNode',
      'policed',
      [
        'azure-cilium',
        'calico-iptables',
        'calico-nftables',
        'canal',
        'cilium-kpr',
        'cilium-kubeproxy',
        'gke-dataplane-v2',
        'kindnet',
        'kube-network-policies',
        'kube-router',
      ],
    ],
    ['namedPortsOfInitContainers', 'yes', ['calico-ebpf', 'calico-iptables', 'calico-nftables', 'canal']],
    [
      'namedPortsOfInitContainers',
      'no',
      ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy', 'gke-dataplane-v2', 'kindnet', 'kube-network-policies', 'kube-router'],
    ],
    ['baselineAfterNetworkPolicy', 'any', ['kindnet', 'kube-network-policies']],
    ['baselineAfterNetworkPolicy', 'neither', ['cilium-kpr', 'cilium-kubeproxy']],
    ['departures', 'kube-router', ['kube-router']],
    ['agentDown', 'pods-open', ['kindnet', 'kube-network-policies']],
    ['agentDown', 'rules-stay', ['calico-iptables', 'calico-nftables', 'canal', 'kube-router']],
    ['ipBlockMatchesServiceAddress', 'yes', ['aws-vpc-cni-standard', 'aws-vpc-cni-strict']],
    [
      'establishedCutOnDeny',
      'cut',
      ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy', 'gke-dataplane-v2', 'kindnet', 'kube-network-policies', 'ovn-kubernetes'],
    ],
    ['icmpWhenIsolated', 'passes', ['kube-router']],
    ['startup', 'closed-window', ['aws-vpc-cni-strict', 'calico-ebpf', 'calico-iptables', 'calico-nftables', 'canal']],
    ['startup', 'open-window', ['aws-vpc-cni-standard', 'azure-npm', 'kindnet', 'kube-network-policies', 'kube-router']],
    ['endPort', 'no', ['weave']],
    ['selectorsMatchHostNetwork', 'yes', []],
    ['policesHostNetworkSubject', 'yes', []],
    ['localNodeToPod', 'policed', []],
    ['localNodeToPod', 'unless-denied', ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy', 'gke-dataplane-v2']],
    ['ownPolicies', 'cilium', ['azure-cilium', 'cilium-kpr', 'cilium-kubeproxy']],
    ['ownPolicies', 'calico', ['calico-ebpf', 'calico-iptables', 'calico-nftables', 'canal']],
    ['adminPolicies', 'cnp', ['cilium-kpr', 'cilium-kubeproxy']],
    ['nodePortSource', 'client', ['calico-ebpf']],
  ])('whose answer to %s is %s are exactly %j', (cell, value, names) => {
    expect(PROFILES.filter(({ cells }) => cells[cell].value === value).map(({ name }) => name)).toEqual(names);
  });
});
