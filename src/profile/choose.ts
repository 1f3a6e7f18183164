// A name after `--cni` → a choice of one or more profiles → for every cell the common answer, or `open` with who says what.
// Knows how answers are combined. The engine reads the small record of `semanticsOf`; sentences about it are written elsewhere.
import { KNOWN_NAMES, lookUp, type Promises } from './families.ts';
import { nearest } from './nearest.ts';
import type { Overrides } from './overrides.ts';
import { CELL_NAMES, type CellFact, type CellName, type CellValue, type Profile, type Semantics } from './profile.ts';
import { PROFILES } from './profiles.ts';

/** One or more profiles under one name: `calico` with its three data planes. */
export interface ProfileChoice {
  /** The name to show: what was asked for, other spellings made the usual one. */
  readonly name: string;
  /** At least one. */
  readonly members: readonly Profile[];
  /** Are the members versions of one plugin, and not what a platform may run? */
  readonly isOnePlugin: boolean;
  /** Answers that stand whatever the members say; only `kubernetes` has any. */
  readonly promised: Promises;
}

/** No such name: `{ unknown: 'calcio', nearest: ['calico'] }`. */
export interface UnknownProfile {
  readonly unknown: string;
  readonly nearest: readonly string[];
}

/** Profiles that give the same answer: `{ value: 'no', profiles: ['cilium-kpr', 'cilium-kubeproxy'] }`. */
export interface Say<C extends CellName = CellName> {
  readonly value: CellValue<C> | 'unknown' | 'not-applicable';
  readonly profiles: readonly string[];
}

/** The answer of a choice. An answer that nobody established counts as open, unless it was measured on a version of the same plugin. */
export type CellAnswer<C extends CellName = CellName> =
  | { readonly value: CellValue<C> }
  | { readonly value: 'open'; readonly says: readonly Say<C>[] };

/**
 * The choice that a name means: a profile, a family, another spelling of one, or a profile of the user's overrides.
 * `chooseProfile('k8s')` → the choice `kubernetes`; `chooseProfile('calcio')` → `{ unknown: 'calcio', nearest: ['calico'] }`.
 * Overrides replace profiles of the same name wherever they are members. A user's new profiles are no part of `kubernetes`. Never throws.
 */
export function chooseProfile(name: string, overrides?: Overrides): ProfileChoice | UnknownProfile {
  const users = overrides?.profiles ?? [];
  const found = lookUp(name);
  if (found !== undefined) {
    const members = PROFILES.filter((profile) => found.members.includes(profile.name));
    const current = members.map((profile) => users.find((user) => user.name === profile.name) ?? profile);
    return { name: found.name, members: current, isOnePlugin: found.of === 'plugin', promised: found.promised };
  }
  const own = users.find((profile) => profile.name === name.toLowerCase());
  if (own !== undefined) return { name: own.name, members: [own], isOnePlugin: true, promised: {} };
  return { unknown: name, nearest: nearest(name, [...users.map((profile) => profile.name), ...KNOWN_NAMES]) };
}

/** Is it a name that nobody knows? */
export const isUnknown = (chosen: ProfileChoice | UnknownProfile): chosen is UnknownProfile => 'unknown' in chosen;

/**
 * What a choice answers to a question. A version of a plugin for which nobody established it follows a measured sibling.
 * `cell(calico, 'ipBlockMatchesPod')` → `{ value: 'yes' }`;
 * `cell(kubernetes, 'denyResponse')` → `{ value: 'open', says: [{ value: 'drop', profiles: ['antrea', …] }, { value: 'reject', … }] }`.
 */
export function cell<C extends CellName>(choice: ProfileChoice, name: C): CellAnswer<C> {
  const promised: CellValue<C> | undefined = choice.promised[name];
  if (promised !== undefined) return { value: promised };
  const says = whoSays(choice, name);
  const [first, ...others] = says;
  if (first === undefined || !isDecided(first.value)) return { value: 'open', says };
  // The data planes of one plugin share its policy model: what was measured on one stands for a sibling that nobody measured.
  const isForAll = choice.isOnePlugin && choice.members.some((profile) => factOf(profile, name).tag === 'measured');
  const disagreeing = others.filter(({ value }) => !isForAll || value !== 'unknown');
  return disagreeing.length > 0 ? { value: 'open', says } : { value: first.value };
}

/**
 * Which members say what, the answer of most profiles first and `unknown` last; for a message like "antrea, calico say yes; cilium-kpr says no" (shorten with `shortNames`).
 * Asks the members also where the API has promised an answer, so that a profile which breaks the promise can be named.
 */
export function whoSays<C extends CellName>(choice: ProfileChoice, name: C): readonly Say<C>[] {
  const profilesByValue = new Map<Say<C>['value'], string[]>();
  for (const profile of choice.members) {
    const { value } = factOf(profile, name);
    const profiles = profilesByValue.get(value) ?? [];
    profiles.push(profile.name);
    profilesByValue.set(value, profiles);
  }
  const says = [...profilesByValue].map(([value, profiles]) => ({ value, profiles }));
  return says.sort((a, b) => Number(isDecided(b.value)) - Number(isDecided(a.value)) || b.profiles.length - a.profiles.length);
}

/** The whole choice as the evaluators read it. */
export function semanticsOf(choice: ProfileChoice): Semantics {
  const values = CELL_NAMES.map((name) => [name, cell(choice, name).value] as const);
  const switchedOff = choice.members.every((profile) => profile.switchedOff !== undefined) ? choice.members[0]?.switchedOff : undefined;
  const written = CELL_NAMES.filter((name) => choice.members.every((profile) => factOf(profile, name).tag === 'user'));
  // Each value came from the cell of the same name, which is what the type says.
  const besides = { ...(switchedOff !== undefined && { switchedOff }), ...(written.length > 0 && { written }) };
  return { name: choice.name, ...besides, ...Object.fromEntries(values) } as unknown as Semantics;
}

/**
 * What the client of a denied connection sees: `timeout` (the packet vanishes), `refused` (it is answered), `nothing` (nobody denies),
 * `open` (the choice does not settle it).
 */
export function denySymptom(choice: ProfileChoice): 'timeout' | 'refused' | 'nothing' | 'open' {
  if (cell(choice, 'enforces').value === 'no') return 'nothing';
  const { value } = cell(choice, 'denyResponse');
  return value === 'drop' ? 'timeout' : value === 'reject' ? 'refused' : 'open';
}

const factOf = <C extends CellName>(profile: Profile, name: C): CellFact<CellValue<C>> => profile.cells[name];

const isDecided = <V extends string>(value: V | 'unknown' | 'not-applicable'): value is V =>
  value !== 'unknown' && value !== 'not-applicable';
