// Which network plugin is this, and which profile says how it behaves? From the objects of a cluster alone.
// Several answers, or none, are answers too: then the profile is `kubernetes`, which promises only what the API does.

import { isReadLimit } from '../manifest/read-limits.ts';
import { dig, get, textOf } from '../objects/read.ts';
import { DETECT_HINTS, K3S_POLICIES_OFF, type Sign } from '../profile/detect-hints.ts';
import { FAMILIES, KUBERNETES, lookUp } from '../profile/families.ts';
import type { Overrides } from '../profile/overrides.ts';
import { CELL_VALUES, type Profile } from '../profile/profile.ts';
import { PROFILES } from '../profile/profiles.ts';
import type { SettingSeen } from '../profile/setting.ts';
import { ciliumCorrections, ciliumSettingsIn, isCiliumConfig } from '../program/cilium-settings.ts';
import { containersOf, type Evidence, evidenceIn, isSeen, type SeenObject } from './evidence.ts';
import { AGENTS, CILIUM_AGENTS, majorMinor, SETTINGS, settingIn, versionIn, WITHOUT_PROFILE } from './settings.ts';

export interface Detection {
  /** What `--cni auto` means here: `cilium-kpr`; a family (`calico`) when its mode is not known; `none`; else `kubernetes`. */
  readonly profile: string;
  /**
   * `recognised`: one plugin, its mode known. `mode-unknown`: one plugin, several profiles. `several`: more than one engine.
   * `off`: a plugin whose policy engine is switched off. `no-profile`: a plugin that no profile describes. `nothing`: none seen.
   */
  readonly basis: 'recognised' | 'mode-unknown' | 'several' | 'off' | 'no-profile' | 'nothing';
  /** Profiles that the signs speak for, each with what was seen. */
  readonly candidates: readonly { readonly profile: string; readonly signs: readonly Sign[] }[];
  readonly plugins: readonly PluginSeen[];
  /** What the settings say otherwise than the profile. */
  readonly corrections: readonly Correction[];
  /** Profiles with those corrections, for `chooseProfile(detection.profile, detection.overrides)`. */
  readonly overrides: Overrides;
  readonly evidence: Evidence;
}

export interface PluginSeen {
  readonly plugin: string;
  readonly daemonSet: string;
  readonly namespace: string | undefined;
  readonly version: string | undefined;
  /** `{ 'weave-npc': '2.8.1' }`. */
  readonly besides: Readonly<Record<string, string>>;
  /** In the order of the table; `[]` where none is set. */
  readonly settings: readonly SettingSeen[];
}

/** A setting, or a version that is older than the one which brought it: `{ plugin: 'Cilium', version: 'v1.15.3', before: '1.16' }`. */
export type CorrectionReason = SettingSeen | { readonly plugin: string; readonly version: string; readonly before: string };

export interface Correction {
  readonly cell: string;
  readonly to: string;
  readonly because: CorrectionReason;
}

/**
 * `detectProfile(objects)` → `{ profile: 'cilium-kpr', basis: 'recognised', … }`. Objects of any source: a cluster, a snapshot, files.
 * Nothing that tells → `{ profile: 'kubernetes', basis: 'nothing' }`. Never throws.
 */
export function detectProfile(objects: Iterable<SeenObject>): Detection {
  const all = [...objects];
  const evidence = evidenceIn(all);
  const unread = unreadSigns(all, evidence);
  const candidates = candidatesIn(evidence, unread);
  const plugins = pluginsIn(evidence);
  const version = plugins.length === 1 ? plugins[0]?.version : undefined;
  const { profile, basis } = conclude(candidates, evidence, version);
  const corrections = correctionsIn(evidence, plugins)
    .filter(({ of }) => plugins.some(({ daemonSet }) => of.includes(daemonSet)))
    .map(({ of: _, ...correction }) => correction);
  return { profile, basis, candidates, plugins, corrections, overrides: overridesOf(profile, corrections), evidence };
}

/** Where a mode is decided, and whether this input can tell it. */
const MODE_SOURCES: readonly { readonly daemonSet: string; readonly kind: string; readonly name: string; readonly family: string }[] = [
  { daemonSet: 'calico-node', kind: 'FelixConfiguration', name: 'default', family: 'calico' },
  { daemonSet: 'cilium', kind: 'ConfigMap', name: 'cilium-config', family: 'cilium' },
];

