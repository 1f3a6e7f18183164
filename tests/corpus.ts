// Cases that once failed, kept for ever: tests/corpus/<suite>/<name>.json, written by a random test when it fails and replayed by it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./corpus', import.meta.url));

/** Every case of a suite, sorted by name: `[{ name: 'seed-1234', value: { plan, questions } }]`; [] when there is none. */
export function kept<T>(suite: string): readonly { readonly name: string; readonly value: T }[] {
  const path = join(folder, suite);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name: name.slice(0, -'.json'.length), value: JSON.parse(readFileSync(join(path, name), 'utf8')) as T }));
}

/** Saves a shrunk counterexample under its seed. Give it a name that says what it shows when you commit it with the fix. */
export function keep(suite: string, value: unknown, seed: number): void {
  mkdirSync(join(folder, suite), { recursive: true });
  writeFileSync(join(folder, suite, `seed-${seed}.json`), `${JSON.stringify(value, null, 2)}\n`);
}
