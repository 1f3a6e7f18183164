// The texts of the evidence, held against the values that the engine decides by and against the reference table.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasShared, sharedPath } from '../../../../tests/shared.ts';
import { CELL_NAMES, type CellName } from '../../../profile/profile.ts';
import { PROFILES } from '../../../profile/profiles.ts';
import { wordsOfProfile } from './index.ts';

/**
 * The column of the reference table that answers each question. Departures are told of in the notes, the source behind a node port in the
 * text (semantics A.4).
 */
const COLUMN_OF: { readonly [C in CellName]: string | undefined } = {
  enforces: 'enforcesNP',
  ipBlockMatchesPod: 'ipBlockMatchesPodIP',
  ipBlockMatchesNode: 'hostNetworkSource',
  ipBlockMatchesServiceAddress: 'ipBlockMatchesClusterIP',
  selectorsMatchHostNetwork: 'hostNetworkSource',
  policesHostNetworkSubject: 'hostNetworkTarget',
  localNodeToPod: 'nodeToPod',
  podToOwnNode: 'podToOwnNode',
  endPort: 'endPort',
  sctp: 'sctp',
  namedPorts: 'namedPorts',
  namedPortsOfInitContainers: 'namedPortsOfInitContainers',
  icmpWhenIsolated: 'icmpWhenIsolated',
  establishedCutOnDeny: 'establishedCutOnDeny',
  startup: 'startupRace',
  agentDown: 'agentDown',
  denyResponse: 'denyResponse',
  adminPolicies: 'anpCnp',
  ownPolicies: undefined,
  departures: undefined,
  nodePortSource: undefined,
  baselineAfterNetworkPolicy: 'baselineAfterNetworkPolicy',
};

/** Where a newer reference (policy-kinds-cilium.md) says more than the table. */
const OF_CILIUM: readonly CellName[] = ['localNodeToPod', 'namedPortsOfInitContainers'];
const NEWER: ReadonlyMap<string, readonly CellName[]> = new Map([
  ['azure-cilium', OF_CILIUM],
  ['cilium-kpr', [...OF_CILIUM, 'adminPolicies']],
  ['cilium-kubeproxy', [...OF_CILIUM, 'adminPolicies']],
  ['gke-dataplane-v2', OF_CILIUM],
]);

const YES_NO = { yes: /^(yes|Linux yes)\b/i, no: /^no\b/i };

/** How a text must read for a value to be drawn from it. */
const TEXT_OF: { readonly [C in CellName]: { readonly [value: string]: RegExp } } = {
  nodePortSource: { node: /^node\b/, client: /^client\b/, unknown: /^unknown\b/ },
  enforces: YES_NO,
  ipBlockMatchesPod: YES_NO,
  ipBlockMatchesNode: { yes: /node IP/, no: /AND ipBlock do not match/, unknown: /^not matched by ordinary selectors; special/ },
  ipBlockMatchesServiceAddress: YES_NO,
  selectorsMatchHostNetwork: { no: /node IP|podSelector\/namespaceSelector AND ipBlock do not match|not matched by ordinary selectors/ },
  policesHostNetworkSubject: YES_NO,
  localNodeToPod: {
    'unless-denied': /below deny rules/,
    always: /local node.*(allowed|always|accepted)|cannot be blocked/,
  },
  podToOwnNode: { policed: /^policed\b/, unknown: /^unknown$/ },
  endPort: YES_NO,
  sctp: { ...YES_NO, unknown: /^(unknown|beta: )/ },
  namedPorts: { ...YES_NO, yes: /^(yes|Linux yes|resolved by controller per pod)\b/ },
  namedPortsOfInitContainers: { ...YES_NO, unknown: /^unknown$/ },
  icmpWhenIsolated: { dropped: /^dropped/, passes: /^ping WORKS/, unknown: /^unknown$/ },
  establishedCutOnDeny: { cut: /^yes\b/i, kept: /^(mostly )?no\b/ },
  startup: {
    'open-window': /default-ALLOW|pods open meanwhile|temporary open window|fail-open/,
    'closed-window': /traffic blocked until|as calico-iptables|default-DENY/,
    none: /before CNI ADD returns/,
    unknown: /^unknown$/,
  },
  agentDown: { 'rules-stay': /^rules stay\b/, 'pods-open': /^open\b/, unknown: /^unknown$/ },
  denyResponse: { drop: /^DROP/, reject: /^REJECT/ },
  adminPolicies: {
    none: /^(upstream )?no\b/,
    cnp: /^ClusterNetworkPolicy v1alpha2/,
    anp: /^ANP\/BANP(?!.*CNP)/,
    both: /ANP.*CNP/,
    // Which of the flavours kindnet carries is not said.
    unknown: /^separate flavours/,
  },
  ownPolicies: {
    cilium: /^CiliumNetworkPolicy and/,
    calico: /projectcalico/,
    none: /^(reads neither|no$|.* has kinds of its own)/,
    unknown: /^CiliumNetworkPolicy is not supported/,
  },
  departures: { none: /^none\b/, 'kube-router': /^DEPARTS\b/, unknown: /^unknown$/ },
  baselineAfterNetworkPolicy: { direction: /^direction\b/, any: /^any\b/, neither: /^neither\b/, unknown: /^unknown$/ },
};