/** Families whose mode is not known: the object that holds it was not read, or is not among these files. */
function unreadSigns(objects: readonly SeenObject[], evidence: Evidence): ReadonlySet<string> {
  const limits = objects.filter(isReadLimit).map(({ value }) => textOf(dig(value, 'spec', 'kind')));
  // A reader of a cluster says what it asked for; files may leave out anything.
  const wasAsked = objects.some(({ kind }) => kind === 'APIGroupList');
  return new Set(
    MODE_SOURCES.filter(({ daemonSet, kind, name }) => {
      const present = [...evidence.configMaps, ...(evidence.custom.get(kind) ?? [])].some(
        (object) => object.kind === kind && object.name === name,
      );
      return isSeen({ sign: 'daemon-set', name: daemonSet }, evidence) && !present && (!wasAsked || limits.includes(kind));
    }).map(({ family }) => family),
  );
}

function candidatesIn(evidence: Evidence, unread: ReadonlySet<string>): Detection['candidates'] {
  const found = new Map<string, readonly Sign[]>();
  for (const { profile, seen, unseen = [] } of DETECT_HINTS) {
    if (!seen.every((sign) => isSeen(sign, evidence)) || unseen.some((sign) => isSeen(sign, evidence))) continue;
    found.set(profile, withSigns(found.get(profile), seen));
  }
  // What is missing from the input is no sign: every member of the family is still possible.
  for (const family of FAMILIES.filter(({ name }) => unread.has(name))) {
    const sign: Sign = { sign: 'daemon-set', name: MODE_SOURCES.find((source) => source.family === family.name)?.daemonSet ?? '' };
    for (const member of family.members) found.set(member, withSigns(found.get(member), [sign]));
  }
  return [...found].map(([profile, signs]) => ({ profile, signs })).sort((a, b) => (a.profile < b.profile ? -1 : 1));
}

/** Each sign once, although two hints of a profile may share some. */
function withSigns(signs: readonly Sign[] = [], more: readonly Sign[]): readonly Sign[] {
  return [...new Map([...signs, ...more].map((sign) => [JSON.stringify(sign), sign])).values()];
}

/** A plugin that moves packets, whose policy engine is not running. */
const OFF: readonly { readonly seen: readonly Sign[]; readonly what: string }[] = [
  { seen: [{ sign: 'daemon-set', name: 'aws-node' }], what: 'aws-vpc-cni' },
  { seen: [{ sign: 'kubelet-version', contains: '+k3s' }, K3S_POLICIES_OFF], what: 'k3s' },
];

function conclude(
  candidates: Detection['candidates'],
  evidence: Evidence,
  version: string | undefined,
): Pick<Detection, 'profile' | 'basis'> {
  const names = candidates.map(({ profile }) => profile);
  const [only, second] = names;
  if (only !== undefined && second === undefined) {
    return only === 'kindnet' && isOldKindnet(version) ? { profile: 'none', basis: 'off' } : { profile: only, basis: 'recognised' };
  }
  if (only !== undefined) {
    const family = FAMILIES.find(({ of, members }) => of === 'plugin' && names.every((name) => members.includes(name)));
    return family === undefined ? { profile: KUBERNETES, basis: 'several' } : { profile: family.name, basis: 'mode-unknown' };
  }
  if (OFF.some(({ seen }) => seen.every((sign) => isSeen(sign, evidence)))) return { profile: 'none', basis: 'off' };
  if (evidence.daemonSets.some(({ name }) => Object.hasOwn(WITHOUT_PROFILE, name))) return { profile: KUBERNETES, basis: 'no-profile' };
  return { profile: KUBERNETES, basis: 'nothing' };
}

/**
 * kind before 0.24 enforced nothing. Its images are named by date: v20240513-cd2ac642. kind pull request 3612 was merged in July 2024
 * and released in August; an image from between the two is taken for a new one.
 */
function isOldKindnet(version: string | undefined): boolean {
  const date = /^v(20\d{6})/.exec(version ?? '')?.[1];
  return date !== undefined && date < '20240701';
}

function pluginsIn(evidence: Evidence): readonly PluginSeen[] {
  const known = AGENTS.flatMap(({ daemonSet, container, plugin, besides = [] }): PluginSeen[] => {
    const found = evidence.daemonSets.find(({ name }) => name === daemonSet);
    if (found === undefined) return [];
    const versionOf = (wanted: string): string | undefined =>
      containersOf(evidence, daemonSet)
        .filter((each) => get(each, 'name') === wanted)
        .map((each) => versionIn(textOf(get(each, 'image')) ?? ''))[0];
    return [
      {
        plugin,
        daemonSet,
        namespace: found.namespace,
        version: versionOf(container),
        besides: Object.fromEntries(besides.flatMap((name) => (versionOf(name) === undefined ? [] : [[name, versionOf(name) ?? '']]))),
        settings: SETTINGS.filter(({ of }) => of.includes(daemonSet)).flatMap((setting) => {
          const value = settingIn(evidence, setting);
          return value === undefined ? [] : [{ setting: setting.setting, value }];
        }),
      },
    ];
  });
  const unknown = evidence.daemonSets.flatMap(({ name, namespace }): PluginSeen[] => {
    const plugin = Object.hasOwn(WITHOUT_PROFILE, name) ? WITHOUT_PROFILE[name] : undefined;
    return plugin === undefined ? [] : [{ plugin, daemonSet: name, namespace, version: undefined, besides: {}, settings: [] }];
  });
  return [...known, ...unknown];
}

