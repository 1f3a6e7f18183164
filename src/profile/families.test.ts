import { describe, expect, it } from 'vitest';
import { FAMILIES, KNOWN_NAMES, KUBERNETES, lookUp, SPELLINGS, shortNames } from './families.ts';
import { PROFILES } from './profiles.ts';

const PROFILE_NAMES = PROFILES.map(({ name }) => name);

describe('families', () => {
  it('are sorted, and their members are profiles', () => {
    expect(FAMILIES.map(({ name }) => name)).toEqual(FAMILIES.map(({ name }) => name).sort());
    for (const { name, members } of FAMILIES) {
      expect(members.length, name).toBeGreaterThan(0);
      expect(PROFILE_NAMES, name).toEqual(expect.arrayContaining([...members]));
    }
  });

  it('share no name with one another, with a profile or with a spelling', () => {
    expect(KNOWN_NAMES.length).toBeGreaterThan(50);
    expect(new Set(KNOWN_NAMES).size).toBe(KNOWN_NAMES.length);
  });

  it('have spellings that lead to profiles', () => {
    expect(PROFILE_NAMES).toEqual(expect.arrayContaining(Object.values(SPELLINGS)));
  });

  it('ask every plugin that enforces, and no other, for what Kubernetes leaves open', () => {
    const members = lookUp(KUBERNETES)?.members ?? [];
    expect(members).toHaveLength(PROFILES.length - 1);
    expect(members).not.toContain('flannel');
  });
});

describe('a name is looked up', () => {
  it.each([
    ['calico', 'calico', ['calico-ebpf', 'calico-iptables', 'calico-nftables']],
    ['cilium', 'cilium', ['cilium-kpr', 'cilium-kubeproxy']],
    ['eks', 'aws-vpc-cni', ['aws-vpc-cni-standard', 'aws-vpc-cni-strict']],
    ['aws-vpc-cni', 'aws-vpc-cni', ['aws-vpc-cni-standard', 'aws-vpc-cni-strict']],
    ['azure', 'azure', ['azure-cilium', 'azure-npm']],
    ['aks', 'aks', ['azure-cilium', 'azure-npm', 'calico-iptables']],
    ['gke', 'gke', ['calico-iptables', 'gke-dataplane-v2']],
    ['k3s', 'k3s', ['kube-router']],
    ['kind', 'kind', ['kindnet']],
    ['openshift', 'openshift', ['ovn-kubernetes']],
    ['none', 'none', ['flannel']],
    ['knp', 'kube-network-policies', ['kube-network-policies']],
    ['weave-net', 'weave', ['weave']],
    ['Calico-eBPF', 'calico-ebpf', ['calico-ebpf']],
  ])('%s is %s: %j', (typed, name, members) => {
    expect(lookUp(typed)).toMatchObject({ name, members });
  });

  it.each(KNOWN_NAMES.map((name) => [name]))('%s is known', (name) => {
    expect(lookUp(name)).toBeDefined();
  });

  it.each(['', 'frontend', '__proto__', 'constructor', 'toString'])('%j is nobody', (name) => {
    expect(lookUp(name)).toBeUndefined();
  });
});

describe('a list of profiles said shortly', () => {
  it('puts the plugin for all of its versions', () => {
    expect(shortNames(['antrea', 'calico-ebpf', 'calico-iptables', 'calico-nftables', 'weave'])).toEqual(['antrea', 'calico', 'weave']);
  });

  it('keeps an incomplete family as it is', () => {
    expect(shortNames(['calico-ebpf', 'calico-iptables'])).toEqual(['calico-ebpf', 'calico-iptables']);
  });

  it('never puts a platform, however complete', () => {
    expect(shortNames(['azure-cilium', 'azure-npm', 'kube-router'])).toEqual(['azure-cilium', 'azure-npm', 'kube-router']);
  });

  it('of nobody is nobody', () => {
    expect(shortNames([])).toEqual([]);
  });
});
