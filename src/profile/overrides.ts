// The user's own profiles: a parsed YAML or JSON object → profiles, and what is wrong with it as data. Never throws.
// Knows the shape of that file. Reading and parsing it, and saying the problems in words, is the caller's part.
import { KNOWN_NAMES, KUBERNETES, lookUp } from './families.ts';
import { nearest } from './nearest.ts';
import { CELL_NAMES, CELL_VALUES, type CellFact, type CellFacts, type CellName, type Profile } from './profile.ts';
import { PROFILES } from './profiles.ts';

/** What can be wrong with an override file. `path` leads to the place: `['profiles', 'my-cni', 'cells', 'denyResponse']`. */
export type OverrideProblem = { readonly path: readonly string[] } & (
  | { readonly code: 'not-an-object'; readonly found: string }
  | { readonly code: 'not-a-text'; readonly found: string }
  | { readonly code: 'unknown-key'; readonly key: string; readonly nearest: readonly string[]; readonly allowed: readonly string[] }
  /** A name that is no valid one: lower-case letters, digits, `-` and `.`. */
  | { readonly code: 'bad-name'; readonly name: string }
  /** A new profile under a name that stands for something else, or an existing one that wants to be `like` another. */
  | { readonly code: 'name-taken'; readonly name: string }
  /** No profile of this name, and no `like` to begin a new one from. */
  | { readonly code: 'like-missing'; readonly name: string; readonly nearest: readonly string[] }
  | { readonly code: 'unknown-profile'; readonly name: string; readonly nearest: readonly string[] }
  /** `like: calico` could be any of its members. */
  | { readonly code: 'ambiguous-profile'; readonly name: string; readonly members: readonly string[] }
  | { readonly code: 'unknown-cell'; readonly cell: string; readonly nearest: readonly string[] }
  | { readonly code: 'bad-value'; readonly cell: CellName; readonly found: string; readonly allowed: readonly string[] }
);

/** Profiles that replace those of the same name or stand beside them, in the order of the file. */
export interface Overrides {
  readonly profiles: readonly Profile[];
  readonly problems: readonly OverrideProblem[];
}

const TEXTS = ['title', 'observability', 'notes'] as const;

type Path = readonly string[];
type Report = (problem: OverrideProblem) => void;

/**
 * Read a user's overrides, already parsed from YAML or JSON.
 * `{ profiles: { 'my-cni': { like: 'calico-iptables', cells: { ipBlockMatchesPod: 'no' } } } }` adds a profile,
 * `{ profiles: { 'cilium-kpr': { cells: { ipBlockMatchesNode: 'yes' } } } }` changes one, a family's name changes all its members.
 * `like` means the profile as it comes with the program, whatever else the file changes. `true` and `false` count as yes and no.
 * A value that is not allowed makes its cell unknown, so that verdicts depending on it are undecided, not silently the old ones.
 * `undefined` and `null` (an empty file) → no profiles, no problems.
 */
export function readOverrides(parsed: unknown): Overrides {
  if (parsed === undefined || parsed === null) return { profiles: [], problems: [] };
  const problems: OverrideProblem[] = [];
  const report: Report = (problem) => {
    problems.push(problem);
  };
  const made = new Map<string, Profile>();
  const entries = readObject(readObject(parsed, [], report, ['profiles']).get('profiles'), ['profiles'], report);
  for (const [name, entry] of entries) {
    const path = ['profiles', name];
    const keys = readObject(entry, path, report, ['like', 'cells', ...TEXTS]);
    const cells = readCells(keys.get('cells'), [...path, 'cells'], report);
    checkTexts(keys, path, report);
    for (const start of startingPoints(name, keys.get('like'), path, report)) {
      // A family and one of its members may both be in the file: what comes later is laid over what came before.
      const base = made.get(start.name) ?? start;
      made.set(base.name, { ...base, cells: { ...base.cells, ...cells } });
    }
  }
  return { profiles: [...made.values()], problems };
}