/** A correction, and the DaemonSets of the plugins whose setting it is. */
type PluginCorrection = Correction & { readonly of: readonly string[] };

function correctionsIn(evidence: Evidence, plugins: readonly PluginSeen[]): readonly PluginCorrection[] {
  const bySetting = SETTINGS.flatMap((setting): PluginCorrection[] => {
    const { corrects, of } = setting;
    if (corrects === undefined) return [];
    return settingIn(evidence, setting) === corrects.value
      ? [{ cell: corrects.cell, to: corrects.to, because: { setting: setting.setting, value: corrects.value }, of }]
      : [];
  });
  const config = evidence.configMaps.find(isCiliumConfig);
  const ofCilium = ciliumCorrections(ciliumSettingsIn(get(config?.value, 'data'))).map((each) => ({ ...each, of: CILIUM_AGENTS }));
  const all: readonly PluginCorrection[] = [...bySetting, ...ofCilium];
  // Reference table: "endPort: yes since 1.16 [M]; earlier documented as missing (issue 16622)".
  const cilium = plugins.find(({ daemonSet }) => daemonSet === 'cilium');
  const [major, minor] = majorMinor(cilium?.version) ?? [];
  const isBefore = (wanted: number) => major === 1 && minor !== undefined && minor < wanted;
  const because = (wanted: number): CorrectionReason => ({ plugin: 'Cilium', version: cilium?.version ?? '', before: `1.${wanted}` });
  return [
    ...all,
    ...(isBefore(16) ? [{ cell: 'endPort', to: 'no', because: because(16), of: ['cilium'] }] : []),
    // Reference: "ClusterNetworkPolicy v1alpha2 since 1.20".
    ...(isBefore(20) && !all.some(({ cell }) => cell === 'adminPolicies')
      ? [{ cell: 'adminPolicies', to: 'none', because: because(20), of: ['cilium'] }]
      : []),
  ];
}

/**
 * The profiles of a name that a person chose, as the settings among these objects make them: `--cni cilium` beside a ConfigMap
 * cilium-config with `policy-audit-mode: "true"`. No profiles where nothing of that plugin is set otherwise. Never throws.
 */
export function configuredProfiles(name: string, objects: Iterable<SeenObject>): Overrides {
  const evidence = evidenceIn(objects);
  const corrections = correctionsIn(evidence, pluginsIn(evidence));
  const members = lookUp(name)?.members ?? [];
  const own = members.flatMap((member) => {
    const agents = new Set(
      DETECT_HINTS.filter(({ profile }) => profile === member).flatMap(({ seen }) =>
        seen.flatMap((sign) => (sign.sign === 'daemon-set' ? [sign.name] : [])),
      ),
    );
    return overridesOf(
      member,
      corrections.filter(({ of }) => of.some((daemonSet) => agents.has(daemonSet))),
    ).profiles;
  });
  // What the API promises holds whatever one of the plugins is set to.
  return { profiles: name === KUBERNETES ? [] : own, problems: [] };
}

function overridesOf(name: string, corrections: readonly Correction[]): Overrides {
  const members = FAMILIES.find((family) => family.name === name && family.of === 'plugin')?.members ?? [name];
  const profiles = corrections.length === 0 ? [] : PROFILES.filter((profile) => members.includes(profile.name));
  return { profiles: profiles.map((profile) => corrected(profile, corrections)), problems: [] };
}

function corrected(profile: Profile, corrections: readonly Correction[]): Profile {
  const cells: Record<string, unknown> = { ...profile.cells };
  for (const { cell, to } of corrections) {
    if (!(Object.hasOwn(CELL_VALUES, cell) && (CELL_VALUES as Readonly<Record<string, readonly string[]>>)[cell]?.includes(to))) continue;
    cells[cell] = { value: to, tag: 'sourced' };
  }
  const off = corrections.find(({ cell, to }) => cell === 'enforces' && to === 'no')?.because;
  return { ...profile, cells: cells as unknown as Profile['cells'], ...(off !== undefined && 'setting' in off && { switchedOff: off }) };
}
