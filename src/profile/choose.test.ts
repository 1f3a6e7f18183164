import { describe, expect, it } from 'vitest';
import { cell, chooseProfile, denySymptom, isUnknown, type ProfileChoice, semanticsOf, whoSays } from './choose.ts';
import { KNOWN_NAMES } from './families.ts';
import { readOverrides } from './overrides.ts';
import { CELL_NAMES, type CellName } from './profile.ts';
import { PROFILES } from './profiles.ts';

function choice(name: string, overrides?: unknown): ProfileChoice {
  const chosen = chooseProfile(name, readOverrides(overrides));
  if (isUnknown(chosen)) throw new Error(`nobody is called ${name}`);
  return chosen;
}

describe('a choice', () => {
  it.each(KNOWN_NAMES.map((name) => [name]))('can be made by the name %s', (name) => {
    expect(choice(name).members.length).toBeGreaterThan(0);
  });

  it('of a name that nobody knows offers the nearest', () => {
    expect(chooseProfile('calcio')).toEqual({ unknown: 'calcio', nearest: ['calico'] });
    expect(chooseProfile('frontend')).toEqual({ unknown: 'frontend', nearest: [] });
  });

  it('of a name that nobody knows offers also what the user added', () => {
    const overrides = readOverrides({ profiles: { 'shop-cni': { like: 'antrea' } } });
    expect(chooseProfile('shop-cnl', overrides)).toEqual({ unknown: 'shop-cnl', nearest: ['shop-cni'] });
  });
});

describe('an answer', () => {
  it.each<[string, CellName, string]>([
    ['calico', 'ipBlockMatchesPod', 'yes'],
    ['cilium', 'ipBlockMatchesPod', 'no'],
    ['k3s', 'denyResponse', 'reject'],
    ['eks', 'ipBlockMatchesServiceAddress', 'yes'],
    ['flannel', 'enforces', 'no'],
  ])('that all profiles of %s share is theirs: %s is %s', (name, asked, value) => {
    expect(cell(choice(name), asked)).toEqual({ value });
  });

  it('that differs among the members is open and names who says what', () => {
    expect(cell(choice('gke'), 'ipBlockMatchesPod')).toEqual({
      value: 'open',
      says: [
        { value: 'yes', profiles: ['calico-iptables'] },
        { value: 'no', profiles: ['gke-dataplane-v2'] },
      ],
    });
  });

  it('that nobody established is open, even when everyone agrees on that', () => {
    expect(cell(choice('weave'), 'sctp')).toEqual({ value: 'open', says: [{ value: 'unknown', profiles: ['weave'] }] });
  });

  it('that only some members have is open', () => {
    expect(cell(choice('azure'), 'icmpWhenIsolated')).toEqual({
      value: 'open',
      says: [
        { value: 'dropped', profiles: ['azure-cilium'] },
        { value: 'unknown', profiles: ['azure-npm'] },
      ],
    });
  });

  it('of a plugin that enforces nothing is open for all that follows from enforcing', () => {
    expect(cell(choice('flannel'), 'denyResponse')).toEqual({ value: 'open', says: [{ value: 'not-applicable', profiles: ['flannel'] }] });
  });
});

describe('what was measured on one version of a plugin', () => {
  const answered = (name: string, cellName: 'agentDown') => cell(choice(name), cellName).value;

  it('stands for a sibling that nobody measured', () => {
    // agentDown of calico-ebpf is unknown, of its siblings measured.
    expect(answered('calico-ebpf', 'agentDown')).toBe('open');
    expect(answered('calico', 'agentDown')).toBe('rules-stay');
  });

  it('does not stand for another plugin, nor for what a platform may run', () => {
    expect(answered('rke2', 'agentDown')).toBe('rules-stay');
    expect(answered('aks', 'agentDown')).toBe('open');
  });
});

describe('kubernetes', () => {
  it('promises what the API promises and leaves open what profiles do differently', () => {
    expect(semanticsOf(choice('kubernetes'))).toEqual({
      name: 'kubernetes',
      enforces: 'yes',
      ipBlockMatchesPod: 'open',
      ipBlockMatchesNode: 'open',
      ipBlockMatchesServiceAddress: 'open',
      selectorsMatchHostNetwork: 'no',
      policesHostNetworkSubject: 'no',
      localNodeToPod: 'always',
      podToOwnNode: 'open',
      endPort: 'yes',
      sctp: 'yes',
      namedPorts: 'yes',
      namedPortsOfInitContainers: 'open',
      icmpWhenIsolated: 'open',
      establishedCutOnDeny: 'open',
      startup: 'open',
      agentDown: 'open',
      denyResponse: 'open',
      adminPolicies: 'both',
      ownPolicies: 'open',
      departures: 'open',
      baselineAfterNetworkPolicy: 'direction',
      nodePortSource: 'open',
    });
  });

  it('promises an endPort although one profile has none, and can name it', () => {
    expect(cell(choice('kubernetes'), 'endPort')).toEqual({ value: 'yes' });
    expect(whoSays(choice('kubernetes'), 'endPort').find(({ value }) => value === 'no')).toEqual({ value: 'no', profiles: ['weave'] });
  });

  it('promises nothing on host-network pods that a known profile contradicts', () => {
    for (const asked of ['selectorsMatchHostNetwork', 'policesHostNetworkSubject'] as const) {
      expect(whoSays(choice('kubernetes'), asked).map(({ value }) => value)).toEqual(['no']);
    }
  });

  it('names every enforcing profile once under every question', () => {
    for (const asked of CELL_NAMES) {
      const named = whoSays(choice('kubernetes'), asked).flatMap(({ profiles }) => profiles);
      expect(named).toHaveLength(PROFILES.length - 1);
      expect(new Set(named).size).toBe(named.length);
    }
  });

  it('names those who know before those who do not', () => {
    expect(whoSays(choice('kubernetes'), 'podToOwnNode').map(({ value }) => value)).toEqual(['policed', 'unknown']);
  });
});

describe('the client of a denied connection', () => {
  it.each([
    ['calico', 'timeout'],
    ['k3s', 'refused'],
    ['kubernetes', 'open'],
    ['flannel', 'nothing'],
  ])('sees, on %s: %s', (name, symptom) => {
    expect(denySymptom(choice(name))).toBe(symptom);
  });
});

describe('a choice with overrides', () => {
  const overrides = { profiles: { 'cilium-kpr': { cells: { ipBlockMatchesNode: 'yes' } }, 'shop-cni': { like: 'k3s' } } };

  it('has the new answer where the profile is chosen', () => {
    expect(cell(choice('cilium-kpr'), 'ipBlockMatchesNode')).toEqual({ value: 'no' });
    expect(cell(choice('cilium-kpr', overrides), 'ipBlockMatchesNode')).toEqual({ value: 'yes' });
  });

  it('has it where the profile is a member', () => {
    expect(cell(choice('cilium', overrides), 'ipBlockMatchesNode')).toMatchObject({ value: 'open' });
  });

  it('can be of a profile that the user added', () => {
    expect(semanticsOf(choice('shop-cni', overrides))).toMatchObject({ name: 'shop-cni', enforces: 'yes', denyResponse: 'reject' });
  });

  it('keeps a profile of the user out of kubernetes', () => {
    expect(choice('kubernetes', overrides).members).toHaveLength(choice('kubernetes').members.length);
  });
});