/** The profiles that an entry begins from: an existing one, all of a family, or a copy under a new name. None after a problem. */
function startingPoints(name: string, like: unknown, path: Path, report: Report): readonly Profile[] {
  const refuse = (problem: OverrideProblem): readonly Profile[] => {
    report(problem);
    return [];
  };
  if (!/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(name)) return refuse({ code: 'bad-name', path, name });
  const existing = lookUp(name);
  if (like === undefined) {
    if (existing === undefined) return refuse({ code: 'like-missing', path, name, nearest: nearest(name, KNOWN_NAMES) });
    // What the API promises is nobody's to change; a plugin that breaks a promise is a profile of its own.
    if (existing.name === KUBERNETES) return refuse({ code: 'name-taken', path, name });
    return PROFILES.filter((profile) => existing.members.includes(profile.name));
  }
  if (existing !== undefined) return refuse({ code: 'name-taken', path, name });
  const likePath = [...path, 'like'];
  const model = typeof like === 'string' ? lookUp(like) : undefined;
  if (model === undefined) {
    return refuse({ code: 'unknown-profile', path: likePath, name: shown(like), nearest: nearest(shown(like), KNOWN_NAMES) });
  }
  if (model.members.length > 1) return refuse({ code: 'ambiguous-profile', path: likePath, name: shown(like), members: model.members });
  const copied = PROFILES.filter((profile) => model.members.includes(profile.name));
  return copied.map((profile) => ({ ...profile, name }));
}

function readCells(value: unknown, path: Path, report: Report): Partial<CellFacts> {
  const facts: [CellName, CellFact<string>][] = [];
  for (const [key, given] of readObject(value, path, report)) {
    const cell = CELL_NAMES.find((name) => name === key);
    if (cell === undefined) {
      report({ code: 'unknown-cell', path: [...path, key], cell: key, nearest: nearest(key, CELL_NAMES) });
      continue;
    }
    const allowed: readonly string[] = [...CELL_VALUES[cell], 'unknown'];
    // Many people write `no` without quotes, and older YAML reads it as false.
    const word = given === true ? 'yes' : given === false ? 'no' : given;
    const fits = typeof word === 'string' && allowed.includes(word);
    if (!fits) report({ code: 'bad-value', path: [...path, key], cell, found: shown(given), allowed });
    facts.push([cell, { value: fits ? word : 'unknown', tag: 'user' }]);
  }
  // Each value was held against the list of its own cell just above, which is what the type says.
  return Object.fromEntries(facts) as Partial<CellFacts>;
}

/** Texts that the file keeps for its own readers. */
function checkTexts(keys: ReadonlyMap<string, unknown>, path: Path, report: Report): void {
  for (const key of TEXTS) {
    const value = keys.get(key);
    if (value !== undefined && typeof value !== 'string') report({ code: 'not-a-text', path: [...path, key], found: shown(value) });
  }
}

/** The entries of an object; with `allowed`, only those keys. Absent is an empty object; anything else is a problem and empty. */
function readObject(value: unknown, path: Path, report: Report, allowed?: readonly string[]): ReadonlyMap<string, unknown> {
  if (value === undefined || value === null) return new Map();
  if (typeof value !== 'object' || Array.isArray(value)) {
    report({ code: 'not-an-object', path, found: shown(value) });
    return new Map();
  }
  const entries = Object.entries(value);
  if (allowed === undefined) return new Map(entries);
  for (const [key] of entries.filter(([name]) => !allowed.includes(name))) {
    report({ code: 'unknown-key', path: [...path, key], key, nearest: nearest(key, allowed), allowed });
  }
  return new Map(entries.filter(([key]) => allowed.includes(key)));
}

/** A value as a problem can name it: a short text as it is, larger things by their kind (they may contain themselves). */
function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(value).slice(0, 100);
}