describe('the words of a profile', () => {
  it.each(PROFILES.map((profile) => [profile.name, profile] as const))(
    '%s decides nothing that its evidence does not say',
    (name, { cells }) => {
      const words = wordsOfProfile(name).evidence;
      for (const cell of CELL_NAMES) {
        const { value, tag } = cells[cell];
        const evidence = words[cell];
        const pattern = value === 'not-applicable' ? /^n\/a\b/ : TEXT_OF[cell][value];
        expect(pattern, `${cell} may not be ${value}`).toBeDefined();
        expect(evidence, `${cell} is ${value}`).toMatch(pattern ?? /^$/);
        if (tag === 'measured') expect(evidence, cell).toMatch(/\bR: /);
        if (tag === 'sourced') expect(evidence, cell).toMatch(/\[[^\]]*\bS\b/);
        if (tag === 'memory') expect(evidence, cell).toMatch(/\bM\]|\[M\b/);
        if (value === 'unknown') expect(tag, cell).toBe('unknown');
      }
    },
  );

  it('are there for built-in profiles only', () => {
    expect(wordsOfProfile('kindnet').title).toBe('kindnet (kind)');
    expect(() => wordsOfProfile('toString')).toThrow('toString');
  });
});

describe.skipIf(!hasShared)('the words beside the reference table', () => {
  const table = (): { readonly [profile: string]: { readonly [column: string]: string } } =>
    parse(readFileSync(sharedPath('reference', 'cni-profiles.yaml'), 'utf8')).profiles;

  it('are the same profiles', () => {
    expect(PROFILES.map(({ name }) => name)).toEqual(Object.keys(table()).sort());
  });

  it('use every column', () => {
    const columns = new Set(Object.values(table()).flatMap(Object.keys));
    expect([...columns].sort()).toEqual([...new Set([...Object.values(COLUMN_OF), 'observability', 'notes'])].filter(Boolean).sort());
  });

  it.each(PROFILES.map(({ name }) => name))('%s keeps every text of the table as it is', (name) => {
    const { evidence, observability, notes } = wordsOfProfile(name);
    const row = table()[name] ?? {};
    for (const cell of CELL_NAMES) {
      const column = COLUMN_OF[cell];
      if (column === undefined || NEWER.get(name)?.includes(cell) === true) continue;
      expect(evidence[cell], cell).toBe(row[column]);
    }
    expect(observability).toBe(row.observability);
    expect(notes).toBe(row.notes);
  });
});
