// Which CNI profile holds: the one that was named, with what the objects say of its settings, or the one that the objects tell.
import { Failure } from '../failure.ts';
import type { KubeObject } from '../manifest/objects.ts';
import { chooseProfile, isUnknown, type ProfileChoice } from '../profile/choose.ts';
import { FAMILIES, KUBERNETES } from '../profile/families.ts';
import { type Overrides, readOverrides } from '../profile/overrides.ts';
import { PROFILES } from '../profile/profiles.ts';
import { notYaml, SEE_PROFILES, unknownProfile, unreadable } from '../words/en/input-failures.ts';
import { overrideSentence } from '../words/en/override.ts';
import type { FilesPort } from './ports.ts';
import { saidFailure } from './said-failure.ts';

export interface ProfileWish {
  /** `cilium`, `k3s`; `auto`: what the objects tell. Without one: `kubernetes` of files, and what the objects tell of a cluster. */
  readonly cni?: string | undefined;
  /** A file of the user's own profiles, or of cells that they know better. */
  readonly profiles?: string | undefined;
}

/** The profile of that name, whatever the objects say. Failures: `unknown-profile`, `profiles-unreadable`, `profiles-invalid`. */
export async function namedProfile(files: FilesPort, { cni = KUBERNETES, profiles }: ProfileWish): Promise<ProfileChoice> {
  const chosen = chooseProfile(cni, profiles === undefined ? undefined : await overridesIn(files, profiles));
  if (!isUnknown(chosen)) return chosen;
  const all = [...FAMILIES, ...PROFILES].map(({ name }) => name).sort();
  throw saidFailure('unknown-profile', unknownProfile(chosen.unknown, chosen.nearest, all));
}

/**
 * The profile for these objects: the named one as their settings make it, and for `auto` the one that they tell. Without a name it is
 * `kubernetes` for files, which may leave out anything, and as `auto` for a cluster.
 */
export async function profileFor(
  files: FilesPort,
  { objects, context }: { readonly objects: readonly KubeObject[]; readonly context: unknown },
  wish: ProfileWish,
): Promise<ProfileChoice> {
  if (wish.cni === undefined && context === undefined) return namedProfile(files, wish);
  if (wish.cni === undefined || wish.cni === 'auto') return detected(files, objects, wish);
  return asConfigured(files, await namedProfile(files, wish), objects, wish);
}

/** The profile that was named, with what the objects say of its settings; cells that the user wrote stay. */
async function asConfigured(
  files: FilesPort,
  choice: ProfileChoice,
  objects: readonly KubeObject[],
  { profiles: file }: ProfileWish,
): Promise<ProfileChoice> {
  const { configuredProfiles } = await import('../cni/detect.ts');
  const seen = configuredProfiles(choice.name, objects);
  if (seen.profiles.length === 0) return choice;
  const found = chooseProfile(choice.name, ownFirst(file === undefined ? NONE : await overridesIn(files, file), seen));
  return isUnknown(found) ? choice : found;
}

/** What `auto` means for these objects. Without a sign of any CNI it is `kubernetes`, which guesses nothing. */
async function detected(files: FilesPort, objects: readonly KubeObject[], { profiles: file }: ProfileWish): Promise<ProfileChoice> {
  const { detectProfile } = await import('../cni/detect.ts');
  const { profile, overrides } = detectProfile(objects);
  const chosen = chooseProfile(profile, ownFirst(file === undefined ? NONE : await overridesIn(files, file), overrides));
  return isUnknown(chosen) ? namedProfile(files, { cni: KUBERNETES, profiles: file }) : chosen;
}

const NONE: Overrides = { profiles: [], problems: [] };

/** A cell that the user wrote counts before what the objects say of it; the other cells of the same profile are as the objects say. */
function ownFirst(own: Overrides, seen: Overrides): Overrides {
  const both = own.profiles.map((profile) => {
    const told = seen.profiles.find(({ name }) => name === profile.name);
    if (told === undefined) return profile;
    const written = Object.entries(profile.cells).filter(([, { tag }]) => tag === 'user');
    return { ...told, ...profile, cells: { ...told.cells, ...Object.fromEntries(written) } };
  });
  const others = seen.profiles.filter(({ name }) => !own.profiles.some((profile) => profile.name === name));
  return { profiles: [...both, ...others], problems: [] };
}

async function overridesIn(files: FilesPort, path: string): Promise<Overrides> {
  const read = await files.one(path);
  if (read.kind !== 'text')
    throw saidFailure('profiles-unreadable', unreadable('profiles', path), read.kind === 'unreadable' ? read.cause : undefined);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(read.text);
  const [fault] = document.errors;
  if (fault !== undefined) {
    const { line = 0, col = 0 } = fault.linePos?.[0] ?? {};
    throw saidFailure('profiles-invalid', notYaml(`${path}:${line}:${col}`, fault.message.split(/ at line |\n/)[0] ?? ''));
  }
  const overrides = readOverrides(document.toJS({ maxAliasCount: 100 }));
  const [first] = overrides.problems;
  if (first === undefined) return overrides;
  const { text, hint } = overrideSentence(first);
  throw new Failure('profiles-invalid', `${path}: ${text}`, { hint: hint ?? SEE_PROFILES });
}
