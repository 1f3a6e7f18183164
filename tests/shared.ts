// Where the data lies that is not part of this repository: a corpus of cases, real applications, benchmark inputs.
// It is looked for beside the repository (../shared) or where NETVERDICT_SHARED points; without it those tests skip, and say so.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = resolve(root, process.env.NETVERDICT_SHARED ?? '../shared');

export const hasShared: boolean = existsSync(shared);

/** `sharedPath('realworld', 'online-boutique')` → the absolute path; says nothing about whether it exists. */
export function sharedPath(...parts: readonly string[]): string {
  return resolve(shared, ...parts);
}

/**
 * A `describe` whose tests read the shared data; skipped, with the reason in its title, where there is none. Its body is not even
 * collected then, because bodies list the cases they find there.
 */
export function describeWithShared(title: string, body: () => void): void {
  const missing = hasShared ? undefined : `no shared data at ${shared}; set NETVERDICT_SHARED`;
  describeUnless(missing, title, missing === undefined ? body : () => test.skip('what the shared data holds'));
}

/** A `describe` for tests that need something: `missing` is undefined when all is there, else what is not: `'nft is not installed'`. */
export function describeUnless(missing: string | undefined, title: string, body: () => void): void {
  if (missing === undefined) describe(title, body);
  else describe.skip(`${title} (skipped: ${missing})`, body);
}
