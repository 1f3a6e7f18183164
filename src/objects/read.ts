// Taking values out of parsed objects without trusting them: own properties only, wrong types read as absent.
// The complaint about a wrong type is made by validate-*.ts; here nothing is reported, so nothing is reported twice.

export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property, or undefined when it is absent or null (`null` means absent in the API). */
export function get(value: unknown, key: string): unknown {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
  return value[key] ?? undefined;
}

/** `dig(pod, 'spec', 'containers')`. */
export function dig(value: unknown, ...keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) found = get(found, key);
  return found;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function integerOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

/** [] for anything that is no list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const NOTHING: ReadonlyMap<string, string> = new Map();

/**
 * A label or annotation map. Values that are no text are left out: the API server would not take the object. `like`: a map that is given
 * back when it says the same, as it does from one pod of a workload to the next.
 */
export function labelsOf(value: unknown, like: ReadonlyMap<string, string> = NOTHING): ReadonlyMap<string, string> {
  if (!isObject(value)) return NOTHING;
  const keys = Object.keys(value);
  if (keys.length === like.size && keys.every((key) => like.get(key) === value[key])) return like;
  const labels = new Map<string, string>();
  for (const key of keys) {
    const text = value[key];
    if (typeof text === 'string') labels.set(key, text);
  }
  return labels;
}
